/* SPDX-License-Identifier: EUPL-1.2 */
/* Opening, reopening and closing a connection; every statement is prepared on the way, on a thread of its own. */
#include "common/db/open.h"

#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "common/db/refusal.h"
#include "common/db/run.h"
#include "common/db/wire.h"
#include "common/time/clock.h"

enum { LEAVE_MS = 1000 };

struct opening {
    struct arena *arena; /* of all that the thread needs: it may outlive who asked for it */
    struct db_options options;
    pthread_t thread;
    pthread_mutex_t lock; /* of the next two */
    pthread_cond_t ended;
    bool done, left;
    struct db db; /* the thread's until it is done, as are the next two */
    enum problem problem;
    const char *detail;
};

struct db *db_new(const struct db_options *options)
{
    struct arena *arena = arena_new();
    struct db *db = ARENA_NEW(arena, struct db);
    db->arena = arena;
    db->options = options;
    return db;
}

/* Warnings of the server may quote values: none of them reaches stderr. */
static void ignore_notice(void *unused, const PGresult *pg)
{
    (void)unused;
    (void)pg;
}

static PGconn *connect_to(const struct db_options *options)
{
    /* dbname is expanded as a URL; what stands after it wins, what stands before it yields. */
    static const char *const keywords[] = {
        "target_session_attrs", "dbname",           "user",            "application_name",
        "client_encoding",      "options",          "connect_timeout", "tcp_user_timeout",
        "keepalives_idle",      "keepalives_interval", "keepalives_count", NULL,
    };
    /* A backend whose client is gone notices within a second, whatever it waits for. */
    const char *values[] = {
        "read-write", options->url, options->role, options->role, "UTF8",
        "-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601 -c bytea_output=hex -c client_connection_check_interval=1000", "3", "5000", "5",
        "2", "3", NULL,
    };
    return PQconnectStartParams(keywords, values, 1);
}

/* Each of several hosts has its time. */
static bool connect_within(PGconn *conn, const char *url)
{
    int64_t deadline = clock_steady_ms() + CONNECT_MS;
    for (const char *comma = url; (comma = strchr(comma, ',')); comma++)
        deadline += CONNECT_MS;
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

/* Made by the linker; weak: there may be none. */
extern const struct statement *const *const __start_statements[] __attribute__((weak));
extern const struct statement *const *const __stop_statements[] __attribute__((weak));

static bool send_all(const struct db *db)
{
    bool sent = PQenterPipelineMode(db->conn);
    for (const struct statement *const *const *list = __start_statements; list < __stop_statements; list++)
        for (const struct statement *const *st = *list; *st && sent; st++)
            sent = PQsendPrepare(db->conn, (*st)->name, (*st)->sql, 0, NULL);
    return sent && PQpipelineSync(db->conn);
}

/* The result of one that was sent, and the end that follows it. */
static enum problem finish_next(struct scope *s, struct db *db, int64_t deadline, const char *name)
{
    bool broken, broken_behind = false;
    PGresult *pg = db_await_next(db, deadline, &broken);
    if (pg && PQresultStatus(pg) == PGRES_COMMAND_OK)
        PQclear(db_await_next(db, deadline, &broken_behind));
    enum problem p = !broken_behind && PQresultStatus(pg) == PGRES_COMMAND_OK ? OK : db_refused(s, db, pg, name);
    PQclear(pg);
    return p;
}

/* All in one round trip: a slow network makes it no slower than one statement. */
static enum problem prepare_all(struct scope *s, struct db *db)
{
    bool broken;
    int64_t deadline = clock_steady_ms() + PREPARE_MS;
    if (!send_all(db))
        return db_refused(s, db, NULL, "what is prepared");
    for (const struct statement *const *const *list = __start_statements; list < __stop_statements; list++)
        for (const struct statement *const *st = *list; *st; st++)
            TRY(finish_next(s, db, deadline, (*st)->name));
    PGresult *end = db_await_next(db, deadline, &broken);
    bool good = PQresultStatus(end) == PGRES_PIPELINE_SYNC && PQexitPipelineMode(db->conn);
    PQclear(end);
    return good ? OK : db_refused(s, db, NULL, "what is prepared");
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
    db->conn = connect_to(db->options);
    PQsetErrorVerbosity(db->conn, PQERRORS_VERBOSE); /* with the SQLSTATE, for db_refusal alone */
    if (!db->conn || !connect_within(db->conn, db->options->url))
        return scope_fail(s, PROBLEM_UNAVAILABLE, "the database %s (asked as %s)",
                          db_refusal(db->conn ? PQerrorMessage(db->conn) : ""), db->options->role);
    PQsetNoticeReceiver(db->conn, ignore_notice, NULL);
    PQsetErrorVerbosity(db->conn, PQERRORS_SQLSTATE);
    PQsetnonblocking(db->conn, 1);
    db->opened_at = clock_steady_ms();
    TRY(set_session(s, db));
    return prepare_all(s, db);
}

static void opening_free(struct opening *opening)
{
    db_close(&opening->db);
    pthread_cond_destroy(&opening->ended);
    pthread_mutex_destroy(&opening->lock);
    arena_free(opening->arena);
}

static void *run(void *context)
{
    struct opening *opening = context;
    struct scope s = { .arena = opening->arena };
    opening->problem = set_up(&s, &opening->db);
    opening->detail = s.detail;
    if (opening->problem)
        db_close(&opening->db);
    pthread_mutex_lock(&opening->lock);
    opening->done = true;
    bool left = opening->left;
    pthread_cond_signal(&opening->ended);
    pthread_mutex_unlock(&opening->lock);
    if (left)
        opening_free(opening);
    return NULL;
}

static struct db_options copy_options(struct arena *a, const struct db_options *options)
{
    return (struct db_options){
        .url = arena_strdup(a, options->url),
        .role = arena_strdup(a, options->role),
        .session = options->session,
    };
}

/* Connecting and preparing, on a thread of its own: libpq asks the name service and waits for it. NULL: no thread could be made. */
static struct opening *opening_start(const struct db_options *options)
{
    struct arena *arena = arena_new();
    struct opening *opening = ARENA_NEW(arena, struct opening);
    opening->arena = arena;
    opening->options = copy_options(arena, options);
    opening->db.options = &opening->options;
    pthread_mutex_init(&opening->lock, NULL);
    pthread_cond_init(&opening->ended, NULL);
    if (pthread_create(&opening->thread, NULL, run, opening) == 0)
        return opening;
    opening_free(opening);
    return NULL;
}

/* Waits at most so long. False: it is still under way. */
static bool opening_wait(struct opening *opening, int timeout_ms)
{
    struct timespec until = clock_steady_in(timeout_ms);
    pthread_mutex_lock(&opening->lock);
    while (!opening->done &&
           pthread_cond_clockwait(&opening->ended, &opening->lock, CLOCK_MONOTONIC, &until) == 0)
        ;
    bool done = opening->done;
    pthread_mutex_unlock(&opening->lock);
    return done;
}

/* Of one that is done: takes the connection over, or says why there is none. Frees it. */
static enum problem opening_take(struct scope *s, struct opening *opening, struct db *db)
{
    pthread_join(opening->thread, NULL);
    enum problem p = opening->problem;
    if (p)
        scope_fail(s, p, "%s", opening->detail);
    db->conn = opening->db.conn;
    opening->db.conn = NULL;
    db->opened_at = opening->db.opened_at;
    opening_free(opening);
    return p;
}

/* Nobody wants it any more; NULL is legal. What does not end within timeout_ms ends by itself. */
static void opening_leave(struct opening *opening, int timeout_ms)
{
    if (!opening)
        return;
    opening_wait(opening, timeout_ms);
    pthread_mutex_lock(&opening->lock);
    bool done = opening->done;
    opening->left = !done;
    if (!done)
        pthread_detach(opening->thread);
    pthread_mutex_unlock(&opening->lock);
    if (!done)
        return; /* the thread frees it */
    pthread_join(opening->thread, NULL);
    opening_free(opening);
}

/* What was found out for nobody is old. */
static void forget_failure(struct db *db)
{
    if (!db->opening || !opening_wait(db->opening, 0) || !db->opening->problem)
        return;
    opening_leave(db->opening, 0);
    db->opening = NULL;
}

void db_free(struct db *db)
{
    if (!db)
        return;
    db_close(db);
    opening_leave(db->opening, LEAVE_MS);
    arena_free(db->arena);
}

enum problem db_open(struct scope *s, struct db *db)
{
    if (db_is_open(db))
        return OK;
    db_close(db);
    forget_failure(db);
    if (!db->opening)
        db->opening = opening_start(db->options);
    if (!db->opening || !opening_wait(db->opening, scope_left(s, CONNECT_MS)))
        return scope_fail(s, PROBLEM_UNAVAILABLE, "the database does not answer (asked as %s)",
                          db->options->role);
    struct opening *opening = db->opening;
    db->opening = NULL;
    return opening_take(s, opening, db);
}
