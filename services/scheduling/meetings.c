/* SPDX-License-Identifier: EUPL-1.2 */
/* Meetings stand eight weeks ahead: weekly, never on a holiday. */
#include "common/base/uuid.h"
#include "common/db/run.h"
#include "common/db/transact.h"
#include "common/program/program.h"
#include "services/scheduling/queries.h"
#include "services/scheduling/scheduling.h"

enum { DAYS_AHEAD = 56 };

/* Meetings side by side: those of all teams are one statement. */
struct meeting_rows {
    struct array ids, municipalities, teams, starts, slots, slot_minutes;
};

static struct meeting_rows rows_new(struct scope *s)
{
    return (struct meeting_rows){
        .ids = array_new(s, ARRAY_OF_UUID, 0), .municipalities = array_new(s, ARRAY_OF_TEXT, 0),
        .teams = array_new(s, ARRAY_OF_UUID, 0), .starts = array_new(s, ARRAY_OF_TIMES, 0),
        .slots = array_new(s, ARRAY_OF_INTEGERS, 0), .slot_minutes = array_new(s, ARRAY_OF_INTEGERS, 0),
    };
}

static void plan(struct scope *s, struct meeting_rows *rows, const struct team *team,
                 struct date from, struct date to)
{
    for (struct date d = from; date_compare(d, to) < 0; d = date_add_days(d, 1)) {
        if (date_weekday(d) != team->weekday || date_is_holiday(d))
            continue;
        array_add_uuid(&rows->ids, uuid_v7(s->arena, s->now));
        array_add_text(&rows->municipalities, team->municipality);
        array_add_uuid(&rows->teams, team->id);
        array_add_time(&rows->starts, oslo_instant(d, team->hour, team->minute));
        array_add_integer(&rows->slots, team->slots);
        array_add_integer(&rows->slot_minutes, team->slot_minutes);
    }
}

static enum problem add(struct scope *s, struct meeting_rows *rows)
{
    return DB_RUN(s, &sql_meetings_add, NULL, param_array(&rows->ids),
                  param_array(&rows->municipalities), param_array(&rows->teams),
                  param_array(&rows->starts), param_array(&rows->slots),
                  param_array(&rows->slot_minutes));
}

enum problem meetings_make(struct scope *s, const struct team *team, struct date from,
                           struct date to)
{
    struct meeting_rows rows = rows_new(s);
    plan(s, &rows, team, from, to);
    return add(s, &rows);
}

static enum problem make_all(struct scope *s, void *context)
{
    (void)context;
    struct result r;
    struct date today = oslo_date(s->now);
    struct meeting_rows rows = rows_new(s);
    TRY(DB_RUN(s, &sql_meetings_drop, NULL, param_time(s, s->now)));
    TRY(db_run(s, &sql_teams_all, &r, NULL, 0));
    for (int i = 0; i < r.count; i++) {
        struct team team = team_at(&r, i);
        plan(s, &rows, &team, today, date_add_days(today, DAYS_AHEAD + 1));
    }
    return add(s, &rows);
}

enum problem meetings_tick(struct program *program, struct scope *s)
{
    return program_transact(program, s, make_all, NULL);
}
