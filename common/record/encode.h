/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_RECORD_ENCODE_H
#define COMMON_RECORD_ENCODE_H
/* Records to JSON. */
#include "common/problem/scope.h"

struct record;

/* Compact JSON of the struct, NUL-terminated, in the scope's arena. What is absent is null
 * where the member is NULLABLE, else left out; an empty text that must be there is one. */
char *record_to_json(struct scope *s, const struct record *record, const void *in);

#endif
