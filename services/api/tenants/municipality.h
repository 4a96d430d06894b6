/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_TENANTS_MUNICIPALITY_H
#define SERVICES_API_TENANTS_MUNICIPALITY_H
/* Whom the installation serves and who may come, remembered for a moment: every request
 * asks. */
#include "common/base/text.h"
#include "common/problem/scope.h"

struct arena;
struct remembered;

struct remembered *remembered_new(struct arena *a);
void remembered_free(struct remembered *remembered);
/* Reads it again, within three seconds; whether it was ever read: an API that does not know whom it serves
 * would refuse everybody. One thread asks, every second or so. */
bool remembered_ready(const struct program *program, struct remembered *remembered);

/* Whether the municipality has a row. True where
 * there is no state (pure tests). */
bool municipality_served(struct scope *s, const char *number);

struct municipality {
    const char *number;
    const char *name;
    const char *phone; /* or NULL, as the next */
    const char *address;
    const char *web;
    const char *accent; /* "#12405c" */
};
/* Its row, copied into the scope; false if it has none. */
bool municipality_find(struct scope *s, const char *number, struct municipality *out);

/* The numbers of those that citizens may see, comma-separated: TILLIT_MUNICIPALITY, or all that are
 * served. */
const char *municipalities_seen(struct scope *s);

/* Those that the form offers, by name as Norwegians sort; copied into the scope. */
struct municipalities {
    const struct municipality *items;
    size_t count;
};
struct municipalities municipalities_offered(struct scope *s);

/* An organisation whose systems may come. */
struct client {
    const char *organisation;   /* nine digits */
    const char *name;
    const char *municipalities; /* comma-separated */
};
/* Its row, copied into the scope, at most two seconds old; false if it may not come. */
bool client_find(struct scope *s, const char *organisation, struct client *out);

/* Where a municipality's staff log in. */
struct staff_login {
    const char *municipality;
    const char *issuer;
    const char *client;
    const char *roles_claim; /* "realm_access.roles": members below one another */
    const char *role_map;    /* JSON: what the claim says -> a role's name */
};
/* Its row, copied into the scope, at most two seconds old; false if staff can't log in. */
bool staff_login_find(struct scope *s, const char *municipality, struct staff_login *out);

/* The numbers of all municipalities whose staff can log in, in the scope. */
struct texts staff_logins(struct scope *s);

#endif
