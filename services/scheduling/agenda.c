/* SPDX-License-Identifier: EUPL-1.2 */
/* A team case finds its place: the meeting's row is locked, and the database refuses an overlap. */
#include <string.h>

#include "common/db.h"
#include "common/uuid.h"
#include "services/scheduling/queries.h"
#include "services/scheduling/scheduling.h"

enum {
    WEEKS_AT_ONCE = 8,
    MOST_EXTENSIONS = 100, /* 15 years: then something else is wrong */
};

/* A joint case goes to H&O's meeting until joint agendas exist. */
static const char *team_code(const char *department)
{
    return strcmp(department, "il") == 0 ? "il-mestringsteam" : "ho-vurderingsteam";
}

struct team team_at(const struct result *r, int row)
{
    return (struct team){
        .id = result_text(r, row, "id"),
        .municipality = result_text(r, row, "municipality"),
        .code = result_text(r, row, "code"),
        .weekday = (int)result_integer(r, row, "weekday"),
        .hour = (int)result_integer(r, row, "hour"),
        .minute = (int)result_integer(r, row, "minute"),
        .slots = (int)result_integer(r, row, "slots"),
        .slot_minutes = (int)result_integer(r, row, "slot_minutes"),
    };
}

static enum problem extend(struct scope *s, const struct team *team)
{
    struct result r;
    TRY(DB_RUN(s, &sql_meeting_last, &r, param_text(team->id)));
    int64_t last = result_time(&r, 0, "starts_at");
    struct date from = date_add_days(oslo_date(last > s->now ? last : s->now), 1);
    return meetings_make(s, team, from, date_add_days(from, WEEKS_AT_ONCE * 7));
}

static enum problem meeting_with_room(struct scope *s, const struct team *team,
                                      struct result *meeting)
{
    for (int i = 0; i < MOST_EXTENSIONS; i++) {
        TRY(DB_RUN(s, &sql_meeting_with_room, meeting, param_text(team->id),
                   param_time(s, agenda_opens(s->now))));
        if (meeting->count == 1)
            return OK;
        TRY(extend(s, team));
    }
    return scope_fail(s, PROBLEM_BUG, "no meeting of %s has room", team->code);
}

static enum problem free_slot(struct scope *s, const struct result *meeting, int64_t *out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_slots_taken, &r, param_text(result_text(meeting, 0, "id"))));
    int64_t *taken = arena_array(s->arena, (size_t)r.count, sizeof(*taken));
    for (int i = 0; i < r.count; i++)
        taken[i] = result_time(&r, i, "starts_at");
    *out = slot_choose(result_time(meeting, 0, "starts_at"),
                       (int)result_integer(meeting, 0, "slots"),
                       (int)result_integer(meeting, 0, "slot_minutes"), taken, (size_t)r.count);
    /* Filled between our look and our lock: look again from the start. */
    return *out ? OK : scope_fail(s, PROBLEM_STALE, "the meeting was filled first");
}

enum problem agenda_plan(struct scope *s, const struct case_row *row, const char *department,
                         int64_t cause_seq, int64_t preliminary_due)
{
    struct result found, meeting;
    int64_t starts;
    TRY(DB_RUN(s, &sql_team_find, &found, param_text(row->municipality),
               param_text(team_code(department))));
    if (found.count == 0)
        return scope_fail(s, PROBLEM_NOT_FOUND, "the municipality has no team %s",
                          team_code(department));
    struct team team = team_at(&found, 0);
    TRY(meeting_with_room(s, &team, &meeting));
    TRY(free_slot(s, &meeting, &starts));
    int64_t minutes = result_integer(&meeting, 0, "slot_minutes");
    const char *id = uuid_v7(s->arena, s->now), *meeting_id = result_text(&meeting, 0, "id");
    bool late = agenda_is_late(starts, preliminary_due);
    TRY(DB_RUN(s, &sql_agenda_add, NULL, param_text(id), param_text(row->municipality),
               param_text(meeting_id), param_text(team.id), param_text(row->id),
               param_integer(s, cause_seq), param_time(s, starts),
               param_time(s, starts + minutes * 60 * SECOND_US), param_flag(late)));
    return event_append(s, row->id, &agenda_planned,
                        &(struct agenda_planned){ .item_id = id,
                                                  .meeting_id = meeting_id,
                                                  .team = team.code,
                                                  .starts_at = instant_rfc3339(s->arena, starts),
                                                  .minutes = minutes,
                                                  .late = late },
                        NULL);
}
