/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_FORM_VIEW_H
#define SERVICES_API_FORM_VIEW_H
/* The form as its template reads it. */
#include <jansson.h>

struct pairs;
struct scope;

/* The view for templates/form.html; fields may be empty. Errors come from the scope: each has at least
 * one line in the summary, which leads to a question on the page. The caller owns it. */
json_t *form_view(struct scope *s, const struct pairs *fields, const char *key);

#endif
