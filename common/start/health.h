/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_START_HEALTH_H
#define COMMON_START_HEALTH_H
/* What every internal address answers. */
#include "common/problem/scope.h"

struct http_reply;
struct http_request;

bool program_health(struct scope *s, struct http_request *request, struct http_reply *reply,
                    const void *context);
void program_refuse(struct scope *s, enum problem problem, const char *accept,
                    struct http_reply *reply, const void *context);

#endif
