/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_CONSOLE_PARTS_H
#define SERVICES_API_CONSOLE_PARTS_H
/* Who takes part in a case, as the case page shows them. */
#include "common/problem/scope.h"

/* As the application says them; NULL where it does not. */
struct case_names {
    const char *submitter, *applicant; /* the same, if it was sent for oneself */
};

/* Codes (ended by NULL) to choose from, with the texts <kind>_<code>. */
json_t *choices_view(const char *kind, const char *const *codes);

/* Who takes part in the case, and took; and why one of them may be ended. */
enum problem parts_view(struct scope *s, const char *case_id,
                        const struct case_names *names, json_t **out);
json_t *ends_view(void);

#endif
