/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_GUARD_H
#define COMMON_GUARD_H
/*
 * What Civetweb lets through and we do not: framing that a proxy may read differently, missing or
 * double Host, header names that are no tokens, control bytes. Pure, so that it can be fuzzed.
 */
#include <stdbool.h>
#include <stddef.h>

#include "common/problem.h"

struct guard_header {
    const char *name;
    const char *value;
};

struct guarded {
    const char *method;
    const char *target; /* as sent: path and query */
    const struct guard_header *headers;
    size_t count;
    size_t body_limit; /* bytes; exactly the limit is taken */
};

/* OK and the body's length (0 without Content-Length), or TOO_LARGE, NOT_IMPLEMENTED, MALFORMED. */
enum problem guard_check(const struct guarded *request, size_t *body_length);

#endif
