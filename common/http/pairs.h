/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_HTTP_PAIRS_H
#define COMMON_HTTP_PAIRS_H
/* Names and values of a query or a form. */
#include "common/problem/scope.h"

/* Parsers of what a form sends: application/x-www-form-urlencoded. */
struct pair {
    const char *name;
    const char *value; /* without what can be no text */
};

struct pairs {
    const struct pair *items;
    size_t count;
};

/* PROBLEM_MALFORMED for a name that is no text and for more than 500 pairs; a value that is none, by a
 * NUL, a bad escape or ill-formed UTF-8, is noted as FAULT_FORMAT at "/<name>", for the caller to look at. CR LF -> \n. */
enum problem pairs_parse(struct scope *s, const char *text, size_t length, struct pairs *out);
const char *pairs_get(const struct pairs *pairs, const char *name); /* first, or NULL */

#endif
