/* SPDX-License-Identifier: EUPL-1.2 */
/* Plans the early talks, sets both deadlines of each case, and puts team cases on agendas. */
#include <string.h>

#include "common/base/uuid.h"
#include "common/case/deadline.h"
#include "common/case/rules.h"
#include "common/db/row.h"
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
    struct result r;
    const char **cases = arena_array(s->arena, count, sizeof(*cases));
    struct rules *rules = arena_array(s->arena, count, sizeof(*rules));
    for (size_t i = 0; i < count; i++)
        cases[i] = plans[i].row->id;
    TRY(rules_find(s, cases, count, rules));
    TRY(DB_RUN(s, &sql_application_facts, &r, param_ids(s, cases, count)));
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

/* As the tables have them. */
struct deadline_row {
    const char *case_id, *kind, *municipality;
    struct instant due_at, near_at;
    const char *source;
};
static const struct field deadline_fields[] = {
    FIELD(struct deadline_row, case_id, .format = FORMAT_UUID), FIELD(struct deadline_row, kind),
    FIELD(struct deadline_row, municipality), FIELD(struct deadline_row, due_at),
    FIELD(struct deadline_row, near_at), FIELD(struct deadline_row, source), { 0 },
};
static const struct record deadline_record = RECORD("deadline_row", struct deadline_row, deadline_fields);

struct task_row {
    const char *id, *municipality, *case_id;
    int64_t cause_seq;
    struct instant due_at;
};
static const struct field task_fields[] = {
    FIELD(struct task_row, id, .format = FORMAT_UUID), FIELD(struct task_row, municipality),
    FIELD(struct task_row, case_id, .format = FORMAT_UUID), FIELD(struct task_row, cause_seq),
    FIELD(struct task_row, due_at), { 0 },
};
static const struct record task_record = RECORD("task_row", struct task_row, task_fields);

static struct deadline_row deadline_row(const struct case_row *row, const struct deadline *deadline)
{
    return (struct deadline_row){ row->id,           deadline->name,        row->municipality,
                                  { deadline->due_at }, { deadline->near_at }, deadline->source };
}

static enum problem set_deadlines(struct scope *s, const struct plan *plans, size_t count)
{
    struct deadline_row *rows = arena_array(s->arena, 2 * count, sizeof(*rows));
    struct list list = { .items = rows };
    for (size_t i = 0; i < count; i++) {
        rows[list.count++] = deadline_row(plans[i].row, &plans[i].reply);
        if (plans[i].has_talk)
            rows[list.count++] = deadline_row(plans[i].row, &plans[i].talk);
    }
    return DB_RUN_RECORDS(s, &sql_deadlines_set, NULL, &deadline_record, list);
}

static enum problem add_tasks(struct scope *s, const struct plan *plans, size_t count)
{
    struct task_row *rows = arena_array(s->arena, count, sizeof(*rows));
    struct list list = { .items = rows };
    for (size_t i = 0; i < count; i++)
        if (plans[i].has_talk)
            rows[list.count++] = (struct task_row){ plans[i].task_id, plans[i].row->municipality, plans[i].row->id,
                                                    plans[i].cause->case_seq, { plans[i].talk.due_at } };
    return DB_RUN_RECORDS(s, &sql_tasks_add, NULL, &task_record, list);
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
            .task_id = plans[i].task_id, .due = { plans[i].talk.due_at } };
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
