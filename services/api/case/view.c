/* SPDX-License-Identifier: EUPL-1.2 */
/* The records of what is shown of a case. */

/* clang-format off */
#include "services/api/case/view.h"
#include "common/words/codes.h"

static const struct field rule_fields[] = {
    FIELD(struct rule_view, id), FIELD(struct rule_view, text), { 0 },
};
static const struct record rule_record = RECORD("rule", struct rule_view, rule_fields);

static const struct field deadline_fields[] = {
    FIELD(struct deadline_view, kind), FIELD(struct deadline_view, due),
    FIELD(struct deadline_view, source), FIELD(struct deadline_view, state), { 0 },
};
const struct record deadline_record = RECORD("deadline", struct deadline_view, deadline_fields);

static const struct field agenda_fields[] = {
    FIELD(struct agenda_view, meeting_id, .format = FORMAT_UUID), FIELD(struct agenda_view, team),
    FIELD(struct agenda_view, starts_at), { 0 },
};
const struct record agenda_record = RECORD("agenda_place", struct agenda_view, agenda_fields);

static const struct field letter_fields[] = {
    FIELD(struct letter_view, n), FIELD(struct letter_view, kind), FIELD(struct letter_view, href, .flags = MADE), { 0 },
};
const struct record letter_record = RECORD("letter", struct letter_view, letter_fields);

static const struct field case_view_fields[] = {
    FIELD(struct case_view, case_id,   .format = FORMAT_UUID),
    FIELD(struct case_view, reference),
    FIELD(struct case_view, status),
    FIELD(struct case_view, flags,     .flags = MADE),
    FIELD(struct case_view, department, .flags = NULLABLE),
    FIELD(struct case_view, path,       .flags = NULLABLE),
    FIELD_AS(struct case_view, priority, "urgency", .flags = NULLABLE),
    FIELD(struct case_view, step_asked, .flags = NULLABLE),
    FIELD(struct case_view, lower_services),
    LIST_FIELD(struct case_view, rules,     &rule_record),
    LIST_FIELD(struct case_view, deadlines, &deadline_record),
    LIST_FIELD(struct case_view, agenda,    &agenda_record),
    LIST_FIELD(struct case_view, letters,   &letter_record),
    { 0 },
};
const struct record case_view_record = RECORD("case_view", struct case_view, case_view_fields);

static const struct field contact_fields[] = {
    FIELD(struct contact_body, kind,    .choices = contact_kind_codes, .example = "\"phone\""),
    FIELD(struct contact_body, with,    .choices = contact_with_codes, .flags = UNIQUE, .max_items = 3, .example = "[\"applicant\"]"),
    FIELD(struct contact_body, two_way, .example = "true"),
    FIELD(struct contact_body, at,      .example = "\"2026-11-24T10:00:00+01:00\""),
    { 0 },
};
const struct record contact_record = RECORD("contact", struct contact_body, contact_fields);

static const struct field contact_answer_fields[] = {
    FIELD(struct contact_answer, contact_id, .format = FORMAT_UUID),
    FIELD(struct contact_answer, case_id,    .format = FORMAT_UUID),
    FIELD(struct contact_answer, case_seq),
    { 0 },
};
const struct record contact_answer_record = RECORD("contact_answer", struct contact_answer, contact_answer_fields);
/* clang-format on */
