/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_HTTP_PRIVATE_H
#define COMMON_HTTP_PRIVATE_H
/* What the public and the internal listener share; included by them alone. */
#include "common/http.h"

/* How long who is slow may be; milliseconds. */
enum {
    HEAD_MS = 5000,
    BODY_MS = 10000,
    GRACE_MS = 2000,         /* no rate is asked of a body before that */
    ANSWER_MS = 10000,       /* and a second more for each of ANSWER_RATE bytes */
    ANSWER_RATE = 20000,     /* bytes a second */
    FAREWELL_MS = 1000,      /* what is still sent behind an answer is read so long: closed at once, the
                                connection would be reset, and the answer lost with it */
    LEAST_RATE = 1000,       /* bytes a second of a body */
    LONGEST_HEAD = 16 * 1024 /* bytes */
};

/* Whether `have` bytes are too few after so many milliseconds. */
bool http_is_slow(size_t have, int64_t ms);

/* A caller's trace as version 00 says it; NULL if the text is none. */
const char *http_trace(struct arena *a, const char *text);

/* The scope of a request that comes now, with the caller's trace or one of our own; traceparent as in a header, or NULL. */
void http_begin(struct scope *s, const char *traceparent);

/* The request that a head says; its body is "" or still to come. */
struct http_request http_request_of(const struct head *head, const char *peer);

/* What is refused is answered as the listener's own handler says. */
void http_refuse(const struct http_options *options, struct scope *s, enum problem problem,
                 const char *accept, struct http_reply *reply);

/* The reply as it goes over the line; without its body to a HEAD. */
struct buffer http_bytes(struct scope *s, const struct http_reply *reply, bool body);

/* The interim answer to who waits for it before sending a body. */
#define HTTP_CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"

#endif
