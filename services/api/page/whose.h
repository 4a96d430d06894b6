/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_PAGE_WHOSE_H
#define SERVICES_API_PAGE_WHOSE_H
/* For whom a page was drawn. */
#include "common/problem/scope.h"

/* What a page's forms say of whom they are drawn for: a keyed digest of who asks. NULL if nobody is logged in. */
const char *page_whose(struct scope *s);

/* Whether a form that says so was drawn for who asks now, by whichever live key; NULL was not. */
bool page_drawn_for(struct scope *s, const char *whose);

#endif
