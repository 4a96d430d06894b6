/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_CONSOLE_CONSOLE_H
#define SERVICES_API_CONSOLE_CONSOLE_H
/* A case's door, and what stands behind it for those to whom it is open. */
#include "common/problem/scope.h"

struct case_standing;
struct pairs;
struct reply;

/* What the access log keeps as why: the words if there are any, else the reason of that code. */
void console_say_why(struct scope *s, const char *reason, const char *words);

/* What is behind a case's door needs it open: FORBIDDEN; NOT_FOUND as standing_find. Says why it is. */
enum problem console_inside(struct scope *s, const char *case_id);

/* What is not there, or not theirs to know of. */
enum problem console_missing(struct scope *s, struct reply *reply);

/* As standing_find; NOT_FOUND has its page in the reply. */
enum problem console_find(struct scope *s, const char *case_id, struct case_standing *out,
                          struct reply *reply);

/* Asks why the case shall be opened; typed is what was sent and refused, or NULL. */
enum problem door_page(struct scope *s, const char *case_id, const struct case_standing *at,
                       const struct pairs *typed, struct reply *reply);

#endif
