/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_FORM_PAGES_H
#define SERVICES_API_FORM_PAGES_H
/* What others call of the form's pages. */
#include "common/problem/problem.h"

struct http_reply;
struct request;
struct scope;

/* The page for a form that was sent after its session had ended: nothing that was written is lost, and it stays
 * with whom it was drawn for. What they wrote comes back in the very answer to what this browser sent, and
 * nowhere else. */
enum problem form_again(struct scope *s, const struct request *request,
                        struct http_reply *reply);

#endif
