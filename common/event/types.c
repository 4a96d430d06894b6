/* SPDX-License-Identifier: EUPL-1.2 */
/* The record of every event type. A new event is a struct, its fields and a row. */
#include "common/event/types.h"

#include <string.h>

#include "common/words/catalogue.h"

static const char *const departments[] = { "ho", "il", "both", "forward", NULL };
static const char *const paths[] = { "caseworker", "team", "urgent", NULL };
static const char *const urgencies[] = { "none", "week", "acute", NULL };
static const char *const priorities[] = { "p0", "p1", "p2", "p3", NULL };
static const char *const languages[] = { "nb", "nn", "en", NULL };
static const char *const channels[] = { "web",   "api",   "hospital", "phone",
                                        "paper", "oral", NULL };
static const char *const roles[] = { "self",     "relative",      "guardian",
                                     "attorney", "parent",        "health_worker",
                                     "municipal", "hospital",     NULL };
static const char *const contact_kinds[] = { "phone", "visit", "meeting", "video", NULL };

/* clang-format off */
static const struct field application_received_fields[] = {
    FIELD(struct application_received, application_id,   .format = FORMAT_UUID),
    FIELD(struct application_received, channel,          .choices = channels),
    FIELD(struct application_received, language,         .choices = languages),
    FIELD(struct application_received, submitter_role,   .choices = roles),
    FIELD(struct application_received, services,         .format = FORMAT_CODE, .flags = UNIQUE, .max_items = 64),
    FIELD(struct application_received, urgency,          .choices = urgencies),
    FIELD(struct application_received, in_hospital),
    FIELD(struct application_received, has_what_matters),
    { 0 },
};

static const struct field case_triaged_fields[] = {
    FIELD(struct case_triaged, department,     .choices = departments),
    FIELD(struct case_triaged, path,           .choices = paths),
    FIELD(struct case_triaged, urgency,        .choices = priorities),
    FIELD(struct case_triaged, step_asked,     .flags = OPTIONAL),
    FIELD(struct case_triaged, lower_services, .format = FORMAT_CODE),
    FIELD(struct case_triaged, rules,          .format = FORMAT_CODE),
    FIELD(struct case_triaged, rule_set,       .format = FORMAT_CODE),
    { 0 },
};

static const struct field dialogue_planned_fields[] = {
    FIELD(struct dialogue_planned, task_id, .format = FORMAT_UUID),
    FIELD(struct dialogue_planned, due,     .format = FORMAT_TIME),
    { 0 },
};

static const struct field agenda_planned_fields[] = {
    FIELD(struct agenda_planned, item_id,    .format = FORMAT_UUID),
    FIELD(struct agenda_planned, meeting_id, .format = FORMAT_UUID),
    FIELD(struct agenda_planned, team,       .format = FORMAT_CODE),
    FIELD(struct agenda_planned, starts_at,  .format = FORMAT_TIME),
    FIELD(struct agenda_planned, minutes),
    FIELD(struct agenda_planned, late),
    { 0 },
};

static const struct field contact_made_fields[] = {
    FIELD(struct contact_made, contact_id, .format = FORMAT_UUID),
    FIELD(struct contact_made, kind,       .choices = contact_kinds),
    FIELD(struct contact_made, two_way),
    FIELD(struct contact_made, at,         .format = FORMAT_TIME),
    { 0 },
};

static const struct field deadline_fields[] = {
    FIELD(struct deadline_event, kind, .format = FORMAT_CODE),
    FIELD(struct deadline_event, due,  .format = FORMAT_TIME),
    { 0 },
};

static const struct field letter_ready_fields[] = {
    FIELD(struct letter_ready, letter_id, .format = FORMAT_CODE),
    FIELD(struct letter_ready, n),
    FIELD(struct letter_ready, kind,      .format = FORMAT_CODE),
    FIELD(struct letter_ready, template,  .format = FORMAT_CODE),
    FIELD(struct letter_ready, version,   .format = FORMAT_CODE),
    FIELD(struct letter_ready, language,  .choices = languages),
    FIELD(struct letter_ready, pages),
    { 0 },
};
/* clang-format on */

#define EVENT_RECORD(type, members)                                                                  \
    (const struct record)                                                                      \
    {                                                                                          \
        .name = #type, .size = sizeof(struct type), .fields = (members)                        \
    }

static const struct record records[] = {
    EVENT_RECORD(application_received, application_received_fields),
    EVENT_RECORD(case_triaged, case_triaged_fields),
    EVENT_RECORD(dialogue_planned, dialogue_planned_fields),
    EVENT_RECORD(agenda_planned, agenda_planned_fields),
    EVENT_RECORD(contact_made, contact_made_fields),
    EVENT_RECORD(deadline_event, deadline_fields),
    EVENT_RECORD(letter_ready, letter_ready_fields),
};

#define EVENT_TYPE(noun, happened, number)                                                     \
    {                                                                                          \
        .name = noun "." happened, .type = "no.tillit." noun "." happened ".v1",               \
        .record = &records[number]                                                             \
    }

const struct event_type application_received = EVENT_TYPE("application", "received", 0);
const struct event_type case_triaged = EVENT_TYPE("case", "triaged", 1);
const struct event_type dialogue_planned = EVENT_TYPE("dialogue", "planned", 2);
const struct event_type agenda_planned = EVENT_TYPE("agenda", "planned", 3);
const struct event_type contact_made = EVENT_TYPE("contact", "made", 4);
const struct event_type deadline_near = EVENT_TYPE("deadline", "near", 5);
const struct event_type deadline_missed = EVENT_TYPE("deadline", "missed", 5);
const struct event_type letter_ready = EVENT_TYPE("letter", "ready", 6);

const struct event_type *const event_types[] = {
    &application_received, &case_triaged,  &dialogue_planned, &agenda_planned, &contact_made,
    &deadline_near,        &deadline_missed, &letter_ready,   NULL,
};

const struct event_type *event_type_find(const char *name)
{
    for (const struct event_type *const *type = event_types; *type; type++)
        if (strcmp((*type)->name, name) == 0 || strcmp((*type)->type, name) == 0)
            return *type;
    return NULL;
}
