/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_OPERATIONS_THROUGHPUT_H
#define SERVICES_API_OPERATIONS_THROUGHPUT_H
#include "common/record/record.h"

/* The last hour as the template draws it: spans with their bars, on one scale. */
struct throughput {
    struct list spans;
    struct axis *scale;
};
extern const struct record throughput_record;
enum problem throughput_load(struct scope *s, struct throughput *out);

#endif
