/* SPDX-License-Identifier: EUPL-1.2 */
/* Plans the early talks, sets both deadlines of each case, and puts team cases on agendas. */
#include <string.h>

#include "common/base/uuid.h"
#include "common/case/deadline.h"
#include "common/case/rules.h"
#include "common/time/instant.h"
#include "common/worker/worker.h"
#include "services/scheduling/queries.h"
#include "services/scheduling/scheduling.h"

/* A case that is planned now. */
struct plan {
    const struct event *cause;
    struct case_row *row;
    struct case_triaged in;
    struct deadline reply, talk;
    bool has_talk; /* a forwarded case has none */
    const char *task_id;
};

static enum problem read_facts(struct scope *s, struct plan *plans, size_t count)
{
    struct array ids = array_new(s, ARRAY_OF_UUID, 0);
    struct result r;
    const char **cases = arena_array(s->arena, count, sizeof(*cases));
    struct rules *rules = arena_array(s->arena, count, sizeof(*rules));
    for (size_t i = 0; i < count; i++)
        array_add_uuid(&ids, cases[i] = plans[i].row->id);
    TRY(rules_find(s, cases, count, rules));
    TRY(DB_RUN(s, &sql_application_facts, &r, param_array(&ids)));
    if ((size_t)r.count != count)
        return scope_fail(s, PROBLEM_NOT_FOUND, "the case has no application");
    for (int i = 0; i < r.count; i++) {
        int64_t place = result_integer(&r, i, "place") - 1;
        struct plan *plan = &plans[place];
        const struct deadline_cause cause = { .received_at = plan->row->received_at,
                                              .urgency = result_text(&r, i, "urgency"),
                                              .in_hospital = result_flag(&r, i, "in_hospital"),
                                              .rules = &rules[place] };
        plan->reply = deadline_of(PRELIMINARY_REPLY, &cause);
        plan->talk = deadline_of(FIRST_TALK, &cause);
    }
    return OK;
}

static enum problem collect(struct scope *s, struct item *items, size_t count, struct plan *plans,
                            size_t *planned)
{
    for (size_t i = 0; i < count; i++) {
        struct plan *plan = &plans[*planned];
        *plan = (struct plan){ .cause = items[i].event, .row = items[i].row };
        TRY(event_read(s, items[i].event, &plan->in));
        if (items[i].row->status != CASE_TRIAGED) {
            TRY(item_pass(s, &items[i]));
            continue;
        }
        if (*planned > 0 && plan[-1].row == plan->row)
            return scope_fail(s, PROBLEM_STALE, "a case was triaged twice at once");
        plan->has_talk = strcmp(plan->in.department, "forward") != 0;
        plan->task_id = uuid_v7(s->arena, s->now);
        (*planned)++;
    }
    return *planned ? read_facts(s, plans, *planned) : OK;
}

struct deadline_rows {
    struct array cases, kinds, municipalities, due, near, sources;
};

static void add_deadline(struct deadline_rows *rows, const struct case_row *row,
                         const struct deadline *deadline)
{
    array_add_uuid(&rows->cases, row->id);
    array_add_text(&rows->kinds, deadline->name);
    array_add_text(&rows->municipalities, row->municipality);
    array_add_time(&rows->due, deadline->due_at);
    array_add_time(&rows->near, deadline->near_at);
    array_add_text(&rows->sources, deadline->source);
}

static enum problem set_deadlines(struct scope *s, const struct plan *plans, size_t count)
{
    struct deadline_rows rows = {
        .cases = array_new(s, ARRAY_OF_UUID, 0), .kinds = array_new(s, ARRAY_OF_TEXT, 0),
        .municipalities = array_new(s, ARRAY_OF_TEXT, 0), .due = array_new(s, ARRAY_OF_TIMES, 0),
        .near = array_new(s, ARRAY_OF_TIMES, 0), .sources = array_new(s, ARRAY_OF_TEXT, 0),
    };
    for (size_t i = 0; i < count; i++) {
        add_deadline(&rows, plans[i].row, &plans[i].reply);
        if (plans[i].has_talk)
            add_deadline(&rows, plans[i].row, &plans[i].talk);
    }
    return DB_RUN(s, &sql_deadlines_set, NULL, param_array(&rows.cases), param_array(&rows.kinds),
                  param_array(&rows.municipalities), param_array(&rows.due),
                  param_array(&rows.near), param_array(&rows.sources));
}

static enum problem add_tasks(struct scope *s, const struct plan *plans, size_t count)
{
    struct array ids = array_new(s, ARRAY_OF_UUID, 0), cases = array_new(s, ARRAY_OF_UUID, 0);
    struct array municipalities = array_new(s, ARRAY_OF_TEXT, 0);
    struct array causes = array_new(s, ARRAY_OF_INTEGERS, 0), due = array_new(s, ARRAY_OF_TIMES, 0);
    for (size_t i = 0; i < count; i++) {
        if (!plans[i].has_talk)
            continue;
        array_add_uuid(&ids, plans[i].task_id);
        array_add_text(&municipalities, plans[i].row->municipality);
        array_add_uuid(&cases, plans[i].row->id);
        array_add_integer(&causes, plans[i].cause->case_seq);
        array_add_time(&due, plans[i].talk.due_at);
    }
    return DB_RUN(s, &sql_tasks_add, NULL, param_array(&ids), param_array(&municipalities),
                  param_array(&cases), param_array(&causes), param_array(&due));
}

static enum problem plan_talks(struct scope *s, const struct plan *plans, size_t count)
{
    struct case_row **rows = arena_array(s->arena, count, sizeof(*rows));
    struct saying *sayings = arena_array(s->arena, count, sizeof(*sayings));
    struct dialogue_planned *said = arena_array(s->arena, count, sizeof(*said));
    size_t talks = 0;
    for (size_t i = 0; i < count; i++) {
        if (!plans[i].has_talk)
            continue;
        said[talks] = (struct dialogue_planned){
            .task_id = plans[i].task_id, .due = instant_rfc3339(s->arena, plans[i].talk.due_at) };
        sayings[talks] = (struct saying){ plans[i].row->id, &said[talks],
                                          plans[i].cause->traceparent };
        rows[talks++] = plans[i].row;
    }
    if (talks == 0)
        return OK;
    TRY(add_tasks(s, plans, count));
    return cases_move(s, rows, talks, CASE_DIALOGUE, SCHEDULING, &dialogue_planned, sayings);
}

static enum problem plan_agendas(struct scope *s, const struct plan *plans, size_t count)
{
    struct placing *placings = arena_array(s->arena, count, sizeof(*placings));
    size_t teams = 0;
    for (size_t i = 0; i < count; i++)
        if (strcmp(plans[i].in.path, "team") == 0)
            placings[teams++] = (struct placing){ .row = plans[i].row,
                                                  .cause = plans[i].cause,
                                                  .department = plans[i].in.department,
                                                  .preliminary_due = plans[i].reply.due_at };
    return agenda_plan(s, placings, teams);
}

enum problem scheduling_triaged(struct scope *s, struct item *items, size_t count)
{
    struct plan *plans = arena_array(s->arena, count, sizeof(*plans));
    size_t planned = 0;
    TRY(collect(s, items, count, plans, &planned));
    if (planned == 0)
        return OK;
    TRY(set_deadlines(s, plans, planned));
    TRY(plan_talks(s, plans, planned));
    return plan_agendas(s, plans, planned);
}
