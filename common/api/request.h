/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_API_REQUEST_H
#define COMMON_API_REQUEST_H
/* What a request is judged by before its handler. */
#include "common/problem/scope.h"

struct door;
struct request;
struct route;

/* Counts who comes, and holds them to what one may. */
enum problem request_limit(struct scope *s, const struct door *door, struct request *request);

/* All that a head can be refused for: who asks, what they may, what the row needs. */
enum problem request_prepare(struct scope *s, const struct door *door, struct request *request);

/* The type of body that the route takes, NULL if none; and that body, read. */
const char *request_body_type(const struct route *route);
enum problem request_take_body(struct scope *s, struct request *request);

#endif
