/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_MUNICIPALITY_H
#define SERVICES_API_MUNICIPALITY_H
/* What the API keeps between requests: intake connections, shared commits, and who is served. */
#include <stdbool.h>

#include "common/program.h"

struct api_state;
struct intake;

void *api_state_new(struct program *program);
void api_state_free(void *state);
/* Whether it has ever read who is served, or does now: an API that does not know would refuse everybody. */
bool api_state_ready(struct program *program, void *state);

/* The connections of the role that may insert applications and see nothing. */
struct pool *intake_pool(const struct scope *s);
/* Where their commits are shared. */
struct intake *intake_of(const struct scope *s);

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

#endif
