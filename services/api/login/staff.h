/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_LOGIN_STAFF_H
#define SERVICES_API_LOGIN_STAFF_H
/* A municipality's staff: whom its issuer says they are, and what that makes of them here. */
#include "common/problem/scope.h"

struct staff_login;

struct staff {
    const char *id; /* of their row */
    const char *municipality;
    const char *name;
    const char *unit;   /* or NULL */
    const char *person; /* national id, or NULL if their issuer names none */
    unsigned roles;     /* bits of enum role */
};

/* Who the claims of the municipality's issuer say has come: their row is made or brought up
 * to date.
 * UNAUTHENTICATED   the issuer names no subject or no name
 * NOT_FOUND         it gives them no role that means anything here
 * UNAVAILABLE       the database is away */
enum problem staff_come_in(struct scope *s, const struct staff_login *login,
                           const json_t *claims, struct staff *out);

#endif
