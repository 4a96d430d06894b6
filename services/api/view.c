/* SPDX-License-Identifier: EUPL-1.2 */
/* The records of what is shown. */
#include "services/api/view.h"

#include "common/indicator.h"

#define RECORD(record_name, type, members)                                                     \
    { .name = (record_name), .size = sizeof(type), .fields = (members) }

/* clang-format off */
static const struct field step_fields[] = {
    FIELD(struct step, at, .format = FORMAT_TIME), FIELD(struct step, status), FIELD(struct step, text), { 0 },
};
static const struct record step_record = RECORD("timeline_step", struct step, step_fields);

static const struct field next_fields[] = {
    FIELD(struct next_step, text), FIELD(struct next_step, due, .flags = NULLABLE, .format = FORMAT_TIME), { 0 },
};
static const struct record next_record = RECORD("next_step", struct next_step, next_fields);

static const struct field application_view_fields[] = {
    FIELD(struct application_view, application_id, .format = FORMAT_UUID),
    FIELD(struct application_view, case_id,        .format = FORMAT_UUID),
    FIELD(struct application_view, reference),
    FIELD(struct application_view, received_at,    .format = FORMAT_TIME),
    FIELD(struct application_view, status),
    FIELD(struct application_view, what_matters,   .flags = PERSONAL | NULLABLE),
    LIST_FIELD(struct application_view, timeline, &step_record),
    NESTED_FIELD(struct application_view, next, &next_record),
    { 0 },
};
const struct record application_view_record = RECORD("application_view", struct application_view, application_view_fields);

static const struct field rule_fields[] = {
    FIELD(struct rule_view, id), FIELD(struct rule_view, text), { 0 },
};
static const struct record rule_record = RECORD("rule", struct rule_view, rule_fields);

static const struct field deadline_fields[] = {
    FIELD(struct deadline_view, kind), FIELD(struct deadline_view, due, .format = FORMAT_TIME),
    FIELD(struct deadline_view, source), FIELD(struct deadline_view, state), { 0 },
};
static const struct record deadline_record = RECORD("deadline", struct deadline_view, deadline_fields);

static const struct field agenda_fields[] = {
    FIELD(struct agenda_view, meeting_id, .format = FORMAT_UUID), FIELD(struct agenda_view, team),
    FIELD(struct agenda_view, starts_at, .format = FORMAT_TIME), { 0 },
};
static const struct record agenda_record = RECORD("agenda_place", struct agenda_view, agenda_fields);

static const struct field letter_fields[] = {
    FIELD(struct letter_view, n), FIELD(struct letter_view, kind), FIELD(struct letter_view, href), { 0 },
};
static const struct record letter_record = RECORD("letter", struct letter_view, letter_fields);

static const struct field case_view_fields[] = {
    FIELD(struct case_view, case_id,   .format = FORMAT_UUID),
    FIELD(struct case_view, reference),
    FIELD(struct case_view, status),
    FIELD(struct case_view, flags),
    FIELD(struct case_view, department, .flags = NULLABLE),
    FIELD(struct case_view, path,       .flags = NULLABLE),
    FIELD(struct case_view, urgency,    .flags = NULLABLE),
    FIELD(struct case_view, step_asked, .flags = NULLABLE),
    FIELD(struct case_view, lower_services),
    LIST_FIELD(struct case_view, rules,     &rule_record),
    LIST_FIELD(struct case_view, deadlines, &deadline_record),
    LIST_FIELD(struct case_view, agenda,    &agenda_record),
    LIST_FIELD(struct case_view, letters,   &letter_record),
    { 0 },
};
const struct record case_view_record = RECORD("case_view", struct case_view, case_view_fields);

const char *const contact_kinds[] = { "phone", "visit", "meeting", "video", NULL };
const char *const contact_with[] = { "applicant", "relative", "other", NULL };
static const struct field contact_fields[] = {
    FIELD(struct contact_body, kind,    .choices = contact_kinds, .example = "\"phone\""),
    FIELD(struct contact_body, with,    .choices = contact_with, .flags = UNIQUE, .max_items = 3, .example = "[\"applicant\"]"),
    FIELD(struct contact_body, two_way, .example = "true"),
    FIELD(struct contact_body, at,      .format = FORMAT_TIME, .example = "\"2026-11-24T10:00:00+01:00\""),
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

static const struct field item_fields[] = {
    FIELD(struct agenda_item_view, case_id, .format = FORMAT_UUID),
    FIELD(struct agenda_item_view, reference),
    FIELD(struct agenda_item_view, starts_at, .format = FORMAT_TIME),
    FIELD(struct agenda_item_view, minutes),
    FIELD(struct agenda_item_view, urgency,    .flags = NULLABLE),
    FIELD(struct agenda_item_view, department, .flags = NULLABLE),
    FIELD(struct agenda_item_view, step_asked, .flags = NULLABLE),
    FIELD(struct agenda_item_view, late),
    FIELD(struct agenda_item_view, why, .flags = NULLABLE),
    { 0 },
};
static const struct record item_record = RECORD("agenda_item", struct agenda_item_view, item_fields);

static const struct field meeting_fields[] = {
    FIELD(struct meeting_view, meeting_id, .format = FORMAT_UUID),
    FIELD(struct meeting_view, team),
    FIELD(struct meeting_view, starts_at, .format = FORMAT_TIME),
    FIELD(struct meeting_view, ends_at,   .format = FORMAT_TIME),
    FIELD(struct meeting_view, slots),
    FIELD(struct meeting_view, free),
    LIST_FIELD(struct meeting_view, items, &item_record),
    { 0 },
};
static const struct record meeting_record = RECORD("meeting", struct meeting_view, meeting_fields);

static const struct field agenda_page_fields[] = {
    LIST_FIELD(struct agenda_page, meetings, &meeting_record),
    FIELD(struct agenda_page, next, .flags = NULLABLE),
    { 0 },
};
const struct record agenda_page_record = RECORD("agenda_page", struct agenda_page, agenda_page_fields);

static const struct field indicator_fields[] = {
    FIELD(struct indicator_value, id), FIELD(struct indicator_value, name), FIELD(struct indicator_value, unit),
    FIELD(struct indicator_value, value, .flags = NULLABLE), FIELD(struct indicator_value, n, .flags = NULLABLE),
    FIELD(struct indicator_value, open, .flags = NULLABLE),
    FIELD(struct indicator_value, suppressed), { 0 },
};
static const struct record indicator_record = RECORD("indicator", struct indicator_value, indicator_fields);

static const struct field indicators_fields[] = {
    FIELD(struct indicators_view, from, .format = FORMAT_DATE), FIELD(struct indicators_view, to, .format = FORMAT_DATE),
    LIST_FIELD(struct indicators_view, indicators, &indicator_record), { 0 },
};
const struct record indicators_record = RECORD("indicators", struct indicators_view, indicators_fields);
/* clang-format on */
