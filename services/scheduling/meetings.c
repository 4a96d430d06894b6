/* SPDX-License-Identifier: EUPL-1.2 */
/* Meetings stand eight weeks ahead: weekly, never on a holiday. */
#include "common/base/uuid.h"
#include "common/db/row.h"
#include "common/db/transact.h"
#include "common/program/program.h"
#include "services/scheduling/queries.h"
#include "services/scheduling/scheduling.h"

enum { WEEKS_AHEAD = 8 };

struct meeting {
    const char *id, *municipality, *team_id;
    struct instant starts_at;
    int64_t slots, slot_minutes;
};
static const struct field meeting_fields[] = {
    FIELD(struct meeting, id, .format = FORMAT_UUID), FIELD(struct meeting, municipality),
    FIELD(struct meeting, team_id, .format = FORMAT_UUID), FIELD(struct meeting, starts_at),
    FIELD(struct meeting, slots), FIELD(struct meeting, slot_minutes), { 0 },
};
static const struct record meeting_record = RECORD("meeting", struct meeting, meeting_fields);

/* Adds a team's meetings on days from <= d < to; out has room for one a week, and one more. */
static size_t plan(struct scope *s, const struct team *team, struct date from, struct date to,
                   struct meeting *out)
{
    size_t count = 0;
    for (struct date d = from; date_compare(d, to) < 0; d = date_add_days(d, 1))
        if (date_weekday(d) == team->weekday && !date_is_holiday(d))
            out[count++] = (struct meeting){ uuid_v7(s->arena, s->now), team->municipality, team->id,
                                             { oslo_instant(d, (int)team->hour, (int)team->minute) },
                                             team->slots, team->slot_minutes };
    return count;
}

enum problem meetings_make(struct scope *s, const struct team *team, struct date from)
{
    struct meeting meetings[WEEKS_AHEAD + 1];
    struct list list = { meetings, plan(s, team, from, date_add_days(from, WEEKS_AHEAD * 7), meetings) };
    return DB_RUN_RECORDS(s, &sql_meetings_add, NULL, &meeting_record, list);
}

/* Those of all teams are one statement. */
static enum problem make_all(struct scope *s, void *context)
{
    (void)context;
    struct result r;
    struct list teams;
    struct date today = oslo_date(s->now);
    TRY(DB_RUN(s, &sql_meetings_drop, NULL, param_time(s, s->now)));
    TRY(db_run(s, &sql_teams_all, &r, NULL, 0));
    TRY(records_from_result(s, &team_record, &r, &teams));
    struct meeting *meetings = arena_array(s->arena, teams.count * (WEEKS_AHEAD + 1), sizeof(*meetings));
    struct list list = { .items = meetings };
    for (size_t i = 0; i < teams.count; i++)
        list.count += plan(s, (const struct team *)teams.items + i, today,
                           date_add_days(today, WEEKS_AHEAD * 7 + 1), meetings + list.count);
    return DB_RUN_RECORDS(s, &sql_meetings_add, NULL, &meeting_record, list);
}

enum problem meetings_tick(struct program *program, struct scope *s)
{
    return program_transact(program, s, make_all, NULL);
}
