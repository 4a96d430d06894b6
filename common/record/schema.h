/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_RECORD_SCHEMA_H
#define COMMON_RECORD_SCHEMA_H
/* Records as JSON Schema, for OpenAPI. */
#include "common/record/record.h"

/* The JSON Schema (2020-12) of the record; nested records are {"$ref": refs + name}. The caller
 * owns the result (json_decref). */
json_t *record_schema(const struct record *record, enum strictness strictness,
                      const char *refs);

/* An example document of the record from the fields' examples. The caller owns the result. */
json_t *record_example(const struct record *record);

#endif
