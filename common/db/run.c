/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Running statements and transactions. Everything is sent asynchronously and awaited with a
 * deadline of our own: statement_timeout does not end a COMMIT that waits for a dead standby.
 */
#include "common/db/run.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "common/db/wire.h"

static void pgresult_release(PGresult **pg)
{
    PQclear(*pg);
}

static void pgresult_defer(void *pg)
{
    PQclear(pg);
}

/* A request's time is up before it could ask: nothing was sent, and the connection is as it was. */
static bool in_time(struct scope *s)
{
    return scope_left(s, ANSWER_MS) > 0;
}

static enum problem too_late(struct scope *s, const char *statement)
{
    return scope_fail(s, PROBLEM_UNAVAILABLE, "%s: no time is left", statement);
}

static enum problem check_rows(struct scope *s, const struct statement *statement,
                               const struct result *r)
{
    bool right = statement->rows == ROWS_ANY ||
                 (statement->rows == ROWS_NONE && r->count == 0) ||
                 (statement->rows == ROWS_ONE && r->count == 1) ||
                 (statement->rows == ROWS_MAYBE && r->count <= 1);
    if (right)
        return OK;
    return scope_fail(s, PROBLEM_BUG, "%s: %d rows", statement->name, r->count);
}

static bool send_statement(struct db *db, const struct statement *statement,
                           const struct param *params, int count)
{
    const char *values[PARAMS_MOST];
    int lengths[PARAMS_MOST];
    int formats[PARAMS_MOST];
    assert(count <= PARAMS_MOST);
    for (int i = 0; i < count; i++) {
        values[i] = params[i].data;
        lengths[i] = params[i].length;
        formats[i] = params[i].binary;
    }
    db->constraint[0] = '\0';
    db->sqlstate[0] = '\0';
    return PQsendQueryPrepared(db->conn, statement->name, count, values, lengths, formats, 0);
}

enum problem db_run(struct scope *s, const struct statement *statement, struct result *out,
                    const struct param *params, int count)
{
    struct db *db = s->db;
    assert(db);
    if (!in_time(s))
        return too_late(s, statement->name);
    if (!db_is_open(db) || !send_statement(db, statement, params, count))
        return db_refused(s, db, NULL, statement->name);
    PGresult *pg = db_await(db, scope_left(s, ANSWER_MS));
    ExecStatusType status = PQresultStatus(pg);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        enum problem p = db_refused(s, db, pg, statement->name);
        PQclear(pg);
        return p;
    }
    arena_defer(s->arena, pgresult_defer, pg);
    int affected = 0;
    sscanf(PQcmdTuples(pg), "%d", &affected);
    struct result r = { .pg = pg, .count = PQntuples(pg), .affected = affected };
    TRY(check_rows(s, statement, &r));
    if (out)
        *out = r;
    return OK;
}

/* A command without parameters and rows; its tag must be the one expected. */
static enum problem command(struct scope *s, const char *sql, const char *tag)
{
    struct db *db = s->db;
    assert(db);
    if (!in_time(s))
        return too_late(s, sql);
    if (!db_is_open(db) || !PQsendQuery(db->conn, sql))
        return db_refused(s, db, NULL, sql);
    CLEANUP(pgresult_release) PGresult *pg = db_await(db, scope_left(s, ANSWER_MS));
    if (PQresultStatus(pg) != PGRES_COMMAND_OK)
        return db_refused(s, db, pg, sql);
    if (strcmp(PQcmdStatus(pg), tag) != 0)
        return scope_fail(s, PROBLEM_BUG, "%s was answered with another tag", sql);
    return OK;
}

enum problem db_begin(struct scope *s)
{
    return command(s, "BEGIN", "BEGIN");
}

enum problem db_commit(struct scope *s)
{
    return command(s, "COMMIT", "COMMIT");
}

void db_rollback(struct scope *s)
{
    if (!s->db || !db_is_open(s->db) || PQtransactionStatus(s->db->conn) == PQTRANS_IDLE)
        return;
    /* Its failure must not hide why we roll back: the connection is closed, that is enough. */
    if (!PQsendQuery(s->db->conn, "ROLLBACK")) {
        db_close(s->db);
        return;
    }
    int left = scope_left(s, ANSWER_MS);
    CLEANUP(pgresult_release) PGresult *pg = db_await(s->db, left > ROLLBACK_MS ? left : ROLLBACK_MS);
    if (PQresultStatus(pg) != PGRES_COMMAND_OK)
        db_close(s->db);
}

const char *db_last_constraint(const struct db *db)
{
    return db->constraint;
}

bool db_was_locked_out(const struct db *db)
{
    return strcmp(db->sqlstate, "55P03") == 0;
}
