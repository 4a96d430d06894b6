/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_EVENT_EVENT_H
#define COMMON_EVENT_EVENT_H
/*
 * The contracts of events: one record per type. An event holds ids, codes, numbers
 * and times; never free text, identity, municipality or the shielded mark.
 */
#include "common/db/values.h"
#include "common/event/types.h"

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

/* As the log's row has it: case_id, case_seq, type, data, occurred_at and traceparent. */
struct event event_from_row(const struct result *r, int row);

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
