/* SPDX-License-Identifier: EUPL-1.2 */
/* The record of what a citizen sees of an application. */

/* clang-format off */
#include "services/api/application/view.h"

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
/* clang-format on */
