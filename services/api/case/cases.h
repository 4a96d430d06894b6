/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_CASE_CASES_H
#define SERVICES_API_CASE_CASES_H
/* A case as staff see it, its letters, and registering a talk. */
#include "common/problem/scope.h"

struct case_view;
struct http_reply;
struct list;

/* In the transaction that is open; *seq is the number of its last event. NOT_FOUND. */
enum problem case_view_load(struct scope *s, const char *case_id, struct case_view *view,
                            int64_t *seq);

/* The letters of a case, as a list of struct letter_view. */
enum problem letters_load(struct scope *s, const char *case_id, struct list *out);

/* A letter of the case, as PDF. PROBLEM_NOT_FOUND if there is none of that number. */
enum problem letter_load(struct scope *s, const char *case_id, int64_t n,
                         struct http_reply *reply);

#endif
