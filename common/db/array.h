/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_DB_ARRAY_H
#define COMMON_DB_ARRAY_H
/* Arrays as parameters. */
#include "common/db/values.h"

struct param param_ids(struct scope *s, const char *const *ids, size_t count);    /* uuid[]; well-formed or NULL: asserted */
struct param param_integers(struct scope *s, const int64_t *items, size_t count); /* bigint[] */

/* An array parameter in binary, filled item by item: nothing is escaped, nothing parsed. For the
 * statements that carry many rows at once. A NULL item is SQL NULL. */
enum array_of { ARRAY_OF_TEXT, ARRAY_OF_UUID, ARRAY_OF_BYTES, ARRAY_OF_FLAGS, ARRAY_OF_TIMES, ARRAY_OF_INTEGERS };

struct array {
    struct buffer bytes;
    uint32_t count;
};
struct array array_new(struct scope *s, enum array_of what, size_t room); /* bytes expected; 0 = as usual */
void array_add_text(struct array *array, const char *text);
void array_add_uuid(struct array *array, const char *uuid); /* of our own making: asserted */
void array_add_bytes(struct array *array, const void *data, size_t length);
void array_add_flag(struct array *array, bool value);
void array_add_time(struct array *array, int64_t instant);
void array_add_integer(struct array *array, int64_t value); /* bigint */
void array_add_null(struct array *array);
struct param param_array(struct array *array);

#endif
