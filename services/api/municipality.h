/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_MUNICIPALITY_H
#define SERVICES_API_MUNICIPALITY_H
/* Whom the installation serves and who may come, remembered for a moment: every request
 * asks. */
#include <stdbool.h>

#include "common/scope.h"

struct program;
struct remembered;

struct remembered *remembered_new(struct arena *a);
void remembered_free(struct remembered *remembered);
/* Whether it was ever read, or can be now: an API that does not know whom it serves would
 * refuse everybody. */
bool remembered_ready(const struct program *program, struct remembered *remembered);

/* Whether the municipality has a row; read again at most every two seconds. True where
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

/* Those that the form offers, by name as Norwegians sort; copied into the scope. */
struct municipalities {
    const struct municipality *items;
    size_t count;
};
struct municipalities municipalities_offered(struct scope *s);

/* An organisation whose systems may come. */
struct client {
    const char *organisation;   /* nine digits */
    const char *municipalities; /* comma-separated */
};
/* Its row, copied into the scope, at most two seconds old; false if it may not come. */
bool client_find(struct scope *s, const char *organisation, struct client *out);

#endif
