/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_HTTP_COOKIE_H
#define COMMON_HTTP_COOKIE_H
/*
 * Cookies of our own (RFC 6265), which all hold a secret: bound to this host by the prefix
 * __Host-, never sent in the clear, out of scripts' reach, and not sent with what another
 * site posts.
 */
#include "common/base/text.h"

struct arena;

/* The one that opens a session of citizens, and of staff. */
#define SESSION_COOKIE "__Host-tillit"
#define STAFF_COOKIE "__Host-tillit-staff"

/* The value of the cookie in a Cookie header; NULL if it is not there, or there twice. */
const char *cookie_find(struct arena *a, const char *header, const char *name);

/* The names in a Cookie header that begin so, in its order: what a browser has had longest comes first. */
struct texts cookie_names(struct arena *a, const char *header, const char *prefix);

/* A Set-Cookie header's value. max_age_s 0 = until the browser is closed. */
const char *cookie_set(struct arena *a, const char *name, const char *value, int max_age_s);
/* One that makes the browser forget it. */
const char *cookie_forget(struct arena *a, const char *name);

#endif
