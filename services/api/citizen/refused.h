/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_CITIZEN_REFUSED_H
#define SERVICES_API_CITIZEN_REFUSED_H
/* What people read instead of a page. */
#include "common/api/api.h"

/* Instead of one that they may not see (struct api's turn_away). */
enum problem page_turn_away(struct scope *s, const struct request *request, enum problem problem,
                            struct http_reply *reply);

/* Any problem in words, with a way back: to the form, or to staff's own page. reply holds the status. */
enum problem page_explain(struct scope *s, enum listener at, enum problem problem,
                          struct http_reply *reply);

#endif
