/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_API_PRIVATE_H
#define COMMON_API_PRIVATE_H
/* What the files of the API skeleton share; included by them alone and by their tests. */
#include "common/api.h"

/* The parts of a path that a pattern names; false if the path is another. */
struct path_parts {
    const char *id;
    int64_t n;
    const char *name;
};
bool path_match(struct arena *a, const char *pattern, const char *path, struct path_parts *out);

/* The route of listener, method and path. NOT_FOUND, or METHOD with *allow filled. */
enum problem route_find(struct arena *a, const struct route *routes, enum listener listener,
                        enum method method, const char *path, const struct route **route,
                        struct path_parts *parts, const char **allow);

/* What one listener's handler needs. */
struct door {
    const struct api *api;
    struct program *program;
    enum listener listener;
    void *own;
    struct limits *limits;
};

/* Counts who comes, and holds them to what one may. */
enum problem limit_peer(struct scope *s, const struct door *door, struct request *request);

/* All that a head can be refused for: who asks, what they may, what the row needs. */
enum problem prepare(struct scope *s, const struct door *door, struct request *request);

/* The type of body that the route takes, NULL if none; and that body, read. */
const char *body_type(const struct route *route);
enum problem take_body(struct scope *s, struct request *request);

/* Who asks, by token or session, and whether the route is for them: into s->who, NULL where
 * nobody logs in. */
enum problem take_principal(struct scope *s, const struct api *api,
                            struct request *request);

/* Whether a form that changes something in a session's name was made by a page of that
 * session. */
enum problem check_form(struct scope *s, const struct request *request);

/* The access log (api_access.c): begins what a request notes; takes the reason
 * that it gave. */
void access_begin(struct scope *s);
enum problem access_take_reason(struct scope *s, const struct request *request);

/* Writes what was noted in the open transaction, before an answer of that status is committed. BUG if
 * the route must log and noted nothing. */
enum problem access_settle(struct scope *s, const struct route *route, int status);

/* Logs in a transaction of its own that someone who is known was refused. */
void access_refused(struct scope *s, const struct request *request, int status);

/* WWW-Authenticate of a refusal (RFC 6750 3), or NULL. */
const char *challenge_of(struct scope *s, const struct request *request, enum problem p);

/* The best of nb, nn, en for an Accept-Language; NB if none fits or text is NULL. no = nb. */
enum language language_of(const char *accept);

/* How much an Accept header wants the type ("application/json"), in thousandths by the range that names it
 * most closely; 0 = not at all. Without a header all are wanted alike. */
int quality_of(const char *accept, const char *type);
/* Whether it wants a page rather than a document: a browser's does, a program's does not. */
bool asks_for_html(const char *accept);

/* Whether a Content-Type header says the type, in UTF-8; what else it says means nothing to us. NULL says nothing. */
bool is_content_type(const char *header, const char *type);

#endif
