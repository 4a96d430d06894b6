/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_QUERY_H
#define SERVICES_API_QUERY_H
/* Parameters that several routes take; what is wrong with them is noted in the scope. */
#include "common/api.h"
#include "common/clock.h"

/* A date of the query, or what stands in for it; preset NULL = it must be there. */
struct date query_date(struct scope *s, const struct request *request, const char *name,
                       const struct date *preset);
/* The period must not be empty; to is exclusive. */
void query_order(struct scope *s, struct date from, struct date to);

#endif
