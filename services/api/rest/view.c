/* SPDX-License-Identifier: EUPL-1.2 */
/* The records of agendas and figures. */

/* clang-format off */
#include "services/api/rest/view.h"

#include "common/indicator/indicator.h"

static const struct field item_fields[] = {
    FIELD(struct agenda_item_view, meeting_id, .flags = INNER),
    FIELD(struct agenda_item_view, municipality, .flags = INNER),
    FIELD(struct agenda_item_view, case_id, .format = FORMAT_UUID),
    FIELD(struct agenda_item_view, reference),
    FIELD(struct agenda_item_view, starts_at),
    FIELD(struct agenda_item_view, minutes),
    FIELD_AS(struct agenda_item_view, priority, "urgency", .flags = NULLABLE),
    FIELD(struct agenda_item_view, department, .flags = NULLABLE),
    FIELD(struct agenda_item_view, step_asked, .flags = NULLABLE),
    FIELD(struct agenda_item_view, late),
    FIELD(struct agenda_item_view, why, .flags = NULLABLE),
    { 0 },
};
const struct record agenda_item_record = RECORD("agenda_item", struct agenda_item_view, item_fields);

static const struct field meeting_fields[] = {
    FIELD(struct meeting_view, meeting_id, .format = FORMAT_UUID),
    FIELD(struct meeting_view, team),
    FIELD(struct meeting_view, starts_at),
    FIELD(struct meeting_view, ends_at),
    FIELD(struct meeting_view, slots),
    FIELD(struct meeting_view, free),
    LIST_FIELD(struct meeting_view, items, &agenda_item_record),
    { 0 },
};
const struct record meeting_record = RECORD("meeting", struct meeting_view, meeting_fields);

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
