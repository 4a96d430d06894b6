/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORKER_WORKER_H
#define COMMON_WORKER_WORKER_H
/*
 * The skeleton of a Kafka worker. A record is a bell: it says that a case has news up to number n;
 * the worker reads its types' events in (mark, n] from the log and handles them in order, in one
 * transaction { marks, effects, events } -> commit -> offsets. Why so: handle.c.
 *
 * A handler gets its events in an open transaction with the cases' marks locked. It locks the case
 * first (case_lock, or locks_cases), does its writes and returns its verdict; it knows no Kafka.
 */
#include "common/case/case.h"
#include "common/db/run.h"
#include "common/event/event.h"
#include "common/program/program.h"

struct program_flag;

struct metrics;
struct worker;

/* One event of several that are handled together. */
struct item {
    const struct event *event;
    struct case_row *row;  /* its case, locked, if the worker locks cases; shared by the case's items */
    enum problem verdict;  /* OK, or PASSED where the handler says so */
};

struct subscription {
    const struct event_type *type; /* a row without type ends the table */
    /* One of the two. `batch` gets what is there, up to max_batch events of the types that name the
     * same function, each case's in number order, and writes set by set: it says OK only if all are
     * handled. If not, the skeleton asks again with halves, down to one: so a bad event costs its
     * own case and nobody else. */
    enum problem (*handle)(struct scope *s, const struct event *event);
    enum problem (*batch)(struct scope *s, struct item *items, size_t count);
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
    const char *name; /* of programs.def */
    const struct subscription *subscriptions;
    const struct tick *ticks; /* or NULL */
    const struct program_flag *flags; /* or NULL */
    int max_attempts;    /* STALE tries before it parks */
    size_t max_batch;    /* records taken at once, at most 256 */
    bool locks_cases;    /* batch handlers get their cases locked, in order */
    /* Starts the metrics that are the worker's own, or NULL. */
    void (*metrics_start)(struct metrics *metrics);
    /* Called once at start and at the end, for what outlives scopes (fonts); or NULL. The value
     * reaches handlers as worker_own(s). */
    void *(*own_new)(void);
    void (*own_free)(void *own);
};

int worker_main(const struct worker *worker, int argc, char **argv);

/* For a batch handler that finds the item's case in another status than it needs: OK with the item's
 * verdict PASSED if the case has moved on, else PROBLEM_WRONG_STATUS. */
enum problem item_pass(struct scope *s, struct item *item);

/* What own_new made. */
void *worker_own(const struct scope *s);
/* What prepare returned for this event. */
void *worker_prepared(const struct scope *s);

#endif
