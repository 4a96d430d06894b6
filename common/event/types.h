/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_EVENT_TYPES_H
#define COMMON_EVENT_TYPES_H
/* Every type of event, with the record of its data (events.def): struct application_received, and the type of that name. */
#include "common/record/record.h"

#define EVENT(noun, happened, what) struct noun##_##happened {
#define MEMBER(event, type, name, ...) type name;
#define AS(event, type, name, said, ...) type name;
#define END(event) };
#define ALIKE(noun, happened, event, what)
#include "common/event/events.def"

struct event_type {
    const char *name; /* "application.received" */
    const char *code; /* "application_received", of its words */
    const char *type; /* "no.tillit.application.received.v1" */
    const struct record *record;
};

/* Every type there is, ended by NULL. */
extern const struct event_type *const event_types[];

#define EVENT(noun, happened, what) extern const struct event_type noun##_##happened;
#define MEMBER(event, type, name, ...)
#define AS(event, type, name, said, ...)
#define END(event)
#define ALIKE(noun, happened, event, what) EVENT(noun, happened, what)
#include "common/event/events.def"

/* By short name or full type; NULL if there is none. */
const struct event_type *event_type_find(const char *name);

#endif
