/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_HTTP_MESSAGE_H
#define COMMON_HTTP_MESSAGE_H
/* Requests and replies, whichever listener they come by. */
#include "common/problem/scope.h"

struct guard_header;
struct head;
struct http_options;

enum method { GET, HEAD, POST, PUT, PATCH, DELETE, METHOD_COUNT };
const char *method_name(enum method method);

struct http_request {
    enum method method;
    const char *path;  /* decoded, no NUL, well-formed UTF-8 */
    const char *query; /* raw, or "" */
    const char *body;  /* NUL-terminated; "" if none; NULL while it has not come */
    size_t body_length;
    const char *peer; /* the address that the connection comes from */
    const struct guard_header *headers;
    size_t header_count;
    void *kept; /* the handler's own, between the head and the body */
};

/* The header's value, or NULL. name in any case. */
const char *http_header(const struct http_request *request, const char *name);

/* The last of several headers of that name: a proxy adds its own behind what came to it. */
const char *http_header_last(const struct http_request *request, const char *name);

/* All of that name as one list (RFC 9110 5.3), with `between` between; NULL if there is none. */
const char *http_header_list(struct arena *a, const struct http_request *request,
                             const char *name, const char *between);

enum { COOKIES_MOST = 8 }; /* that one answer sets or takes away */

struct http_reply {
    int status;
    const char *content_type; /* NULL = no body */
    const void *body;
    size_t length;
    const char *location; /* or NULL */
    const char *etag;     /* with quotes, or NULL */
    const char *allow;    /* or NULL */
    const char *challenge; /* WWW-Authenticate, or NULL */
    const char *cache;    /* Cache-Control; NULL = no-store */
    const char *file_name; /* what it is called when it is kept: ASCII without quotes; or NULL */
    int retry_after;      /* seconds; 0 = not sent */
    const char *crash_points; /* whose crash points its way out has: said by who answers; or NULL */
    const char *cookies[COOKIES_MOST]; /* Set-Cookie (cookie.h), or NULL */
};

/* Answers a request. Called with the head as soon as that is read: whatever is wrong with it is told before a body is waited
 * for. False: it needs the body; called once more, with the same scope and `kept`, when that is there. */
typedef bool http_handler(struct scope *s, struct http_request *request,
                          struct http_reply *reply, const void *context);

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

#endif
