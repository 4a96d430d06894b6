/* SPDX-License-Identifier: EUPL-1.2 */
/* What is sent to a server and awaited, with a deadline of our own: statement_timeout does not end a COMMIT that waits for a dead standby. */

/* What the server itself ends is over, whatever it says. */
#include "common/db/wire.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "common/time/clock.h"

static bool is_fatal(const PGresult *pg)
{
    const char *severity = PQresultErrorField(pg, PG_DIAG_SEVERITY_NONLOCALIZED);
    return severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
}

static void condemn(struct db *db, enum whose whose)
{
    db_close(db);
    db->condemned = whose;
}

enum problem db_refused(struct scope *s, struct db *db, const PGresult *pg, const char *statement)
{
    const char *code = pg ? PQresultErrorField(pg, PG_DIAG_SQLSTATE) : NULL;
    snprintf(db->sqlstate, sizeof(db->sqlstate), "%s", code ? code : "");
    if (!code) {
        condemn(db, OF_SERVER);
        return scope_fail(s, PROBLEM_UNAVAILABLE, "%s: no answer from the database", statement);
    }
    const struct sqlstate *row = sqlstate_find(code);
    const char *constraint = PQresultErrorField(pg, PG_DIAG_CONSTRAINT_NAME);
    snprintf(db->constraint, sizeof(db->constraint), "%s", constraint ? constraint : "");
    if (row->whose != OF_STATEMENT)
        condemn(db, row->whose);
    else if (is_fatal(pg) || !db_is_open(db))
        condemn(db, OF_CONNECTION);
    return scope_fail(s, row->problem, "%s: SQLSTATE %s%s%s%s%s", statement, db->sqlstate,
                      row->words ? ": " : "", row->words ? row->words : "",
                      constraint ? " " : "", db->constraint);
}

/* One round of waiting for the socket; false when the deadline has passed. */
static bool await_socket(PGconn *conn, bool to_write, int64_t deadline)
{
    int64_t left = deadline - clock_steady_ms();
    if (left <= 0)
        return false;
    struct pollfd socket = { .fd = PQsocket(conn), .events = POLLIN };
    if (to_write)
        socket.events |= POLLOUT;
    poll(&socket, 1, (int)left);
    return true;
}

static bool await_ready(PGconn *conn, int64_t deadline)
{
    int unsent = PQflush(conn);
    while (unsent >= 0 && (unsent || PQisBusy(conn))) {
        if (!await_socket(conn, unsent != 0, deadline) || !PQconsumeInput(conn))
            return false;
        if (unsent)
            unsent = PQflush(conn);
    }
    return unsent == 0;
}

PGresult *db_await_next(struct db *db, int64_t deadline, bool *broken)
{
    *broken = !await_ready(db->conn, deadline);
    return *broken ? NULL : PQgetResult(db->conn);
}

PGresult *db_await(struct db *db, int timeout_ms)
{
    int64_t deadline = clock_steady_ms() + timeout_ms;
    PGresult *first = NULL;
    for (;;) {
        bool broken;
        PGresult *next = db_await_next(db, deadline, &broken);
        if (broken) {
            PQclear(first);
            condemn(db, OF_SERVER);
            return NULL;
        }
        if (!next)
            return first;
        if (first)
            PQclear(next);
        else
            first = next;
    }
}

/* Of the settings that a server tells by itself when they change. */
static bool is_on(const PGconn *conn, const char *setting)
{
    const char *value = PQparameterStatus(conn, setting);
    return value && strcmp(value, "on") == 0;
}

bool db_is_sound(struct db *db)
{
    struct pollfd socket = { .fd = PQsocket(db->conn), .events = POLLIN };
    if (poll(&socket, 1, 0) > 0 && !PQconsumeInput(db->conn))
        return false;
    return db_is_open(db) && !is_on(db->conn, "in_hot_standby") &&
           !is_on(db->conn, "default_transaction_read_only");
}

void db_close(struct db *db)
{
    PQfinish(db->conn);
    db->conn = NULL;
}

bool db_is_open(const struct db *db)
{
    return db->conn && PQstatus(db->conn) == CONNECTION_OK;
}
