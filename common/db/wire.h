/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_DB_WIRE_H
#define COMMON_DB_WIRE_H
/* What the files of the database layer share; included by them alone and by their tests. */
#include <libpq-fe.h>

#include "common/db/sqlstate.h"
#include "common/problem/scope.h"

struct db_options;

struct arena;
struct opening;

struct db {
    struct arena *arena;
    const struct db_options *options;
    PGconn *conn;
    struct opening *opening; /* NULL: none is under way */
    int64_t opened_at;       /* steady ms */
    enum whose condemned;    /* why it was closed last */
    char constraint[64];
    char sqlstate[6]; /* of the last error, or "" */
};

/* Time to wait for a connection, for its statements to be prepared, for an answer, and for a rollback when a request's
 * time is up. */
enum { CONNECT_MS = 3000, PREPARE_MS = 8000, ANSWER_MS = 8000, ROLLBACK_MS = 200 };

/* Waits for the one result of what was sent; NULL with the connection closed when the deadline
 * passes or the server is gone. The caller owns it. */
PGresult *db_await(struct db *db, int timeout_ms);
/* The same of a pipeline: the next result, NULL also between two. */
PGresult *db_await_next(struct db *db, int64_t deadline, bool *broken);

/* The problem of a failed result, noted in the scope with the statement's name. */
enum problem db_refused(struct scope *s, struct db *db, const PGresult *pg, const char *statement);

/* Whether an idle connection still is one that can be used: nothing was said on it meanwhile, or nothing that ends it. */
bool db_is_sound(struct db *db);

bool db_is_open(const struct db *db);
void db_close(struct db *db);

#endif
