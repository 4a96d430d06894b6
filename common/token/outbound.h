/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_TOKEN_OUTBOUND_H
#define COMMON_TOKEN_OUTBOUND_H
/*
 * A question to another system, over HTTPS. The only file that knows libcurl is outbound.c.
 * Addresses come from settings and from what a system named there says of itself, never
 * from a request.
 */
#include "common/problem/scope.h"

enum { OUTBOUND_MOST = 256 * 1024 }; /* bytes that an answer may have */

struct outbound_answer {
    const char *body; /* NUL-terminated, in the scope */
    size_t length;
    int64_t
        max_age_s; /* how long it may be kept (Cache-Control), or -1 if it does not say */
};

/* Before the first thread that asks. */
void outbound_start(void);

/* GETs the address. Of what link_is_safe takes alone. No redirect
 * is followed, certificates are verified, 2 s to connect, 5 s in all and never past the scope's
 * deadline, whatever the name service does. PROBLEM_UNAVAILABLE,
 * with why in the scope's detail, if anything but a 200 of at most OUTBOUND_MOST bytes
 * came. */
enum problem outbound_get(struct scope *s, const char *url, struct outbound_answer *out);

/* The same with a form as a POST's body (application/x-www-form-urlencoded); a 201 is as good.
 * PROBLEM_FORBIDDEN if the other says that the question was wrong (4xx). */
enum problem outbound_post(struct scope *s, const char *url, const char *form,
                           struct outbound_answer *out);

/* Adds "name=value", encoded for a form or a query, behind what is there: & comes between.
 */
void outbound_field(struct buffer *b, const char *name, const char *value);

#endif
