/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_API_API_H
#define COMMON_API_API_H
/*
 * The skeleton of an HTTP API: one table of routes. Method, path, role, body and answer follow from
 * the row; 401/403/404/405/413/415/428, metrics and OpenAPI as well. A handler returns a verdict as a
 * worker does, and never sees a malformed document.
 */
#include "common/http/message.h"
#include "common/http/pairs.h"
#include "common/program/program.h"
#include "common/record/record.h"
#include "common/who/role.h"
#include "common/who/who.h"

struct program_flag;

enum listener { PUBLIC, INTERNAL };

enum needs {
#define NEED(name, bit, meaning) NEEDS_##name = 1 << (bit),
#include "common/api/needs.def"
#undef NEED
};

struct request {
    const struct route *route;
    const struct http_request *http;
    enum language language;  /* of Accept-Language; nb if none fits */
    const char *id;          /* {id}: a well-formed UUID; NULL if the path has none */
    int64_t n;               /* {n}: 1 to 1,000,000; 0 if none */
    const char *name;        /* {name}: rest of the path, for assets */
    struct pairs query;
    struct pairs form;
    const void *document;    /* body decoded with the route's record */
    const char *key;         /* Idempotency-Key */
    const char *client;      /* whose key it is: the principal's client */
    const char *match;       /* If-Match: the tags, as a list (match_names) */
    int retry_after;         /* who came too often: in how many seconds they may again */
};

struct reply {
    struct http_reply http;
    const struct record *record; /* what answer is; NULL if handler filled http.body itself */
    const void *answer;          /* encoded as JSON with the record */
};

struct route {
    enum listener listener;
    enum method method;
    const char *path; /* "/api/v1/cases/{id}/letters/{n}"; a row without path ends the table */
    const char *name; /* the handler's */
    enum problem (*handle)(struct scope *s, const struct request *request, struct reply *reply);
    unsigned role;     /* who may: bits of enum role; ANYONE */
    const char *scope; /* what a system's token must hold (TILLIT_SCOPE_PREFIX); NULL = none may */
    unsigned needs;    /* bits of enum needs */
    const struct record *body;   /* JSON, or NULL */
    const struct record *answer; /* JSON, or NULL */
    int success;                 /* 200, 201 */
    const char *summary;         /* one line for OpenAPI; NULL = a page, not in the document */
    const char *const *query;    /* names of query parameters, "!" at the end = required; or NULL */
    const char *word;            /* key of its word in staff's menu; NULL = it does not stand there */
};

struct api {
    const char *name; /* of programs.def */
    const struct route *routes;
    const struct program_flag *flags;
    /* What outlives requests, or NULL; returns NULL after saying why not. */
    void *(*own_new)(struct program *program);
    void (*own_free)(void *own);
    /* Threads of the public listener that may wait for it at once, besides those that wait for the
     * program's pool; the listener has more. */
    int (*own_waiting)(const struct program *program);
    /* Whether all is known that requests are judged by, asked until it is: no door opens
     * before. Asked again every second or so: what has changed since is found there, and no request
     * waits for it. Or NULL. */
    bool (*own_ready)(struct program *program, void *own);
    /* Whom a bearer token speaks for, on a route of that scope (NULL: of none).
     * UNAUTHENTICATED, FORBIDDEN (out names whom, if they are known), or UNAVAILABLE while
     * nobody can tell. */
    enum problem (*admit)(struct scope *s, const char *token, const char *scope,
                          struct principal *out);
    /* Whose session the Cookie header opens: a citizen's on the public listener, staff's on
     * the internal one; cookies may be NULL. UNAUTHENTICATED if nobody's. */
    enum problem (*recognise)(struct scope *s, enum listener at, const char *cookies,
                              struct principal *out);
    /* Whether who asks may do what only the body tells: asked before its faults are told. The document may be
     * incomplete. Or NULL. */
    enum problem (*may)(struct scope *s, const struct request *request);
    /* Answers a page that was refused (UNAUTHENTICATED, FORBIDDEN, UNAVAILABLE) in
     * words; reply is fresh. */
    enum problem (*turn_away)(struct scope *s, const struct request *request,
                              enum problem problem, struct http_reply *reply);
    /* Answers any problem in words, for who looks at a page; reply holds its status. */
    enum problem (*explain)(struct scope *s, enum listener at, enum problem problem,
                            struct http_reply *reply);
};

int api_main(const struct api *api, int argc, char **argv);

void *api_own(const struct scope *s);

#endif
