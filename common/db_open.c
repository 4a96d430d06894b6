/* SPDX-License-Identifier: EUPL-1.2 */
/* Opening, reopening and closing a connection; every statement is prepared on the way. */
#include <poll.h>
#include <string.h>

#include "common/clock.h"
#include "common/db_private.h"

struct db *db_new(const struct db_options *options)
{
    struct arena *arena = arena_new();
    struct db *db = ARENA_NEW(arena, struct db);
    db->arena = arena;
    db->options = options;
    return db;
}

void db_close(struct db *db)
{
    PQfinish(db->conn);
    db->conn = NULL;
}

void db_free(struct db *db)
{
    if (!db)
        return;
    db_close(db);
    arena_free(db->arena);
}

bool db_is_open(const struct db *db)
{
    return db->conn && PQstatus(db->conn) == CONNECTION_OK;
}

/* Warnings of the server may quote values: none of them reaches stderr. */
static void ignore_notice(void *unused, const PGresult *pg)
{
    (void)unused;
    (void)pg;
}

static PGconn *start(const struct db_options *options)
{
    /* dbname is expanded as a URL; what stands after it wins. */
    static const char *const keywords[] = {
        "dbname",         "user",           "application_name",    "client_encoding",
        "options",        "connect_timeout", "tcp_user_timeout",   "keepalives_idle",
        "keepalives_interval", "keepalives_count", NULL,
    };
    const char *values[] = {
        options->url, options->role, options->role, "UTF8",
        "-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601 -c bytea_output=hex", "3", "5000", "5",
        "2", "3", NULL,
    };
    return PQconnectStartParams(keywords, values, 1);
}

static bool connect_within(PGconn *conn, int timeout_ms)
{
    int64_t deadline = clock_steady_ms() + timeout_ms;
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
        int64_t left = deadline - clock_steady_ms();
        if (left <= 0 || PQsocket(conn) < 0)
            return false;
        struct pollfd socket = { .fd = PQsocket(conn),
                                 .events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT };
        if (poll(&socket, 1, (int)left) > 0)
            state = PQconnectPoll(conn);
    }
    return state == PGRES_POLLING_OK;
}

static enum problem finish(struct scope *s, struct db *db, int sent, const char *name)
{
    PGresult *pg = sent ? db_await(db, ANSWER_MS) : NULL;
    enum problem p = PQresultStatus(pg) == PGRES_COMMAND_OK ? OK : db_refused(s, db, pg, name);
    PQclear(pg);
    return p;
}

static enum problem prepare_all(struct scope *s, struct db *db)
{
    for (const struct statement *const *const *list = db->options->statements; *list; list++)
        for (const struct statement *const *st = *list; *st; st++)
            TRY(finish(s, db, PQsendPrepare(db->conn, (*st)->name, (*st)->sql, 0, NULL),
                       (*st)->name));
    return OK;
}

const char *const db_steady_plans[] = {
    "SET enable_seqscan = off",   "SET enable_bitmapscan = off", "SET enable_hashjoin = off",
    "SET enable_mergejoin = off", "SET jit = off",               "SET plan_cache_mode = force_generic_plan",
    NULL,
};

static enum problem set_session(struct scope *s, struct db *db)
{
    for (const char *const *sql = db->options->session; sql && *sql; sql++)
        TRY(finish(s, db, PQsendQuery(db->conn, *sql), *sql));
    return OK;
}

static enum problem set_up(struct scope *s, struct db *db)
{
    TRY(set_session(s, db));
    return prepare_all(s, db);
}

enum problem db_open(struct scope *s, struct db *db)
{
    if (db_is_open(db))
        return OK;
    db_close(db);
    db->conn = start(db->options);
    PQsetErrorVerbosity(db->conn, PQERRORS_VERBOSE); /* with the SQLSTATE, for db_refusal alone */
    if (!db->conn || !connect_within(db->conn, CONNECT_MS)) {
        const char *why = db_refusal(db->conn ? PQerrorMessage(db->conn) : "");
        db_close(db);
        return scope_fail(s, PROBLEM_UNAVAILABLE, "the database %s (asked as %s)", why,
                          db->options->role);
    }
    PQsetNoticeReceiver(db->conn, ignore_notice, NULL);
    PQsetErrorVerbosity(db->conn, PQERRORS_SQLSTATE);
    PQsetnonblocking(db->conn, 1);
    enum problem p = set_up(s, db);
    if (p)
        db_close(db);
    return p;
}
