/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_HTTP_GUARD_H
#define COMMON_HTTP_GUARD_H
/*
 * The head of a request, read from the bytes as they came, and nothing taken that a proxy may read
 * in another way (RFC 9112): whatever is unusual is refused, so that nothing can hide behind it.
 * Pure, so that it can be fuzzed.
 */
#include <stddef.h>

#include "common/problem/problem.h"

struct arena;

struct guard_header {
    const char *name;
    const char *value; /* without the blanks around it */
};

struct head {
    const char *method; /* one that we know */
    const char *target; /* as sent, but for what stands before its path */
    const char *authority; /* of a target that is a whole address: it stands in for Host; NULL = none */
    const char *path;   /* decoded: no NUL, no control byte, well-formed UTF-8 */
    const char *query;  /* raw, or "" */
    const struct guard_header *headers;
    size_t count;
    size_t body_length; /* bytes that follow; 0 without Content-Length */
    bool expects;       /* waits for 100 before it sends them (RFC 9110 10.1.1) */
};

/* How many bytes of these are a head, the empty line included; 0 while it has not ended. */
size_t guard_length(const char *bytes, size_t length);

/* The head in `length` bytes, read into the arena. TOO_LARGE for a body over body_limit (exactly
 * the limit is taken), NOT_IMPLEMENTED for a method that is none of ours, VERSION for one of HTTP that is not 1.x,
 * EXPECTATION for what is expected beside 100-continue, MALFORMED for the rest. */
enum problem guard_head(struct arena *a, const char *bytes, size_t length, size_t body_limit,
                        struct head *out);

/* What the Accept header says in bytes that may be no sound head, for the words of a refusal; NULL if it is not there. */
const char *guard_accept(struct arena *a, const char *bytes, size_t length);

/* What to answer to a request line that was not read to its end: VERSION, or NOT_IMPLEMENTED if the method is
 * all that is wrong with it. Both may be NULL; version as in "1.1". */
enum problem guard_line(const char *method, const char *version);

#endif
