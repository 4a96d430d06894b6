/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_MUNICIPALITY_H
#define SERVICES_API_MUNICIPALITY_H
/* What the API keeps between requests: intake connections, shared commits, who is served and who may come. */
#include <stdbool.h>

#include "common/program.h"

struct api_state;
struct intake;
struct issuer;

void *api_state_new(struct program *program);
void api_state_free(void *state);

/* The connections of the role that may insert applications and see nothing. */
struct pool *intake_pool(const struct scope *s);
/* Where their commits are shared. */
struct intake *intake_of(const struct scope *s);

/* Who issues systems' tokens; NULL if no system logs in. */
struct issuer *systems_issuer(const struct scope *s);

/* Whether the municipality has a row; read again at most every two seconds. True where there is no
 * state (pure tests). */
bool municipality_served(struct scope *s, const char *number);

struct municipality {
    const char *number;
    const char *name;
    const char *phone; /* or NULL */
};
/* Its row, copied into the scope; false if it has none. */
bool municipality_find(struct scope *s, const char *number, struct municipality *out);

/* An organisation whose systems may come. */
struct client {
    const char *organisation;   /* nine digits */
    const char *municipalities; /* comma-separated */
};
/* Its row, copied into the scope, at most two seconds old; false if it may not come. */
bool client_find(struct scope *s, const char *organisation, struct client *out);

#endif
