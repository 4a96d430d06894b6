/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_DB_PRIVATE_H
#define COMMON_DB_PRIVATE_H
/* What the files of the database layer share; included by them alone. */
#include <libpq-fe.h>

#include "common/db.h"

struct db {
    struct arena *arena;
    const struct db_options *options;
    PGconn *conn;
    char constraint[64];
};

/* Time to connect and to have an answer. */
enum { CONNECT_MS = 3000, ANSWER_MS = 8000 };

/* Waits for the one result of what was sent; NULL with the connection closed when the deadline
 * passes or the server is gone. The caller owns it. */
PGresult *db_await(struct db *db, int timeout_ms);

/* The problem of a failed result, noted in the scope with the statement's name. */
enum problem db_refused(struct scope *s, struct db *db, const PGresult *pg, const char *statement);

/* What libpq or the server said when a connection failed, in words that follow "the database": a constant. */
const char *db_refusal(const char *said);

void db_close(struct db *db);

#endif
