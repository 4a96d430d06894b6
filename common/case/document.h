/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_CASE_DOCUMENT_H
#define COMMON_CASE_DOCUMENT_H
/*
 * What a row holds sealed, opened: an application, a letter, words that somebody wrote. The row has
 * the columns municipality, document_id (of the row that it was sealed for) and sealed. What is
 * opened lives as long as the scope.
 */
#include "common/db/values.h"
#include "common/seal/seal.h"

/* Ended by a NUL that does not count. data is NULL where nothing was sealed. */
enum problem document_open(struct scope *s, enum seal_label label, const struct result *r, int row,
                           struct bytes *out);

/* PROBLEM_MALFORMED if it is no JSON. */
enum problem document_open_json(struct scope *s, enum seal_label label, const struct result *r,
                                int row, json_t **out);

#endif
