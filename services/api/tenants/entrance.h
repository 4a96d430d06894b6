/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_TENANTS_ENTRANCE_H
#define SERVICES_API_TENANTS_ENTRANCE_H
/*
 * Where people log in: an issuer, and what we are called there. Citizens have one, by
 * settings; staff have one of each municipality, by its row of staff_logins.
 */
#include <stdatomic.h>

#include "common/problem/scope.h"

struct arena;
struct issuer;
struct signing_key;

struct entrance {
    struct issuer *issuer;
    const char *url;       /* iss */
    const char *client;    /* client_id */
    const char *own_url;   /* of the listener that people come back to, no slash at its end */
    const char *levels;    /* of assurance that are high enough, comma-separated; NULL = not asked */
    const struct signing_key *key; /* what we ask there is signed with it */
    atomic_int asking;     /* how many of us, right now */
};

struct entrances;

/* NULL, after a line on stderr, if our key can't be read. Lives as long as the program's
 * API. */
struct entrances *entrances_new(struct program *program, struct arena *a);
void entrances_free(struct entrances *all);

/* Where citizens log in. */
struct entrance *entrance_of_citizens(const struct scope *s);

/* Where the municipality's staff log in; NULL if they can't. */
struct entrance *entrance_of_staff(struct scope *s, const char *municipality);

#endif
