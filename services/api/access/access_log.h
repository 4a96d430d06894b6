/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_ACCESS_ACCESS_LOG_H
#define SERVICES_API_ACCESS_ACCESS_LOG_H
/* The access log, as the citizen whose case it is and the privacy officer read it. */
#include "common/record/record.h"

struct request;

struct access_view {
    const char *access_id;
    struct instant at;
    const char *municipality;
    const char *kind, *who, *name, *unit, *role;
    const char *act, *what, *case_id;
    const char *reason; /* opened; NULL = none was given */
    const char *request_id;
};
struct access_page {
    struct list accesses; /* of struct access_view, the latest first */
    const char *next;     /* the cursor of the page behind, or NULL */
};
extern const struct record access_page_record;

/* What is asked for; NULL = whatever it is. */
struct access_filter {
    const char *case_id;
    const char *who;
    int64_t from, to;   /* to is exclusive */
    const char *cursor; /* the page before's next */
};

/* A page of what the transaction's user may see. */
enum problem access_page_load(struct scope *s, const struct access_filter *filter,
                              struct access_page *out);

/* Searches as the request's query says, and notes that it did: case (an id or a reference), who, from,
 * to, cursor; the last 30 days if it names none. Faults are noted in the scope. */
enum problem access_search(struct scope *s, const struct request *request,
                           struct access_page *out);

#endif
