/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Linked into the programs of a fault build only: what happens at a crash point, and calls that
 * report failure although they may have done their work.
 *
 * TILLIT_FAULT_FILE names a file with one line, or two that come one after the other
 *
 *      PROGRAM POINT ACTION NTH        triage worker.commit-after kill 2
 *
 * When PROGRAM comes to POINT the NTH time it takes the line away, the last one by renaming the file to
 * FILE.hit (one process wins), and
 *
 *      kill    ends at once
 *      stall   stops the thread for 5 s
 *      error   the thread's next wrapped call fails without being made
 *      lie     the thread's next wrapped call is made, and reported as failed
 *      abort   the thread's next COMMIT is answered as the server answers one whose transaction has
 *              failed: with success and the tag ROLLBACK
 *
 * TILLIT_FAULT_PER_MILLE makes that share of the wrapped calls lie, by TILLIT_FAULT_SEED, for as long as there
 * is no file FILE.calm.
 */
#include <errno.h>
#include <libpq-fe.h>
#include <librdkafka/rdkafka.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <stddef.h>

#include "common/base/crash.h"

enum armed { NOTHING, ERROR, LIE, ABORT };

static _Thread_local enum armed armed;
static _Thread_local unsigned dice;
static atomic_int passes; /* of the point in the file, in this process */

static bool is_us(const char *program)
{
    const char *name = strrchr(program_invocation_name, '-');
    return name && strcmp(name + 1, program) == 0;
}

static void act(const char *action)
{
    if (strcmp(action, "kill") == 0)
        raise(SIGKILL);
    else if (strcmp(action, "stall") == 0)
        nanosleep(&(struct timespec){ .tv_sec = 5 }, NULL);
    else
        armed = strcmp(action, "lie") == 0 ? LIE : strcmp(action, "abort") == 0 ? ABORT : ERROR;
}

/* Takes the first line away: what is left becomes the file, or, if nothing is, FILE.hit. One wins. */
static bool take_line(const char *path, const char *rest)
{
    char to[512], mine[512];
    snprintf(to, sizeof(to), "%s.hit", path);
    if (!*rest)
        return rename(path, to) == 0;
    snprintf(mine, sizeof(mine), "%s.%d", path, (int)getpid());
    FILE *file = fopen(mine, "we");
    if (!file)
        return false;
    fputs(rest, file);
    fclose(file);
    return rename(mine, path) == 0;
}

void crash_point(const char *name)
{
    const char *path = getenv("TILLIT_FAULT_FILE");
    char program[32], point[64], action[16], line[256], rest[256] = "";
    int nth;
    FILE *file = path ? fopen(path, "re") : NULL;
    if (!file)
        return;
    bool read = fgets(line, sizeof(line), file) && sscanf(line, "%31s %63s %15s %d", program, point, action, &nth) == 4;
    if (!fgets(rest, sizeof(rest), file))
        rest[0] = '\0';
    fclose(file);
    if (!read || strcmp(point, name) != 0 || !is_us(program) || atomic_fetch_add(&passes, 1) + 1 < nth)
        return;
    if (take_line(path, rest)) {
        atomic_store(&passes, 0);
        act(action);
    }
}

void crash_point_of(const char *group, const char *point)
{
    char name[64];
    if (!group)
        return;
    snprintf(name, sizeof(name), "%s.%s", group, point);
    crash_point(name);
}

static bool is_calm(void)
{
    char calm[512];
    const char *path = getenv("TILLIT_FAULT_FILE");
    snprintf(calm, sizeof(calm), "%s.calm", path ? path : "");
    return access(calm, F_OK) == 0;
}

/* What the next wrapped call shall do. */
static enum armed draw(void)
{
    enum armed what = armed;
    const char *share = getenv("TILLIT_FAULT_PER_MILLE"), *seed = getenv("TILLIT_FAULT_SEED");
    armed = NOTHING;
    if (what || !share)
        return what;
    if (!dice)
        dice = (unsigned)(seed ? atoi(seed) : 1) * 2654435761u + (unsigned)getpid() * 40503u + (unsigned)gettid();
    return rand_r(&dice) % 1000 < atoi(share) && !is_calm() ? LIE : NOTHING;
}

/* The connection breaks: what the server did stays done, and nobody here learns of it. */
static void cut(PGconn *conn)
{
    if (PQsocket(conn) >= 0)
        shutdown(PQsocket(conn), SHUT_RDWR);
}

int __real_PQsendQueryPrepared(PGconn *, const char *, int, const char *const *, const int *, const int *, int);
int __real_PQsendQuery(PGconn *, const char *);
PGresult *__real_PQgetResult(PGconn *);
rd_kafka_error_t *__real_rd_kafka_produceva(rd_kafka_t *, const rd_kafka_vu_t *, size_t);
rd_kafka_resp_err_t __real_rd_kafka_commit(rd_kafka_t *, const rd_kafka_topic_partition_list_t *, int);
int __wrap_PQsendQueryPrepared(PGconn *, const char *, int, const char *const *, const int *, const int *, int);
int __wrap_PQsendQuery(PGconn *, const char *);
PGresult *__wrap_PQgetResult(PGconn *);
rd_kafka_error_t *__wrap_rd_kafka_produceva(rd_kafka_t *, const rd_kafka_vu_t *, size_t);
rd_kafka_resp_err_t __wrap_rd_kafka_commit(rd_kafka_t *, const rd_kafka_topic_partition_list_t *, int);

static _Thread_local bool lies; /* the answer of what was sent will be lost */

int __wrap_PQsendQueryPrepared(PGconn *conn, const char *name, int count, const char *const *values, const int *lengths,
                               const int *formats, int format)
{
    enum armed what = draw();
    if (what == ERROR) {
        cut(conn);
        return 0;
    }
    lies = what == LIE;
    return __real_PQsendQueryPrepared(conn, name, count, values, lengths, formats, format);
}

int __wrap_PQsendQuery(PGconn *conn, const char *sql)
{
    enum armed what = draw();
    if (what == ERROR) {
        cut(conn);
        return 0;
    }
    lies = what == LIE;
    return __real_PQsendQuery(conn, what == ABORT && strcmp(sql, "COMMIT") == 0 ? "ROLLBACK" : sql);
}

/* The result is there, so the server has done it; it is thrown away and the connection broken. */
PGresult *__wrap_PQgetResult(PGconn *conn)
{
    PGresult *result = __real_PQgetResult(conn);
    if (!lies || !result)
        return result;
    lies = false;
    PQclear(result);
    cut(conn);
    while ((result = __real_PQgetResult(conn)))
        PQclear(result);
    return NULL;
}

rd_kafka_error_t *__wrap_rd_kafka_produceva(rd_kafka_t *producer, const rd_kafka_vu_t *values, size_t count)
{
    return draw() == ERROR ? rd_kafka_error_new(RD_KAFKA_RESP_ERR__QUEUE_FULL, "told to")
                           : __real_rd_kafka_produceva(producer, values, count);
}

rd_kafka_resp_err_t __wrap_rd_kafka_commit(rd_kafka_t *consumer, const rd_kafka_topic_partition_list_t *offsets, int async)
{
    enum armed what = draw();
    rd_kafka_resp_err_t answer = what == ERROR ? RD_KAFKA_RESP_ERR_NO_ERROR : __real_rd_kafka_commit(consumer, offsets, async);
    return what ? RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS : answer;
}
