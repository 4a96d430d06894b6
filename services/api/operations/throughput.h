/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_OPERATIONS_THROUGHPUT_H
#define SERVICES_API_OPERATIONS_THROUGHPUT_H
#include <jansson.h>

#include "common/problem/scope.h"

/* What the template draws: bars of the last hour, their sums, the highest minute. The caller owns it. */
enum problem throughput_view(struct scope *s, json_t **out);

#endif
