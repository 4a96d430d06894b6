/* SPDX-License-Identifier: EUPL-1.2 */
/* The one connection, and what stands in for transactions, pools, clock and mains. */
#include "tests/handler/house.h"

#include <assert.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/api/api.h"
#include "common/db/open.h"
#include "common/db/pool.h"
#include "common/db/run.h"
#include "common/db/wire.h"
#include "common/program/program.h"
#include "common/seal/keyring.h"
#include "common/start/start.h"
#include "common/time/clock.h"
#include "common/worker/worker.h"
#include "tests/handler/deliver.h"

enum { MOST_TESTS = 400, MOST_TAKEN = 4, MOST_NAMES = 64 };
enum {
#define PROGRAM(name, letter, port, summary) AT_##name,
#define COMMAND(name, letter, summary) AT_##name,
#include "common/program/programs.def"
#undef PROGRAM
#undef COMMAND
    MOST_PROGRAMS
};

struct pool {
    char role[64];
};

/* A connection that a scope has. */
struct taken {
    const char *role;
    bool begun;
};

struct named {
    const char *name;
    char *value;
};

static struct {
    struct CMUnitTest tests[MOST_TESTS];
    size_t test_count;
    void (*seed)(void);
    struct arena *arena;
    struct scope scope; /* the database's own */
    struct taken taken[MOST_TAKEN];
    size_t depth;
    int64_t now;
    struct named names[MOST_NAMES];
    size_t name_count, seeded_names;
    struct program programs[MOST_PROGRAMS];
    size_t program_count;
    struct api api;
    const struct worker *workers[MOST_PROGRAMS];
    size_t worker_count;
    const struct program_flag *ops;
    char folder[64];
} house;

/* Each service's main, renamed by the Makefile, hands its skeleton what these take. */
#define PROGRAM(name, letter, port, summary) int name##_service(int argc, char **argv);
#define COMMAND(name, letter, summary) int name##_service(int argc, char **argv);
#include "common/program/programs.def"
#undef PROGRAM
#undef COMMAND

int __wrap_api_main(const struct api *api, int argc, char **argv);
int __wrap_worker_main(const struct worker *worker, int argc, char **argv);
int __wrap_program_main(const struct program_options *options, int argc, char **argv);

int __wrap_api_main(const struct api *api, int argc, char **argv)
{
    (void)argc, (void)argv;
    house.api = *api;
    return 0;
}

int __wrap_worker_main(const struct worker *worker, int argc, char **argv)
{
    (void)argc, (void)argv;
    house.workers[house.worker_count++] = worker;
    return 0;
}

int __wrap_program_main(const struct program_options *options, int argc, char **argv)
{
    (void)argc, (void)argv;
    if (strcmp(options->name, "ops") == 0)
        house.ops = options->flags;
    return 0;
}

/* What the house does itself must go well. */
static void command(const char *sql)
{
    PGresult *pg = PQexec(house.scope.db->conn, sql);
    ExecStatusType status = PQresultStatus(pg);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        PQsetErrorVerbosity(house.scope.db->conn, PQERRORS_DEFAULT);
        print_error("%s: %s\n", sql, PQresultVerboseErrorMessage(pg, PQERRORS_DEFAULT, PQSHOW_CONTEXT_ERRORS));
        PQclear(pg);
        fail();
    }
    PQclear(pg);
}

static void be(const char *role)
{
    command(arena_printf(house.scope.arena, "SET LOCAL ROLE %s", role));
}

static bool has_failed(void)
{
    return PQtransactionStatus(house.scope.db->conn) == PQTRANS_INERROR;
}

/* The innermost connection that is taken. */
static struct taken *top(void)
{
    assert(house.depth > 0);
    return &house.taken[house.depth - 1];
}

struct pool *__wrap_pool_new(const struct db_options *options, int size);
void __wrap_pool_free(struct pool *pool);
enum problem __wrap_pool_take(struct scope *s, struct pool *pool);
void __wrap_pool_give(struct scope *s, struct pool *pool);
enum problem __wrap_db_begin(struct scope *s);
enum problem __wrap_db_commit(struct scope *s);
void __wrap_db_rollback(struct scope *s);
int64_t __wrap_clock_now(struct clock *clock);

struct pool *__wrap_pool_new(const struct db_options *options, int size)
{
    (void)size;
    struct pool *pool = calloc(1, sizeof(*pool));
    snprintf(pool->role, sizeof(pool->role), "%s", options->role);
    return pool;
}

void __wrap_pool_free(struct pool *pool)
{
    free(pool);
}

enum problem __wrap_pool_take(struct scope *s, struct pool *pool)
{
    assert(!s->db && house.depth < MOST_TAKEN);
    house.taken[house.depth++] = (struct taken){ .role = pool->role };
    command("SAVEPOINT taken");
    be(pool->role);
    s->db = house.scope.db;
    return OK;
}

void __wrap_pool_give(struct scope *s, struct pool *pool)
{
    (void)pool;
    if (!s->db)
        return;
    if (top()->begun || has_failed())
        command("ROLLBACK TO taken");
    command("RELEASE taken");
    house.depth--;
    be(house.depth ? top()->role : "NONE");
    s->db = NULL;
}

enum problem __wrap_db_begin(struct scope *s)
{
    (void)s;
    assert(!top()->begun);
    command("SAVEPOINT begun");
    command("SET LOCAL tillit.municipalities = ''"); /* as after every COMMIT */
    top()->begun = true;
    return OK;
}

/* What is looked at as late as that in a transaction of its own is looked at here too. */
enum problem __wrap_db_commit(struct scope *s)
{
    if (!top()->begun || has_failed())
        return scope_fail(s, PROBLEM_BUG, "COMMIT was answered with another tag");
    PGresult *pg = PQexec(s->db->conn, "SET CONSTRAINTS ALL IMMEDIATE");
    enum problem p = PQresultStatus(pg) == PGRES_COMMAND_OK ? OK : db_refused(s, s->db, pg, "COMMIT");
    PQclear(pg);
    top()->begun = false;
    if (p) {
        command("ROLLBACK TO begun");
        return p;
    }
    command("SET CONSTRAINTS ALL DEFERRED; RELEASE begun; RELEASE taken; SAVEPOINT taken");
    return OK;
}

void __wrap_db_rollback(struct scope *s)
{
    if (!s->db)
        return;
    if (top()->begun)
        command("ROLLBACK TO begun; RELEASE begun");
    else if (has_failed())
        command("ROLLBACK TO taken");
    top()->begun = false;
}

int64_t __wrap_clock_now(struct clock *clock)
{
    (void)clock;
    return house.now;
}

struct arena *house_arena(void)
{
    return house.scope.arena;
}

void house_at(const char *time)
{
    if (!instant_parse(time, &house.now))
        fail_msg("%s is no time", time);
    house.scope.now = house.now;
}

const char *house_kept(const char *text)
{
    return arena_strdup(house.arena, text);
}

int64_t house_now(void)
{
    return house.now;
}

void house_name(const char *name, const char *value)
{
    assert(house.name_count < MOST_NAMES);
    house.names[house.name_count++] = (struct named){ name, strdup(value ? value : "") };
}

/* The last of several of that name. */
static const char *value_of(const char *name, size_t length)
{
    for (size_t i = house.name_count; i-- > 0;)
        if (strlen(house.names[i].name) == length && strncmp(house.names[i].name, name, length) == 0)
            return house.names[i].value;
    return NULL;
}

const char *house_text(const char *text)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyz_";
    struct buffer b = buffer_new(house.scope.arena);
    if (!text)
        return NULL;
    buffer_text(&b, "");
    while (*text) {
        size_t plain = strcspn(text, "$");
        buffer_add(&b, text, plain);
        text += plain;
        size_t length = *text ? strspn(text + 1, signs) : 0;
        const char *value = value_of(text + 1, length);
        if (length && !value)
            fail_msg("nothing is called $%.*s", (int)length, text + 1);
        if (*text && !length)
            buffer_text(&b, "$");
        buffer_text(&b, length ? value : "");
        text += (*text != '\0') + length;
    }
    return b.text;
}

const char *house_look(const char *sql)
{
    const char *whole = house_text(sql);
    PGresult *pg = PQexec(house.scope.db->conn, whole);
    if (PQresultStatus(pg) != PGRES_TUPLES_OK) {
        print_error("%s: %s\n", whole, PQresultVerboseErrorMessage(pg, PQERRORS_DEFAULT, PQSHOW_CONTEXT_NEVER));
        PQclear(pg);
        fail();
    }
    const char *text = PQntuples(pg) ? arena_strdup(house.scope.arena, PQgetvalue(pg, 0, 0)) : NULL;
    PQclear(pg);
    return text;
}

void house_do(const char *sql)
{
    command(house_text(sql));
}

const struct api *house_api(void)
{
    return &house.api;
}

const struct worker *house_worker(const char *name)
{
    for (size_t i = 0; i < house.worker_count; i++)
        if (strcmp(house.workers[i]->name, name) == 0)
            return house.workers[i];
    fail_msg("there is no worker %s", name);
    return NULL;
}

static void program_begin(struct program *program, const char *name)
{
    *program = (struct program){ .name = name, .arena = house.arena, .instance = "house" };
    if (!settings_read(house.arena, name, &program->settings, stderr))
        fail_msg("%s has no settings", name);
    program->clock = clock_new(NULL);
    program->metrics = metrics_new();
    program->log = log_new(name, open("/dev/null", O_WRONLY | O_CLOEXEC));
    program->health = health_new(house.arena);
    program->pool = pool_new(&(struct db_options){ .role = arena_printf(house.arena, "tillit_%s", name) }, 1);
    program->keyring = keyring_read(program->settings.keyring, stderr);
    if (!program->keyring)
        fail_msg("%s has no keys", name);
}

struct program *house_program(const char *name)
{
    for (size_t i = 0; i < house.program_count; i++)
        if (strcmp(house.programs[i].name, name) == 0)
            return &house.programs[i];
    assert(house.program_count < MOST_PROGRAMS);
    struct program *program = &house.programs[house.program_count++];
    program_begin(program, name);
    return program;
}

static void program_end(struct program *program)
{
    pool_free(program->pool);
    log_free(program->log);
    metrics_free(program->metrics);
    clock_free(program->clock);
    keyring_free(program->keyring);
}

void house_take_in(const char *pack)
{
    static char why[] = "--why", who[] = "--who", words[] = "Synthetic people, to try things with", name[] = "a test";
    struct program *ops = house_program("ops");
    char *file = arena_strdup(house.arena, pack);
    ops->words = (char *[]){ file, why, words, who, name, NULL };
    keyring_free(ops->keyring); /* it reads them itself */
    ops->keyring = NULL;
    const struct program_flag *flag = house.ops;
    while (strcmp(flag->name, "municipality") != 0)
        flag++;
    if (flag->run(ops, "add") != 0)
        fail_msg("%s was not taken in", pack);
}

static const char *file_of(const char *name)
{
    return arena_printf(house.arena, "%s/%s", house.folder, name);
}

static void write_login_key(const char *path)
{
    EVP_PKEY *key = EVP_RSA_gen(2048);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    FILE *file = fdopen(fd, "w");
    PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
    fclose(file);
    EVP_PKEY_free(key);
}

static void set_up(void)
{
    const char *ring = file_of("keyring"), *login = file_of("login.pem");
    const char *const settings[][2] = {
        { "TILLIT_KEYRING", ring },
        { "TILLIT_LOGIN_KEY", login },
        { "TILLIT_LOGIN_KEY_ID", "house" },
        { "TILLIT_SYNTHETIC", "on" },
        { "TILLIT_OPERATORS", "4627" },
        { "TILLIT_PUBLIC_URL", "http://127.0.0.1:8080" },
        { "TILLIT_INTERNAL_URL", "http://127.0.0.1:8081" },
        { "TILLIT_CITIZEN_ISSUER", "http://127.0.0.1:9" }, /* nobody answers there, and nobody asks */
        { "TILLIT_CITIZEN_CLIENT", "tillit" },
        { "KAFKA_BOOTSTRAP", "127.0.0.1:9" },
    };
    for (size_t i = 0; i < ROWS(settings); i++)
        setenv(settings[i][0], settings[i][1], 1);
    unsetenv("TILLIT_CLOCK_FILE");
    unsetenv("TILLIT_SYSTEM_ISSUER");
    if (system(arena_printf(house.arena, "sh deploy/local/keyring.sh %s", ring)) != 0)
        fail_msg("no keys could be made");
    write_login_key(login);
}

/* One house after the other has the database: they seed the same. */
static void connect_to(const char *url)
{
    const char *user = getenv("PGUSER");
    struct db_options options = { .url = url, .role = user ? user : "postgres" };
    house.scope = (struct scope){ .arena = arena_new() };
    house.scope.db = db_new(&options);
    if (db_open(&house.scope, house.scope.db))
        fail_msg("%s", house.scope.detail);
    command("BEGIN");
    command("SELECT pg_advisory_xact_lock(7300)");
}

static int open_house(void **state)
{
    (void)state;
    const char *url = getenv("DATABASE_URL");
    if (!url || !*url) {
        print_error("DATABASE_URL is not set: make handler starts a PostgreSQL for it\n");
        return -1;
    }
    arena_setup();
    house.arena = arena_new();
    snprintf(house.folder, sizeof(house.folder), "/tmp/tillit-house.XXXXXX");
    if (!mkdtemp(house.folder))
        return -1;
    set_up();
    connect_to(url);
    house_at("2026-11-25T09:00:00+01:00");
#define PROGRAM(name, letter, port, summary) name##_service(0, NULL);
#define COMMAND(name, letter, summary) name##_service(0, NULL);
#include "common/program/programs.def"
#undef PROGRAM
#undef COMMAND
    house.seed();
    house.seeded_names = house.name_count;
    return 0;
}

static void forget_names(size_t kept)
{
    while (house.name_count > kept)
        free(house.names[--house.name_count].value);
}

static int close_house(void **state)
{
    (void)state;
    if (!house.arena)
        return 0;
    command("ROLLBACK");
    forget_names(0);
    deliver_end();
    for (size_t i = 0; i < house.program_count; i++)
        program_end(&house.programs[i]);
    db_free(house.scope.db);
    arena_free(house.scope.arena);
    unlink(file_of("keyring"));
    unlink(file_of("login.pem"));
    rmdir(house.folder);
    arena_free(house.arena);
    return 0;
}

static int begin_case(void **state)
{
    (void)state;
    command("SAVEPOINT row");
    house_at("2026-11-25T10:00:00+01:00");
    return 0;
}

static int end_case(void **state)
{
    (void)state;
    command("ROLLBACK TO row; RELEASE row");
    house.depth = 0;
    deliver_forget();
    forget_names(house.seeded_names);
    arena_reset(house.scope.arena);
    return 0;
}

void house_add(const char *name, void (*run)(void **state), const void *row)
{
    assert(house.test_count < MOST_TESTS);
    house.tests[house.test_count++] = (struct CMUnitTest){ name, run, begin_case, end_case, (void *)(uintptr_t)row };
}

int house_run(const char *name, void (*seed)(void))
{
    house.seed = seed;
    return _cmocka_run_group_tests(name, house.tests, house.test_count, open_house, close_house);
}
