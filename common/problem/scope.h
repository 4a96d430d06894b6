/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PROBLEM_SCOPE_H
#define COMMON_PROBLEM_SCOPE_H
/*
 * What one request or one message stands on: memory, database connection, trace, and what went
 * wrong. First parameter of every function that can fail. What outlives it (connections,
 * metrics, keys) belongs to the program and is borrowed.
 */
#include "common/base/arena.h"
#include "common/problem/problem.h"

struct accesses;
struct db;
struct principal;
struct program;

struct arena;

/* Why a field of a document is refused; the codes of problem documents. */
enum fault {
    FAULT_MISSING,
    FAULT_UNKNOWN,
    FAULT_TYPE,
    FAULT_FORMAT,
    FAULT_LENGTH,
    FAULT_RANGE,
    FAULT_CHOICE,
    FAULT_REPEAT,
    FAULT_CHECKSUM,
    FAULT_DATE,
    FAULT_DUPLICATE,
    FAULT_COUNT,
};

/* "missing", "unknown" ... as they stand in a problem document. */
const char *fault_name(enum fault fault);

/* One refused field. Never holds the offending value. */
struct field_error {
    struct field_error *next;
    const char *pointer; /* RFC 6901, without '#': "/submitter/national_id" */
    enum fault fault;
    const char *why; /* in English, what the code does not say; or NULL */
};

struct scope {
    struct arena *arena;
    const struct program *program; /* borrowed; NULL in pure unit tests */
    struct db *db;                 /* the borrowed connection; NULL until one is taken */
    const struct principal *who;   /* who asks (api.h); NULL = a worker, or nobody has logged in */
    bool internal;                 /* who asks came by the internal listener */
    int64_t now;                   /* microseconds since 1970 UTC, read once per scope */
    int64_t deadline;              /* steady ms (clock.h) after which nothing is waited for; 0 = none */
    const char *request_id;        /* UUID text, or NULL */
    const char *traceparent;       /* W3C, version 00, or NULL */
    struct accesses *accesses;     /* what a request looked at (access.h); NULL = in a worker */
    void *own;                     /* what the worker keeps between events (worker_own) */
    void *prepared;                /* what prepare returned for this event */
    const char *detail;            /* why it went wrong: names and codes, never values */
    struct field_error *errors;    /* in the order found */
    struct field_error *last_error;
};

/* What is kept of a scope's field errors. No honest document comes near; without a limit a hostile
 * one would buy seconds of comparing with a few hundred kilobytes. */
enum { FIELD_ERRORS_MOST = 200 };

/* Says why, and returns p: `return scope_fail(s, PROBLEM_BUG, "...")`. The first detail stays. */
enum problem scope_fail(struct scope *s, enum problem p, const char *format, ...)
    __attribute__((format(printf, 3, 4), nonnull));

/* Milliseconds that may still be waited for something that is given most_ms by itself; 0 = no more. */
int scope_left(const struct scope *s, int most_ms);

/* Notes one refused field; pointer is copied. Of several faults of a field the first stays. Past
 * FIELD_ERRORS_MOST they are dropped. */
void scope_fault(struct scope *s, const char *pointer, enum fault fault);
/* The same with what the code does not say; why is borrowed. */
void scope_fault_why(struct scope *s, const char *pointer, enum fault fault, const char *why);

/* Whether something was refused at the pointer or at what it stands in; within: or below it. */
bool scope_faulted(const struct scope *s, const char *pointer, bool within);

/* OK if no field was refused, else PROBLEM_MALFORMED. */
enum problem scope_faults(const struct scope *s);

#endif
