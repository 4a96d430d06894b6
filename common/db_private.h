/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_DB_PRIVATE_H
#define COMMON_DB_PRIVATE_H
/* What the files of the database layer share; included by them alone and by their tests. */
#include <libpq-fe.h>

#include "common/db.h"

/* Whose an error is: the statement's alone, or it condemns the connection, or all connections to that server. */
enum whose { OF_STATEMENT, OF_CONNECTION, OF_SERVER };

struct sqlstate {
    const char *prefix;
    enum problem problem;
    enum whose whose;
    const char *words; /* or NULL */
};
/* The row of a SQLSTATE; there is one for every text. */
const struct sqlstate *sqlstate_find(const char *code);

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

/* What libpq or the server said when a connection failed, in words that follow "the database": a constant. */
const char *db_refusal(const char *said);

void db_close(struct db *db);
/* Whether an idle connection still is one that can be used: nothing was said on it meanwhile, or nothing that ends it. */
bool db_is_sound(struct db *db);

/* Connecting and preparing, on a thread of its own: libpq asks the name service and waits for it. */
struct opening *opening_start(const struct db_options *options); /* NULL: no thread could be made */
/* Waits at most so long. False: it is still under way. */
bool opening_wait(struct opening *opening, int timeout_ms);
/* Of one that is done: takes the connection over, or says why there is none. Frees it. */
enum problem opening_take(struct scope *s, struct opening *opening, struct db *db);
/* Nobody wants it any more; NULL is legal. What does not end within timeout_ms ends by itself. */
void opening_leave(struct opening *opening, int timeout_ms);

#endif
