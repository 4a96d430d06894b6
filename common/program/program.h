/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PROGRAM_PROGRAM_H
#define COMMON_PROGRAM_PROGRAM_H
/*
 * What every program has in common: settings, --help --version --check, log, clock, keys, pool,
 * metrics, internal listener with health, heartbeat, signals. The skeletons (worker_main, api_main,
 * relay's main) stand on it.
 */
#include "common/problem/scope.h"
#include "common/program/health.h"
#include "common/program/log.h"
#include "common/program/metric.h"
#include "common/program/settings.h"

struct gate;

struct arena;
struct clock;
struct health;
struct keyring;
struct log;
struct metrics;
struct pool;

struct program {
    const char *name; /* "triage": role tillit_triage, ce_source tillit/triage */
    struct settings settings;
    struct clock *clock;
    struct keyring *keyring; /* NULL for programs without keys (relay) */
    struct metrics *metrics;
    struct log *log;
    struct pool *pool;
    struct health *health;
    struct gate *gate; /* of the internal address; NULL for tillit-ops */
    struct arena *arena; /* lives as long as the program; the main thread's alone */
    const char *instance; /* host and internal address: tells two of a kind apart */
    char **words; /* of the command line, behind a flag and its argument; ended by NULL */
    bool stopping; /* a signal came; the main thread alone reads it */
};

/* A scope with a fresh arena, the program's time and no connection; free with scope_close. */
struct scope scope_open(const struct program *program);
void scope_close(struct scope *s);
/* Forgets everything but arena block and program; reads the clock again. */
void scope_reset(struct scope *s);

/* What every internal address answers: /metrics, /healthz/live and /healthz/ready (http_handler; false: another
 * address), and a problem document for the rest. */
struct http_reply;
struct http_request;

const char *program_version(void);

#endif
