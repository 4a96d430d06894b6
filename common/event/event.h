/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_EVENT_EVENT_H
#define COMMON_EVENT_EVENT_H
/*
 * The contracts of events (contract.md 4): one record per type. An event holds ids, codes, numbers
 * and times; never free text, identity, municipality or the shielded mark.
 */
#include "common/record.h"
#include "common/scope.h"

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

/* One event as a worker meets it: read from the log. Borrowed by the handler. */
struct event {
    const char *case_id;
    int64_t case_seq;
    const struct event_type *type; /* NULL only where the relay passes on a type of a newer release */
    const char *type_name;         /* "no.tillit.application.received.v1" */
    const char *data;              /* JSON */
    size_t data_length;
    int64_t occurred_at;
    const char *traceparent; /* or NULL */
};

/* Decodes an event's data with its type's record. PROBLEM_MALFORMED with a detail that names the
 * fields ("application.received; /channel missing; /urgency choice"). */
enum problem event_read(struct scope *s, const struct event *event, void *out);

/* What is said of one case: data is a struct of the type's record. */
struct saying {
    const char *case_id;
    const void *data;
    const char *traceparent; /* of the event that caused it, or NULL */
};

/* Says that something of one kind happened with each of the cases (none twice), in the scope's
 * transaction: takes each case's next number under its row lock, writes log and unsent. The event's
 * time is the scope's now, but never before the case's last event. PROBLEM_NOT_FOUND if a case is
 * not there. */
enum problem events_append(struct scope *s, const struct event_type *type,
                           const struct saying *sayings, size_t count);

/* The same, and each case moves to the status, which the caller (case/case.h) has looked up. */
enum problem events_append_moving(struct scope *s, const struct event_type *type,
                                  const struct saying *sayings, size_t count, const char *status);

/* The same of one case; *case_seq (may be NULL) gets the number. */
enum problem event_append(struct scope *s, const char *case_id, const struct event_type *type,
                          const void *data, int64_t *case_seq);

#endif
