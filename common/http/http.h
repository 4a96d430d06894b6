/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_HTTP_HTTP_H
#define COMMON_HTTP_HTTP_H
/*
 * HTTP, behind one door: the only file that knows Civetweb is http.c, so that it can be replaced; a program's
 * internal address has a listener of its own (gate.h). The guard has refused malformed framing before a handler
 * sees a request. A handler fills in a reply; nothing else writes to a socket. One request has one scope.
 */
#include "common/http/message.h"

struct arena;
struct http_server;

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

#endif
