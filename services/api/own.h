/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_OWN_H
#define SERVICES_API_OWN_H
/* What the API keeps between requests is made and freed here. */
#include <stdbool.h>

struct program;

/* NULL, after a line on stderr, if a key can't be read. */
void *api_state_new(struct program *program);
void api_state_free(void *state);

/* Threads that may wait in it at once (struct api's own_waiting). */
int api_state_waiting(const struct program *program);

/* Whether all is known that requests are judged by (struct api's own_ready). */
bool api_state_ready(struct program *program, void *state);

#endif
