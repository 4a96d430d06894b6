/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_DB_OPEN_H
#define COMMON_DB_OPEN_H
/* Connections: opened, opened anew, closed. */
#include "common/problem/scope.h"

struct statement;

/* One connection; the statements of every folder that the program links are prepared on it. */
struct db_options {
    const char *url;  /* postgresql://... or key=value */
    const char *role; /* "tillit_triage" */
    const char *const *session; /* SET commands run on open, ended by NULL; or NULL */
};

/* A session for those who reach rows by key, batch after batch: plans that do not change with what
 * the planner happens to know of a table's size. */
extern const char *const db_steady_plans[];
struct db *db_new(const struct db_options *options); /* borrowed; opens nothing yet */
void db_free(struct db *db);

/* Opens or reopens if needed, to a server that can be written to unless the URL says otherwise
 * (target_session_attrs): waits at most 3 s, and goes on by itself meanwhile, so that the next call finds what this
 * one did not wait for. PROBLEM_UNAVAILABLE if away, PROBLEM_BUG if a statement does not prepare; the scope's detail
 * says which. */
enum problem db_open(struct scope *s, struct db *db);

#endif
