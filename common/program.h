/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PROGRAM_H
#define COMMON_PROGRAM_H
/*
 * What every program has in common: settings, --help --version --check, log, clock, keys, pool,
 * metrics, internal listener with health, heartbeat, signals. The skeletons (worker_main, api_main,
 * relay's main) stand on it.
 */
#include <stdbool.h>

#include "common/db.h"
#include "common/health.h"
#include "common/log.h"
#include "common/metric.h"
#include "common/scope.h"
#include "common/settings.h"

struct clock;
struct keyring;

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

/* Runs body with everything up; returns the exit status. statements as in db_options. */
struct program_options {
    const char *name;
    const char *summary; /* one line for --help */
    bool needs_keys;
    const struct statement *const *statements; /* besides common_statements */
    const char *const *session; /* as in db_options */
    /* Flags of its own: { "--rebuild", "what it does" }; NULL-terminated by a row without name. */
    const struct program_flag {
        const char *name;
        const char *argument; /* its name in --help, or NULL if it takes none */
        const char *summary;
        int (*run)(struct program *program, const char *argument);
        bool bare; /* runs without settings, keys or database (--openapi) */
        bool words; /* takes more words: program->words */
    } *flags;
    int (*body)(struct program *program, const void *context);
    const void *context;
};
int program_main(const struct program_options *options, int argc, char **argv);

/* True once SIGTERM or SIGINT came; waits at most timeout_ms for it. Only the main thread asks. */
bool program_stopping(struct program *program, int timeout_ms);

/* A scope with a fresh arena, the program's time and no connection; free with scope_close. */
struct scope scope_open(const struct program *program);
void scope_close(struct scope *s);
/* Forgets everything but arena block and program; reads the clock again. */
void scope_reset(struct scope *s);

/* Runs work in a transaction on a pooled connection: commit if OK, else rollback. */
enum problem program_transact(struct program *program, struct scope *s,
                              enum problem (*work)(struct scope *s, void *context), void *context);

/* What every internal address answers: /metrics, /healthz/live and /healthz/ready (http_handler; false: another
 * address), and a problem document for the rest. */
struct http_request;
struct http_reply;
bool program_health(struct scope *s, struct http_request *request, struct http_reply *reply,
                    const void *context);
void program_refuse(struct scope *s, enum problem problem, const char *accept,
                    struct http_reply *reply, const void *context);

const char *program_version(void);

#endif
