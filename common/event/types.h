/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_EVENT_TYPES_H
#define COMMON_EVENT_TYPES_H
/* Every type of event, with the record of its data. */
#include <stdbool.h>
#include <stdint.h>

#include "common/record/record.h"

struct application_received {
    const char *application_id;
    const char *channel;
    const char *language;
    const char *submitter_role;
    struct texts services;
    const char *urgency;
    bool in_hospital;
    bool has_what_matters;
};

struct case_triaged {
    const char *department; /* ho il both forward */
    const char *path;       /* caseworker team urgent */
    const char *urgency;    /* p0 p1 p2 p3 */
    struct maybe step_asked; /* absent if no service was asked for */
    struct texts lower_services;
    struct texts rules; /* ids of the rules that fired */
    const char *rule_set;
};

struct dialogue_planned {
    const char *task_id;
    const char *due;
};

struct agenda_planned {
    const char *item_id;
    const char *meeting_id;
    const char *team;
    const char *starts_at;
    int64_t minutes;
    bool late;
};

struct contact_made {
    const char *contact_id;
    const char *kind;
    bool two_way;
    const char *at;
};

struct deadline_event { /* deadline.near and deadline.missed */
    const char *kind;
    const char *due;
};

struct letter_ready {
    const char *letter_id; /* <case id>.<n> */
    int64_t n;
    const char *kind;
    const char *template; /* template id */
    const char *version;
    const char *language;
    int64_t pages;
};

struct event_type {
    const char *name; /* "application.received" */
    const char *type; /* "no.tillit.application.received.v1" */
    const struct record *record;
};

/* Every type there is, ended by NULL. */
extern const struct event_type *const event_types[];

extern const struct event_type application_received;
extern const struct event_type case_triaged;
extern const struct event_type dialogue_planned;
extern const struct event_type agenda_planned;
extern const struct event_type contact_made;
extern const struct event_type deadline_near;
extern const struct event_type deadline_missed;
extern const struct event_type letter_ready;

/* By short name or full type; NULL if there is none. */
const struct event_type *event_type_find(const char *name);

#endif
