/* SPDX-License-Identifier: EUPL-1.2 */
/* Team cases find their places: a meeting's row is locked while it is filled, and the database refuses
 * an overlap. Teams in the order of their ids, a team's meetings in the order of time. */
#include <string.h>

#include "common/base/uuid.h"
#include "common/case/case.h"
#include "common/db/run.h"
#include "common/event/event.h"
#include "common/time/instant.h"
#include "services/scheduling/queries.h"
#include "services/scheduling/scheduling.h"

enum {
    WEEKS_AT_ONCE = 8,
    MOST_EXTENSIONS = 100, /* 15 years: then something else is wrong */
    MOST_SLOTS = 100,      /* of a meeting; the database allows no more */
};

/* A joint case goes to H&O's meeting until joint agendas exist. */
static const char *team_department(const char *department)
{
    return strcmp(department, "il") == 0 ? "il" : "ho";
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

/* A meeting that is being filled, its row locked; the new items are kept until it is full. */
struct filling {
    struct team team;
    const char *meeting_id; /* NULL: none yet */
    int64_t starts_at;
    int slots, slot_minutes;
    int64_t taken[2 * MOST_SLOTS]; /* those found, and those given now */
    size_t taken_count;
    struct array ids, cases, causes, starts, late;
};

static enum problem flush(struct scope *s, struct filling *f)
{
    if (!f->meeting_id || f->ids.count == 0)
        return OK;
    TRY(DB_RUN(s, &sql_agenda_add, NULL, param_text(f->team.municipality),
               param_text(f->meeting_id), param_text(f->team.id),
               param_integer(s, f->slot_minutes), param_array(&f->ids), param_array(&f->cases),
               param_array(&f->causes), param_array(&f->starts), param_array(&f->late)));
    f->meeting_id = NULL;
    return OK;
}

static enum problem next_meeting(struct scope *s, struct filling *f)
{
    struct result meeting, taken;
    TRY(flush(s, f));
    TRY(meeting_with_room(s, &f->team, &meeting));
    *f = (struct filling){ .team = f->team,
                           .meeting_id = result_text(&meeting, 0, "id"),
                           .starts_at = result_time(&meeting, 0, "starts_at"),
                           .slots = (int)result_integer(&meeting, 0, "slots"),
                           .slot_minutes = (int)result_integer(&meeting, 0, "slot_minutes"),
                           .ids = array_new(s, ARRAY_OF_UUID, 0),
                           .cases = array_new(s, ARRAY_OF_UUID, 0),
                           .causes = array_new(s, ARRAY_OF_INTEGERS, 0),
                           .starts = array_new(s, ARRAY_OF_TIMES, 0),
                           .late = array_new(s, ARRAY_OF_FLAGS, 0) };
    TRY(DB_RUN(s, &sql_slots_taken, &taken, param_text(f->meeting_id)));
    for (int i = 0; i < taken.count && i < MOST_SLOTS; i++)
        f->taken[f->taken_count++] = result_time(&taken, i, "starts_at");
    /* Filled between our look and our lock: look again from the start. */
    return slot_choose(f->starts_at, f->slots, f->slot_minutes, f->taken, f->taken_count)
               ? OK
               : scope_fail(s, PROBLEM_STALE, "the meeting was filled first");
}

static enum problem place(struct scope *s, struct filling *f, const struct placing *placing,
                          struct agenda_planned *said)
{
    int64_t starts = f->meeting_id ? slot_choose(f->starts_at, f->slots, f->slot_minutes, f->taken,
                                                 f->taken_count)
                                   : 0;
    if (!starts) {
        TRY(next_meeting(s, f));
        starts = slot_choose(f->starts_at, f->slots, f->slot_minutes, f->taken, f->taken_count);
    }
    *said = (struct agenda_planned){ .item_id = uuid_v7(s->arena, s->now),
                                     .meeting_id = f->meeting_id,
                                     .team = f->team.code,
                                     .starts_at = instant_rfc3339(s->arena, starts),
                                     .minutes = f->slot_minutes,
                                     .late = agenda_is_late(starts, placing->preliminary_due) };
    f->taken[f->taken_count++] = starts;
    array_add_uuid(&f->ids, said->item_id);
    array_add_uuid(&f->cases, placing->row->id);
    array_add_integer(&f->causes, placing->cause->case_seq);
    array_add_time(&f->starts, starts);
    array_add_flag(&f->late, said->late);
    return OK;
}

static enum problem find_teams(struct scope *s, const struct placing *placings, size_t count,
                               struct result *out)
{
    struct array municipalities = array_new(s, ARRAY_OF_TEXT, 0);
    struct array departments = array_new(s, ARRAY_OF_TEXT, 0);
    for (size_t i = 0; i < count; i++) {
        array_add_text(&municipalities, placings[i].row->municipality);
        array_add_text(&departments, team_department(placings[i].department));
    }
    TRY(DB_RUN(s, &sql_teams_find, out, param_array(&municipalities), param_array(&departments)));
    if ((size_t)out->count != count)
        return scope_fail(s, PROBLEM_NOT_FOUND, "the municipality has no team");
    return OK;
}

enum problem agenda_plan(struct scope *s, const struct placing *placings, size_t count)
{
    struct result teams;
    struct filling filling = { 0 };
    struct agenda_planned *said = arena_array(s->arena, count, sizeof(*said));
    struct saying *sayings = arena_array(s->arena, count, sizeof(*sayings));
    if (count == 0)
        return OK;
    TRY(find_teams(s, placings, count, &teams));
    for (size_t i = 0; i < count; i++) {
        const struct placing *placing = &placings[result_integer(&teams, (int)i, "place") - 1];
        struct team team = team_at(&teams, (int)i);
        if (i == 0 || strcmp(filling.team.id, team.id) != 0) {
            TRY(flush(s, &filling));
            filling = (struct filling){ .team = team };
        }
        TRY(place(s, &filling, placing, &said[i]));
        sayings[i] = (struct saying){ placing->row->id, &said[i], placing->cause->traceparent };
    }
    TRY(flush(s, &filling));
    return events_append(s, &agenda_planned, sayings, count);
}
