/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_API_MATCH_H
#define COMMON_API_MATCH_H
/* Which route a request is for, and what its heads say that they want. */
#include "common/api/api.h"

/* Whether a list of an If-Match header (or "*") names the tag ("\"5\""), and not as a weak one. */
bool match_names(const char *match, const char *etag);

/* The route by which the listener answers a GET of the path; NULL if there is none. */
const struct route *api_route(struct arena *a, const struct route *routes,
                              enum listener listener, const char *path);

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
