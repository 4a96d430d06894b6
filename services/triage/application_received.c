/* SPDX-License-Identifier: EUPL-1.2 */
/* Decides, writes the decision on the case with its reasons, and says case.triaged. */
#include <jansson.h>

#include "common/case/case.h"
#include "common/db.h"
#include "services/triage/queries.h"
#include "services/triage/triage.h"

static const struct field fired_fields[] = {
    FIELD(struct fired, id),
    FIELD(struct fired, text),
    { 0 },
};
static const struct record fired_record = { .name = "rule", .size = sizeof(struct fired),
                                            .fields = fired_fields };

static const char *rules_json(struct scope *s, const struct triage *triage)
{
    struct buffer b = buffer_new(s->arena);
    for (size_t i = 0; i < triage->rule_count; i++)
        buffer_printf(&b, "%c%s", i ? ',' : '[', record_to_json(s, &fired_record, &triage->rules[i]));
    buffer_text(&b, "]");
    return b.text;
}

static struct texts rule_ids(struct scope *s, const struct triage *triage)
{
    const char **ids = arena_array(s->arena, triage->rule_count, sizeof(*ids));
    for (size_t i = 0; i < triage->rule_count; i++)
        ids[i] = triage->rules[i].id;
    return (struct texts){ .items = ids, .count = triage->rule_count };
}

static enum problem write(struct scope *s, const char *case_id, const struct triage *triage)
{
    return DB_RUN(s, &sql_case_triage, NULL, param_text(case_id),
                  param_flag(triage->urgency[1] == '0'), param_flag(triage->joint),
                  param_text(triage->department), param_text(triage->path),
                  param_text(triage->urgency),
                  param_maybe(s, triage->step_asked.known, triage->step_asked.value),
                  param_list(s, triage->lower_services.items, triage->lower_services.count),
                  param_text(rules_json(s, triage)), param_text(triage_rule_set));
}

enum problem triage_application_received(struct scope *s, const struct event *event)
{
    struct application_received in = { 0 };
    struct case_row row;
    TRY(event_read(s, event, &in));
    TRY(case_lock(s, event->case_id, &row));
    if (row.status != CASE_RECEIVED)
        return case_passed_or_wrong(s, &row, event->case_seq);
    struct triage triage = triage_decide(s->arena, &in);
    TRY(write(s, row.id, &triage));
    TRY(case_move(s, &row, CASE_TRIAGED, TRIAGE));
    return event_append(s, row.id, &case_triaged,
                        &(struct case_triaged){ .department = triage.department,
                                                .path = triage.path,
                                                .urgency = triage.urgency,
                                                .step_asked = triage.step_asked,
                                                .lower_services = triage.lower_services,
                                                .rules = rule_ids(s, &triage),
                                                .rule_set = triage_rule_set },
                        NULL);
}
