/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_HTTP_H
#define COMMON_HTTP_H
/*
 * HTTP, behind one door: the only file that knows Civetweb is http.c, so that it can be replaced; a program's
 * internal address has a listener of its own (gate.h). The guard has refused malformed framing before a handler
 * sees a request. A handler fills in a reply; nothing else writes to a socket. One request has one scope.
 */
#include <stdbool.h>
#include <stddef.h>

#include "common/guard.h"
#include "common/scope.h"

enum method { GET, HEAD, POST, PUT, PATCH, DELETE, METHOD_COUNT };

const char *method_name(enum method method);

struct program;

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
    const char *cookies[COOKIES_MOST]; /* Set-Cookie (cookie.h), or NULL */
};

struct http_server;

/* Answers a request. Called with the head as soon as that is read: whatever is wrong with it is told before a body is waited
 * for. False: it needs the body; called once more, with the same scope and `kept`, when that is there. */
typedef bool http_handler(struct scope *s, struct http_request *request,
                          struct http_reply *reply, const void *context);

struct http_options {
    const char *address; /* host:port */
    int threads;
    size_t body_limit; /* bytes; exactly the limit is taken */
    const struct program *program;
    http_handler *handle;
    const void *context;
    /* Answers what could not be read as a request. The Accept header is NULL if no head was read. */
    void (*refuse)(struct scope *s, enum problem problem, const char *accept, struct http_reply *reply,
                   const void *context);
};

/* Why an address that is one can't be listened on by http_start, in words; NULL if it can. */
const char *http_address_fault(struct arena *a, const char *address);

/* NULL if the address can't be taken; *why then says so in words (in the arena). */
struct http_server *http_start(struct arena *a, const struct http_options *options,
                               const char **why);
/* Stops taking requests, waits for those under way. NULL is legal. */
void http_stop(struct http_server *server);

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
