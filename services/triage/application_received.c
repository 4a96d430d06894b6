/* SPDX-License-Identifier: EUPL-1.2 */
/* Decides, writes the decisions on the cases with their reasons, and says case.triaged. */
#include "common/case/rules.h"
#include "common/db/row.h"
#include "common/record/encode.h"
#include "common/worker/worker.h"
#include "services/triage/queries.h"
#include "services/triage/triage.h"

static const struct field fired_fields[] = {
    FIELD(struct fired, id),
    FIELD(struct fired, text),
    { 0 },
};
static const struct record fired_record = { .name = "rule", .size = sizeof(struct fired),
                                            .fields = fired_fields };

/* As a case's row has it. */
struct decision {
    const char *id;
    bool urgent, joint;
    const char *department, *path, *priority;
    struct maybe step_asked;
    struct texts lower_services;
    const char *rules;
};
static const struct field decision_fields[] = {
    FIELD(struct decision, id, .format = FORMAT_UUID), FIELD(struct decision, urgent), FIELD(struct decision, joint),
    FIELD(struct decision, department), FIELD(struct decision, path), FIELD(struct decision, priority),
    FIELD(struct decision, step_asked), FIELD(struct decision, lower_services), FIELD(struct decision, rules), { 0 },
};
static const struct record decision_record = RECORD("decision", struct decision, decision_fields);

/* The items that are decided, side by side. */
struct decisions {
    struct triage *triage;
    struct case_row **rows; /* by id: a case that comes twice comes twice in a row */
    const char **traces;
    size_t count;
};

/* The rules of all items' cases; a case that comes twice has them twice. */
static enum problem find_rules(struct scope *s, const struct item *items, size_t count,
                               struct rules *rules)
{
    const char **cases = arena_array(s->arena, count, sizeof(*cases));
    for (size_t i = 0; i < count; i++)
        cases[i] = items[i].event->case_id;
    return rules_find(s, cases, count, rules);
}

static const char *rules_json(struct scope *s, const struct triage *triage)
{
    struct buffer b = buffer_new(s->arena);
    for (size_t i = 0; i < triage->rule_count; i++)
        buffer_printf(&b, "%c%s", i ? ',' : '[', record_to_json(s, &fired_record, &triage->rules[i]));
    buffer_text(&b, triage->rule_count ? "]" : "[]");
    return b.text;
}

static struct texts rule_ids(struct scope *s, const struct triage *triage)
{
    const char **ids = arena_array(s->arena, triage->rule_count, sizeof(*ids));
    for (size_t i = 0; i < triage->rule_count; i++)
        ids[i] = triage->rules[i].id;
    return (struct texts){ .items = ids, .count = triage->rule_count };
}

static enum problem write(struct scope *s, const struct decisions *d)
{
    struct decision *rows = arena_array(s->arena, d->count, sizeof(*rows));
    for (size_t i = 0; i < d->count; i++) {
        const struct triage *triage = &d->triage[i];
        rows[i] = (struct decision){ .id = d->rows[i]->id,
                                     .urgent = triage->priority[1] == '0',
                                     .joint = triage->joint,
                                     .department = triage->department,
                                     .path = triage->path,
                                     .priority = triage->priority,
                                     .step_asked = triage->step_asked,
                                     .lower_services = triage->lower_services,
                                     .rules = rules_json(s, triage) };
    }
    return DB_RUN_RECORDS(s, &sql_cases_triage, NULL, &decision_record, ((struct list){ rows, d->count }),
                          param_text(triage_rule_set));
}

static enum problem move(struct scope *s, const struct decisions *d)
{
    struct saying *sayings = arena_array(s->arena, d->count, sizeof(*sayings));
    struct case_triaged *said = arena_array(s->arena, d->count, sizeof(*said));
    for (size_t i = 0; i < d->count; i++) {
        const struct triage *triage = &d->triage[i];
        said[i] = (struct case_triaged){ .department = triage->department,
                                         .path = triage->path,
                                         .priority = triage->priority,
                                         .step_asked = triage->step_asked,
                                         .lower_services = triage->lower_services,
                                         .rules = rule_ids(s, triage),
                                         .rule_set = triage_rule_set };
        sayings[i] = (struct saying){ d->rows[i]->id, &said[i], d->traces[i] };
    }
    return cases_move(s, d->rows, d->count, CASE_TRIAGED, TRIAGE, &case_triaged, sayings);
}

static enum problem decide(struct scope *s, struct item *items, size_t count, struct decisions *d)
{
    struct rules *rules = arena_array(s->arena, count, sizeof(*rules));
    TRY(find_rules(s, items, count, rules));
    for (size_t i = 0; i < count; i++) {
        struct application_received in = { 0 };
        TRY(event_read(s, items[i].event, &in));
        if (items[i].row->status != CASE_RECEIVED) {
            TRY(item_pass(s, &items[i]));
            continue;
        }
        if (d->count > 0 && d->rows[d->count - 1] == items[i].row)
            return scope_fail(s, PROBLEM_STALE, "two applications of a case at once");
        d->triage[d->count] = triage_decide(s->arena, &in, &rules[i]);
        d->rows[d->count] = items[i].row;
        d->traces[d->count++] = items[i].event->traceparent;
    }
    return OK;
}

enum problem triage_applications(struct scope *s, struct item *items, size_t count)
{
    struct decisions d = { .triage = arena_array(s->arena, count, sizeof(*d.triage)),
                           .rows = arena_array(s->arena, count, sizeof(*d.rows)),
                           .traces = arena_array(s->arena, count, sizeof(*d.traces)) };
    TRY(decide(s, items, count, &d));
    if (d.count == 0)
        return OK;
    TRY(write(s, &d));
    return move(s, &d);
}
