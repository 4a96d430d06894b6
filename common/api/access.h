/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_API_ACCESS_H
#define COMMON_API_ACCESS_H
/* The access log's part of the skeleton. */
#include "common/problem/scope.h"

struct request;
struct route;

/* Begins what a request notes; takes the reason
 * that it gave. */
void access_begin(struct scope *s);
enum problem access_take_reason(struct scope *s, const struct request *request);

/* Writes what was noted in the open transaction, before an answer of that status is committed. BUG if
 * the route must log and noted nothing. */
enum problem access_settle(struct scope *s, const struct route *route, int status);

/* Logs in a transaction of its own that someone who is known was refused. */
void access_refused(struct scope *s, const struct request *request, int status);

#endif
