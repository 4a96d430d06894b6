/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_PAGE_QUERY_H
#define SERVICES_API_PAGE_QUERY_H
/* Parameters that several routes take; what is wrong with them is noted in the scope. */
#include "common/problem/scope.h"
#include "common/time/calendar.h"

struct request;

/* A date of the query, or what stands in for it; preset NULL = it must be there. */
struct date query_date(struct scope *s, const struct request *request, const char *name,
                       const struct date *preset);
/* From where on a list goes on: a row's time and id, opaque to the reader. */
struct cursor {
    int64_t at;
    const char *id; /* NULL = from the beginning */
};
struct cursor query_cursor(const struct request *request, const char *name); /* one that is none is the beginning */
const char *cursor_text(struct scope *s, int64_t at, const char *id);

/* The period must not be empty; to is exclusive. */
void query_order(struct scope *s, struct date from, struct date to);

#endif
