/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_DB_RUN_H
#define COMMON_DB_RUN_H
/*
 * PostgreSQL, through prepared statements only. Statements live in queries.sql files
 * (`-- name: case_show :maybe` becomes sql_case_show); all are prepared when a connection opens,
 * so a schema mismatch is a start-up failure. How many rows may come back is part of the
 * statement and enforced here. SQLSTATE -> problem is a table in sqlstate.c, which says as well whether
 * the connection, or all connections to that server, can still be used.
 *
 * Every call has a deadline: the scope's, and at most 8 s from sending, after which the socket is closed
 * and the outcome is PROBLEM_UNAVAILABLE. Details hold statement, SQLSTATE and constraint names only.
 */
#include "common/db/array.h"

enum rows {
    ROWS_NONE,  /* :none   a command */
    ROWS_ONE,   /* :one    exactly one, else PROBLEM_BUG */
    ROWS_MAYBE, /* :maybe  none or one */
    ROWS_ANY,   /* :any */
};

enum { PARAMS_MOST = 48 };

struct statement {
    const char *name;
    const char *sql;
    enum rows rows;
};

/* The list of a folder's statements says itself that it is there: what a program links is prepared on its connections,
 * and no list of lists can forget one. */
#define STATEMENTS_LINKED(list)                                                                \
    __attribute__((section("statements"), used)) static const struct statement *const *const linked = list

/* Runs a statement in the scope's connection. out may be NULL for ROWS_NONE. */
enum problem db_run(struct scope *s, const struct statement *statement, struct result *out,
                    const struct param *params, int count);

/* DB_RUN(s, &sql_case_show, &found, param_text(id)) */
#define DB_RUN(s, statement, out, ...)                                                         \
    db_run((s), (statement), (out), (const struct param[]){ __VA_ARGS__ },                     \
           (int)(sizeof((const struct param[]){ __VA_ARGS__ }) / sizeof(struct param)))

/* A transaction on the scope's connection. After an error only db_rollback is legal. db_commit is
 * OK only if the server said COMMIT; anything else is PROBLEM_UNAVAILABLE with the connection
 * closed when the outcome is unknown (run the same work again with the same ids). */
enum problem db_begin(struct scope *s);
enum problem db_commit(struct scope *s);
void db_rollback(struct scope *s);

/* Rows that a failed unique constraint named, e.g. "cases_reference_key"; "" if the last error
 * was none. Valid until the next statement. */
const char *db_last_constraint(const struct db *db);
/* Whether the last statement waited for a lock in vain (SQLSTATE 55P03). */
bool db_was_locked_out(const struct db *db);

/* A pool of connections with the same options, shared by threads. When one of them shows that its server is lost to us
 * (gone, or only to be read), those that were opened before are opened anew. */
struct pool;

#endif
