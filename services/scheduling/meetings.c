/* SPDX-License-Identifier: EUPL-1.2 */
/* Meetings stand eight weeks ahead: weekly, never on a holiday. */
#include "common/db.h"
#include "common/uuid.h"
#include "services/scheduling/queries.h"
#include "services/scheduling/scheduling.h"

enum { DAYS_AHEAD = 56 };

enum problem meetings_make(struct scope *s, const struct team *team, struct date from,
                           struct date to)
{
    for (struct date d = from; date_compare(d, to) < 0; d = date_add_days(d, 1)) {
        if (date_weekday(d) != team->weekday || date_is_holiday(d))
            continue;
        int64_t starts = oslo_instant(d, team->hour, team->minute);
        int64_t ends = starts + (int64_t)team->slots * team->slot_minutes * 60 * SECOND_US;
        TRY(DB_RUN(s, &sql_meeting_add, NULL, param_text(uuid_v7(s->arena, s->now)),
                   param_text(team->municipality), param_text(team->id), param_time(s, starts),
                   param_time(s, ends), param_integer(s, team->slots),
                   param_integer(s, team->slot_minutes)));
    }
    return OK;
}

static enum problem make_all(struct scope *s, void *context)
{
    (void)context;
    struct result r;
    struct date today = oslo_date(s->now);
    TRY(db_run(s, &sql_teams_all, &r, NULL, 0));
    for (int i = 0; i < r.count; i++) {
        struct team team = team_at(&r, i);
        TRY(meetings_make(s, &team, today, date_add_days(today, DAYS_AHEAD + 1)));
    }
    return OK;
}

enum problem meetings_tick(struct program *program, struct scope *s)
{
    return program_transact(program, s, make_all, NULL);
}

static enum problem expire(struct scope *s, void *context)
{
    (void)context;
    return DB_RUN(s, &sql_keys_expire, NULL, param_time(s, s->now - 30 * DAY_US));
}

/* An Idempotency-Key is kept 30 days. */
enum problem keys_tick(struct program *program, struct scope *s)
{
    return program_transact(program, s, expire, NULL);
}
