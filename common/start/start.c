/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The start and the end of every program: flags, settings, keys, database, listener, heartbeat,
 * signals. What lies between is the body that the skeleton hands in.
 */
#include "common/start/start.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "common/base/address.h"
#include "common/db/open.h"
#include "common/db/pool.h"
#include "common/http/gate.h"
#include "common/http/gate_private.h"
#include "common/kafka/kafka.h"
#include "common/program/program.h"
#include "common/program/programs.h"
#include "common/seal/keyring.h"
#include "common/start/health.h"
#include "common/start/heartbeat.h"
#include "common/start/queries.h"
#include "common/time/clock.h"

enum { MOST_FILES = 4096 };

static void show_flag(const struct program_flag *flag)
{
    printf("  %s%s%s\n              %s\n", flag->name, flag->argument ? " " : "",
           flag->argument ? flag->argument : "", flag->summary);
}

/* The whole program's, or that of the one flag that the line names besides. */
static int show_help(const struct program_options *options, const struct program_flag *only)
{
    if (only) {
        printf("tillit-%s: %s\n\n", options->name, program_row(options->name)->summary);
        show_flag(only);
        return 0;
    }
    printf("tillit-%s: %s\n\n"
           "  --help      this text; behind another word, what that one does\n"
           "  --version   the version\n"
           "  --check     checks settings, keys, database and schema, and says what is wrong\n",
           options->name, program_row(options->name)->summary);
    for (const struct program_flag *flag = options->flags; flag && flag->name; flag++)
        show_flag(flag);
    printf("\nEverything is set by environment:\n\n");
    settings_help(options->name, stdout);
    return 0;
}

/* Threads inherit the mask: only the main thread hears a signal, in program_stopping. */
static void harden(void)
{
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) { /* two listeners' connections, and who waits before them */
        files.rlim_cur = files.rlim_max < MOST_FILES ? files.rlim_max : MOST_FILES;
        setrlimit(RLIMIT_NOFILE, &files);
    }
#ifndef __SANITIZE_ADDRESS__
    prctl(PR_SET_DUMPABLE, 0); /* the leak check of a sanitizer build needs to trace */
#endif
}

bool program_stopping(struct program *program, int timeout_ms)
{
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    struct timespec wait = { .tv_sec = timeout_ms / 1000,
                             .tv_nsec = (long)(timeout_ms % 1000) * 1000000 };
    if (!program->stopping && sigtimedwait(&stop, NULL, &wait) > 0)
        program->stopping = true;
    return program->stopping;
}

/* OK if statements prepare and the schema is the one this program was built for. */
static enum problem check_database(struct program *program, struct scope *s)
{
    struct result found;
    TRY(pool_take(s, program->pool));
    enum problem p = db_run(s, &sql_schema_version, &found, NULL, 0);
    if (!p) {
        const char *version = result_text(&found, 0, "version");
        if (!version || strcmp(version, TILLIT_SCHEMA) < 0)
            p = scope_fail(s, PROBLEM_BUG, "the schema is at %s, this program needs %s: migrate",
                           version ? version : "nothing", TILLIT_SCHEMA);
    }
    pool_give(s, program->pool);
    return p;
}

/* Waits for a database that is away; gives up on one that does not fit. */
static enum problem await_database(struct program *program)
{
    struct scope s = scope_open(program);
    enum problem p;
    while ((p = check_database(program, &s)) == PROBLEM_UNAVAILABLE) {
        health_alive(program->health);
        health_say(program->health, s.detail);
        LOG_WRITE(program->log, s.now, LOG_LEVEL_WARN, "waiting for the database",
                  { LOG_DETAIL, s.detail });
        if (program_stopping(program, 1000))
            break;
        scope_reset(&s);
    }
    if (p && p != PROBLEM_UNAVAILABLE)
        LOG_WRITE(program->log, s.now, LOG_LEVEL_ERROR, "can not start",
                  { LOG_PROBLEM, problem_name(p) }, { LOG_DETAIL, s.detail });
    scope_close(&s);
    return p;
}

/* Whether what is to be listened on is this machine's; before start-up as in --check, where the port may be taken, by
 * this very program. */
static enum problem check_addresses(struct scope *s)
{
    const struct settings *set = &s->program->settings;
    const char *const public = set->public_address, *const internal = set->internal_address;
    if (public)
        s->detail = http_address_fault(s->arena, public);
    if (!s->detail && public && internal && addresses_overlap(s->arena, public, internal))
        s->detail = arena_printf(s->arena, "TILLIT_INTERNAL (%s) can not be listened on beside TILLIT_PUBLIC (%s): it is the same",
                                 internal, public);
    const char *const addresses[] = { public && !s->detail ? address_old(s->arena, public) : NULL, internal };
    for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses) && !s->detail; i++) {
        int fd = addresses[i] ? address_listen(s->arena, addresses[i], true, &s->detail) : -1;
        if (fd >= 0)
            close(fd);
    }
    return s->detail ? PROBLEM_BUG : OK;
}

static int check(struct program *program)
{
    struct scope s = scope_open(program);
    enum problem p = check_addresses(&s);
    if (!p)
        p = check_database(program, &s);
    if (!p && program->settings.kafka_bootstrap)
        p = kafka_check(&s);
    const char *clock = clock_fault(program->clock);
    if (!p && clock)
        p = scope_fail(&s, PROBLEM_BUG, "%s", clock);
    if (p)
        fprintf(stderr, "tillit-%s: %s\n", program->name, s.detail ? s.detail : problem_title(p));
    else
        printf("tillit-%s: settings, keys, database and schema %s are in order\n", program->name,
               TILLIT_SCHEMA);
    scope_close(&s);
    return p ? 1 : 0;
}

static struct gate *listen_within(struct program *program)
{
    const char *why = NULL;
    struct gate *gate =
        gate_start(program->arena,
                       &(struct http_options){ .address = program->settings.internal_address,
                                               .program = program,
                                               .handle = program_health,
                                               .refuse = program_refuse },
                       &why);
    if (!gate)
        fprintf(stderr, "tillit-%s: %s\n", program->name, why);
    return gate;
}

static int run_body(const struct program_options *options, struct program *program,
                    const struct db_options *database)
{
    struct scope s = scope_open(program);
    enum problem unfit = check_addresses(&s);
    if (unfit)
        fprintf(stderr, "tillit-%s: %s\n", program->name, s.detail);
    scope_close(&s);
    program->gate = unfit ? NULL : listen_within(program);
    if (!program->gate)
        return 1;
    metric_start(program->metrics, METRIC_KEYRING_REFUSED, LABELS(NULL));
    metric_set(program->metrics, METRIC_BUILD_INFO, LABELS(program_version()), 1);
    int status = 1;
    enum problem p = await_database(program);
    if (!p) {
        struct heartbeat *heartbeat = heartbeat_start(program, database);
        LOG_WRITE(program->log, clock_now(program->clock), LOG_LEVEL_INFO, "started",
                  { LOG_VERSION, program_version() },
                  { LOG_ADDRESS, program->settings.internal_address });
        status = options->body(program, options->context);
        heartbeat_stop(heartbeat);
        LOG_WRITE(program->log, clock_now(program->clock), LOG_LEVEL_INFO, "stopped");
    } else if (program->stopping) {
        status = 0;
    }
    gate_stop(program->gate);
    return status;
}

/* The flag on the command line, NULL if there is none of that name. */
static const struct program_flag *find_flag(const struct program_options *options,
                                            const char *name)
{
    for (const struct program_flag *flag = options->flags; flag && flag->name; flag++)
        if (strcmp(flag->name, name) == 0)
            return flag;
    return NULL;
}

/* Sessions and Idempotency-Keys are of no municipality: their keys must be everyone's. */
static bool keys_fit(const struct program *program)
{
    static const struct {
        enum key_purpose purpose;
        const char *name;
    } needed[] = { { KEY_SEAL, "seal" }, { KEY_INDEX, "index" }, { KEY_IDEMPOTENCY, "idempotency" } };
    bool good = true, logs_in = program->settings.public_url != NULL;
    for (size_t i = 0; i < sizeof(needed) / sizeof(*needed) && logs_in; i++)
        if (!keyring_current(program->keyring, needed[i].purpose, ANY_MUNICIPALITY)) {
            fprintf(stderr, "TILLIT_KEYRING: %s has no %s key for *: who logs in belongs to no municipality\n",
                    program->settings.keyring, needed[i].name);
            good = false;
        }
    return good;
}

static int with_program(const struct program_options *options, char **argv,
                        const struct program_flag *flag, const char *argument)
{
    struct arena *arena = arena_new();
    struct program program = { .name = options->name, .arena = arena };
    if (flag)
        program.words = argv + (argument ? 3 : 2);
    int status = 2;
    if (settings_read(arena, options->name, &program.settings, stderr) &&
        (!options->needs_keys ||
         ((program.keyring = keyring_read(program.settings.keyring, stderr)) &&
          keys_fit(&program)))) {
        char host[64] = "host";
        gethostname(host, sizeof(host) - 1);
        program.instance = arena_printf(
            arena, "%s/%s", host,
            program.settings.internal_address ? program.settings.internal_address : options->name);
        program.clock = clock_new(program.settings.clock_file);
        program.metrics = metrics_new();
        program.log = log_new(options->name, STDERR_FILENO);
        program.health = health_new(arena);
        const struct db_options database = {
            .url = program.settings.database_url,
            .role = arena_printf(arena, "tillit_%s", options->name),
            .session = options->session,
        };
        program.pool = pool_new(&database, (int)program.settings.db_connections);
        if (flag)
            status = flag->run(&program, argument);
        else
            status = argv[1] ? check(&program) : run_body(options, &program, &database);
        pool_free(program.pool);
        log_free(program.log);
        metrics_free(program.metrics);
        clock_free(program.clock);
    }
    if (program.keyring)
        keyring_free(program.keyring);
    arena_free(arena);
    return status;
}

int program_main(const struct program_options *options, int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : NULL;
    const struct program_flag *flag = word ? find_flag(options, word) : NULL;
    const char *argument = flag && flag->argument && argc > 2 ? argv[2] : NULL;
    if (!word && !options->body)
        return show_help(options, NULL) + 2;
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0)
            return show_help(options, flag);
    if (word && strcmp(word, "--version") == 0)
        return printf("tillit-%s %s\n", options->name, program_version()) < 0;
    if (word && !flag && strcmp(word, "--check") != 0) {
        fprintf(stderr, "tillit-%s: unknown argument; see --help\n", options->name);
        return 2;
    }
    if (flag && (flag->argument ? !argument || (argc > 3 && !flag->words) : argc > 2 && !flag->words)) {
        fprintf(stderr, "tillit-%s: %s takes %s\n", options->name, flag->name,
                flag->argument ? flag->argument : "no argument");
        return 2;
    }
    harden();
    arena_setup();
    if (flag && flag->bare)
        return flag->run(NULL, argument);
    return with_program(options, argv, flag, argument);
}
