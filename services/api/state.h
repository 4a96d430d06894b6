/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_STATE_H
#define SERVICES_API_STATE_H
/* What the API keeps between requests; NULL in pure tests. */
#include "common/program.h"

struct entrances;
struct intake;
struct issuer;
struct remembered;

/* NULL, after a line on stderr, if a key can't be read. */
void *api_state_new(struct program *program);
void api_state_free(void *state);
/* Threads that may wait in it at once (struct api's own_waiting). */
int api_state_waiting(const struct program *program);
/* Whether all is known that requests are judged by (struct api's own_ready). */
bool api_state_ready(struct program *program, void *state);

/* The connections of the role that may insert applications and see nothing. */
struct pool *intake_pool(const struct scope *s);
/* Where their commits are shared. */
struct intake *intake_of(const struct scope *s);

/* Who issues systems' tokens; NULL if no system logs in. */
struct issuer *systems_issuer(const struct scope *s);

/* Where people log in (entrance.h). */
struct entrances *entrances_of(const struct scope *s);

/* Who is served and who may come (municipality.h). */
struct remembered *remembered_of(const struct scope *s);

#endif
