/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_START_ANSWER_H
#define COMMON_START_ANSWER_H
/* Answers as JSON, problems among them. */
#include "common/problem/scope.h"
#include "common/words/codes.h"

struct http_reply;

/* application/problem+json with all field errors, in the language. */
void api_problem(struct scope *s, enum problem problem, enum language language,
                 struct http_reply *reply);

/* The value as the body, application/json; takes it over. */
void api_json(struct scope *s, json_t *value, struct http_reply *reply);

#endif
