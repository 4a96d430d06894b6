/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_LOGIN_PLACE_H
#define SERVICES_API_LOGIN_PLACE_H
/*
 * Where a browser keeps the logins that it has begun. Each has a cookie to itself, named by its
 * state, so that tabs do not take each other's; it holds the login's secret and the page that
 * was asked for. The secret goes when it is used, the page stays an hour: whoever comes
 * late, or comes by the same address again, still gets where they were going.
 */
#include "common/api/api.h"

struct login_place {
    const char *secret; /* NULL: none that the state belongs to, or it is used */
    const char *back;   /* as the browser says; NULL: it says nothing */
};

/* The place that the state names. */
struct login_place login_place_find(struct scope *s, enum listener at, const char *cookies,
                                    const char *state);

/* Keeps a login, among the cookies that the answer sets; of very many the oldest give way. */
void login_place_keep(struct scope *s, enum listener at, const char *cookies,
                      const struct login_place *place, struct http_reply *reply);

/* What remains of one whose secret is used: a Set-Cookie header's value. */
const char *login_place_used(struct scope *s, enum listener at, const struct login_place *place);

#endif
