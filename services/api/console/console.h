/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_CONSOLE_CONSOLE_H
#define SERVICES_API_CONSOLE_CONSOLE_H
/* What the console's pages share. */
#include <jansson.h>
#include <stdint.h>

#include "common/problem/scope.h"

struct case_standing;
struct pairs;
struct reply;

/* As the application says them; NULL where it does not. */
struct case_names {
    const char *submitter, *applicant; /* the same, if it was sent for oneself */
};

/* What the access log keeps as why: the words if there are any, else the reason of that code. */
void console_say_why(struct scope *s, const char *reason, const char *words);

/* What is behind a case's door needs it open: FORBIDDEN; NOT_FOUND as standing_find. Says why it is. */
enum problem console_inside(struct scope *s, const char *case_id);

/* "2026-11-27T09:05" in Oslo, as an input of that kind has it. */
const char *local_time(struct scope *s, int64_t instant);

/* What is not there, or not theirs to know of. */
enum problem console_missing(struct scope *s, struct reply *reply);

/* As standing_find; NOT_FOUND has its page in the reply. */
enum problem console_find(struct scope *s, const char *case_id, struct case_standing *out,
                          struct reply *reply);

/* Asks why the case shall be opened; typed is what was sent and refused, or NULL. */
enum problem door_page(struct scope *s, const char *case_id, const struct case_standing *at,
                       const struct pairs *typed, struct reply *reply);

/* Codes (ended by NULL) to choose from, with the texts <kind>_<code>. */
json_t *choices_view(const char *kind, const char *const *codes);

/* Who takes part in the case, and took; and why one of them may be ended. */
enum problem parts_view(struct scope *s, const char *case_id,
                        const struct case_names *names, json_t **out);
json_t *ends_view(void);

#endif
