/* SPDX-License-Identifier: EUPL-1.2 */
/* Team cases find their places: a meeting's row is locked while it is filled, and the database refuses
 * an overlap. Teams in the order of their ids, a team's meetings in the order of time. */
#include <string.h>

#include "common/base/uuid.h"
#include "common/case/case.h"
#include "common/db/row.h"
#include "common/event/event.h"
#include "services/scheduling/queries.h"
#include "services/scheduling/scheduling.h"

enum {
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
    return meetings_make(s, team, from);
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

/* What is put on a meeting's agenda. */
struct agenda_row {
    const char *id, *case_id;
    int64_t cause_seq;
    struct instant starts_at;
    bool late;
};
static const struct field agenda_fields[] = {
    FIELD(struct agenda_row, id, .format = FORMAT_UUID), FIELD(struct agenda_row, case_id, .format = FORMAT_UUID),
    FIELD(struct agenda_row, cause_seq), FIELD(struct agenda_row, starts_at), FIELD(struct agenda_row, late), { 0 },
};
static const struct record agenda_record = RECORD("agenda_row", struct agenda_row, agenda_fields);

/* A meeting that is being filled, its row locked; the new items are kept until it is full. */
struct filling {
    struct team team;
    const char *meeting_id; /* NULL: none yet */
    struct instant starts_at;
    int64_t slots, slot_minutes;
    int64_t taken[2 * MOST_SLOTS]; /* those found, and those given now */
    size_t taken_count;
    struct agenda_row rows[MOST_SLOTS];
    size_t count;
};
static const struct field filling_fields[] = {
    FIELD(struct filling, meeting_id, .format = FORMAT_UUID), FIELD(struct filling, starts_at),
    FIELD(struct filling, slots), FIELD(struct filling, slot_minutes), { 0 },
};
static const struct record filling_record = RECORD("meeting", struct filling, filling_fields);

static enum problem flush(struct scope *s, struct filling *f)
{
    if (!f->meeting_id || f->count == 0)
        return OK;
    TRY(DB_RUN_RECORDS(s, &sql_agenda_add, NULL, &agenda_record, ((struct list){ f->rows, f->count }),
                       param_text(f->team.municipality), param_text(f->meeting_id), param_text(f->team.id),
                       param_integer(s, f->slot_minutes)));
    f->meeting_id = NULL;
    return OK;
}

static int64_t next_slot(const struct filling *f)
{
    return slot_choose(f->starts_at.us, f->slots, f->slot_minutes, f->taken, f->taken_count);
}

static enum problem next_meeting(struct scope *s, struct filling *f)
{
    struct result meeting, taken;
    TRY(flush(s, f));
    TRY(meeting_with_room(s, &f->team, &meeting));
    *f = (struct filling){ .team = f->team };
    TRY(record_from_row(s, &filling_record, &meeting, 0, f));
    TRY(DB_RUN(s, &sql_slots_taken, &taken, param_text(f->meeting_id)));
    for (int i = 0; i < taken.count && i < MOST_SLOTS; i++)
        f->taken[f->taken_count++] = result_time(&taken, i, "starts_at");
    /* Filled between our look and our lock: look again from the start. */
    return next_slot(f) ? OK : scope_fail(s, PROBLEM_STALE, "the meeting was filled first");
}

static enum problem place(struct scope *s, struct filling *f, const struct placing *placing,
                          struct agenda_planned *said)
{
    int64_t starts = f->meeting_id ? next_slot(f) : 0;
    if (!starts) {
        TRY(next_meeting(s, f));
        starts = next_slot(f);
    }
    *said = (struct agenda_planned){ .item_id = uuid_v7(s->arena, s->now),
                                     .meeting_id = f->meeting_id,
                                     .team = f->team.code,
                                     .starts_at = { starts },
                                     .minutes = f->slot_minutes,
                                     .late = agenda_is_late(starts, placing->preliminary_due) };
    f->taken[f->taken_count++] = starts;
    f->rows[f->count++] = (struct agenda_row){ said->item_id, placing->row->id, placing->cause->case_seq,
                                               said->starts_at, said->late };
    return OK;
}

static enum problem find_teams(struct scope *s, const struct placing *placings, size_t count,
                               struct result *out)
{
    const char **municipalities = arena_array(s->arena, count, sizeof(*municipalities)),
               **departments = arena_array(s->arena, count, sizeof(*departments));
    for (size_t i = 0; i < count; i++) {
        municipalities[i] = placings[i].row->municipality;
        departments[i] = team_department(placings[i].department);
    }
    TRY(DB_RUN(s, &sql_teams_find, out, param_list(s, municipalities, count), param_list(s, departments, count)));
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
        struct team team;
        TRY(record_from_row(s, &team_record, &teams, (int)i, &team));
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
