/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORKER_H
#define COMMON_WORKER_H
/*
 * The skeleton of a Kafka worker. A record is a bell: it says that a case has news up to number n;
 * the worker reads its types' events in (mark, n] from the log and handles them in order, in one
 * transaction { marks, effects, events } -> commit -> offsets. See design.md 3 for the worker law.
 *
 * A handler gets the event in an open transaction with the case's mark locked. It locks the case
 * first (case_lock), does its writes and returns its verdict; it knows no Kafka.
 */
#include <stdbool.h>
#include <stddef.h>

#include "common/db.h"
#include "common/event/event.h"
#include "common/program.h"

struct worker;

struct subscription {
    const struct event_type *type; /* a row without type ends the table */
    enum problem (*handle)(struct scope *s, const struct event *event);
    /* Slow and pure work before the writing transaction opens (rendering), or NULL. It may read
     * the database in a transaction of its own that is already closed when handle runs; what it
     * returns in *prepared lives in the scope and reaches handle by worker_prepared(s). */
    enum problem (*prepare)(struct scope *s, const struct event *event, void **prepared);
};

/* Timed work: every so often, in a scope without transaction; uses program_transact per case. */
struct tick {
    const char *name; /* "deadlines"; a row without name ends the table */
    int every_ms;
    enum problem (*run)(struct program *program, struct scope *s);
};

struct worker {
    const char *name;
    const struct subscription *subscriptions;
    const struct tick *ticks; /* or NULL */
    const struct statement *const *statements;
    const struct program_flag *flags; /* or NULL */
    const char *summary; /* one line for --help */
    int max_attempts;    /* STALE tries before it parks */
    size_t max_batch;    /* records taken at once, at most 256 */
    /* Called once at start and at the end, for what outlives scopes (fonts); or NULL. The value
     * reaches handlers as worker_own(s). */
    void *(*own_new)(void);
    void (*own_free)(void *own);
};

int worker_main(const struct worker *worker, int argc, char **argv);

/* What own_new made. */
void *worker_own(const struct scope *s);
/* What prepare returned for this event. */
void *worker_prepared(const struct scope *s);

#endif
