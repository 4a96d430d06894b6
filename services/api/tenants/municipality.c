/* SPDX-License-Identifier: EUPL-1.2 */
/* The served municipalities, who may come to them and where, read again every second or two by a thread that answers
 * no request. */
#include "services/api/tenants/municipality.h"

#include <pthread.h>
#include <string.h>

#include "common/db/pool.h"
#include "common/operator/queries.h"
#include "common/program/program.h"
#include "common/time/clock.h"
#include "services/api/tenants/queries.h"
#include "services/api/tenants/state.h"

enum { READ_MS = 3000, MOST_COLUMNS = 6 };

/* What is remembered: structs of nothing but texts, in the order of their columns; found by the first. */
enum known { MUNICIPALITIES, CLIENTS, LOGINS, KNOWN_COUNT };

static const struct table {
    const struct statement *all;
    size_t width;
    const char *columns[MOST_COLUMNS];
} tables[KNOWN_COUNT] = {
    [MUNICIPALITIES] = { &sql_municipalities_all,
                         6,
                         { "number", "name", "phone", "address", "web", "accent" } },
    [CLIENTS] = { &sql_clients_all, 3, { "organisation", "name", "municipalities" } },
    [LOGINS] = { &sql_staff_logins_all,
                 5,
                 { "municipality", "issuer", "client", "roles_claim", "role_map" } },
};
_Static_assert(sizeof(struct municipality) == 6 * sizeof(char *), "its columns");
_Static_assert(sizeof(struct client) == 3 * sizeof(char *), "its columns");
_Static_assert(sizeof(struct staff_login) == 5 * sizeof(char *), "its columns");

struct known_rows {
    const char **texts; /* row by row */
    size_t count;
};

struct remembered {
    pthread_mutex_t lock; /* of all that follows */
    struct arena *arena;  /* of the rows */
    struct known_rows rows[KNOWN_COUNT];
    bool known; /* they were read once */
};

struct remembered *remembered_new(struct arena *a)
{
    struct remembered *all = ARENA_NEW(a, struct remembered);
    all->arena = arena_new();
    pthread_mutex_init(&all->lock, NULL);
    return all;
}

void remembered_free(struct remembered *all)
{
    pthread_mutex_destroy(&all->lock);
    arena_free(all->arena);
}

static enum problem read_tables(struct scope *own, struct result *results)
{
    TRY(pool_take(own, own->program->pool));
    enum problem p = OK;
    for (size_t k = 0; k < KNOWN_COUNT && !p; k++)
        p = db_run(own, tables[k].all, &results[k], NULL, 0);
    pool_give(own, own->program->pool);
    return p;
}

static void keep(struct remembered *all, enum known known, const struct result *r)
{
    const struct table *table = &tables[known];
    struct known_rows *rows = &all->rows[known];
    rows->count = (size_t)r->count;
    rows->texts = arena_array(all->arena, rows->count * table->width, sizeof(*rows->texts));
    for (size_t i = 0; i < rows->count; i++)
        for (size_t c = 0; c < table->width; c++)
            rows->texts[i * table->width + c] =
                arena_strdup(all->arena, result_text(r, (int)i, table->columns[c]));
}

static void replace(struct remembered *all, const struct result *results)
{
    pthread_mutex_lock(&all->lock);
    arena_reset(all->arena);
    for (size_t k = 0; k < KNOWN_COUNT; k++)
        keep(all, k, &results[k]);
    all->known = true;
    pthread_mutex_unlock(&all->lock);
}

/* It may come later: an application of it is refused until then. */
static void say_who_is_missing(struct scope *own, const struct result *known, const char *named)
{
    for (const char *at = named; at && *at; at += strcspn(at, ","), at += *at == ',') {
        const char *number = arena_strndup(own->arena, at, strcspn(at, ","));
        bool taken = false;
        for (int i = 0; i < known->count && !taken; i++)
            taken = strcmp(result_text(known, i, "number"), number) == 0;
        if (!taken)
            LOG_WRITE(own->program->log, own->now, LOG_LEVEL_WARN,
                      "a municipality is named in the settings, and tillit-ops has not taken it in",
                      { LOG_MUNICIPALITY, number });
    }
}

static bool is_known(struct remembered *all)
{
    pthread_mutex_lock(&all->lock);
    bool known = all->known;
    pthread_mutex_unlock(&all->lock);
    return known;
}

/* A database that is away leaves all as it was. */
bool remembered_ready(const struct program *program, struct remembered *all)
{
    struct result results[KNOWN_COUNT];
    struct scope own = scope_open(program);
    own.deadline = clock_steady_ms() + READ_MS;
    if (read_tables(&own, results) == OK) {
        if (!is_known(all)) {
            say_who_is_missing(&own, &results[MUNICIPALITIES], program->settings.municipality);
            say_who_is_missing(&own, &results[MUNICIPALITIES], program->settings.house_operators);
        }
        replace(all, results);
    }
    scope_close(&own);
    return is_known(all);
}

static struct known_rows *lock_rows(struct scope *s, enum known known)
{
    struct remembered *all = remembered_of(s);
    pthread_mutex_lock(&all->lock);
    return &all->rows[known];
}

static void unlock_rows(struct scope *s)
{
    pthread_mutex_unlock(&remembered_of(s)->lock);
}

/* The row as its struct, in the scope. */
static void copy(struct scope *s, enum known known, const char *const *row, void *out)
{
    const char *texts[MOST_COLUMNS];
    for (size_t c = 0; c < tables[known].width; c++)
        texts[c] = arena_strdup(s->arena, row[c]);
    memcpy(out, texts, tables[known].width * sizeof(*texts));
}

static bool find(struct scope *s, enum known known, const char *key, void *out)
{
    const struct known_rows *rows = lock_rows(s, known);
    bool found = false;
    for (size_t i = 0; i < rows->count && !found; i++) {
        const char *const *row = &rows->texts[i * tables[known].width];
        found = strcmp(row[0], key) == 0;
        if (found)
            copy(s, known, row, out);
    }
    unlock_rows(s);
    return found;
}

bool municipality_find(struct scope *s, const char *number, struct municipality *out)
{
    return find(s, MUNICIPALITIES, number, out);
}

bool client_find(struct scope *s, const char *organisation, struct client *out)
{
    return find(s, CLIENTS, organisation, out);
}

bool staff_login_find(struct scope *s, const char *municipality, struct staff_login *out)
{
    return find(s, LOGINS, municipality, out);
}

/* What all of them are found by. */
static struct texts keys(struct scope *s, enum known known)
{
    const struct known_rows *rows = lock_rows(s, known);
    const char **items = arena_array(s->arena, rows->count, sizeof(*items));
    for (size_t i = 0; i < rows->count; i++)
        items[i] = arena_strdup(s->arena, rows->texts[i * tables[known].width]);
    struct texts out = { .items = items, .count = rows->count };
    unlock_rows(s);
    return out;
}

struct texts staff_logins(struct scope *s)
{
    return keys(s, LOGINS);
}

const char *municipalities_seen(struct scope *s)
{
    struct buffer b = buffer_new(s->arena);
    if (s->program->settings.municipality)
        return s->program->settings.municipality;
    struct texts numbers = keys(s, MUNICIPALITIES);
    for (size_t i = 0; i < numbers.count; i++)
        buffer_printf(&b, "%s%s", i ? "," : "", numbers.items[i]);
    return b.text;
}

struct municipalities municipalities_offered(struct scope *s)
{
    const char *only = s->program->settings.municipality;
    if (!remembered_of(s))
        return (struct municipalities){ 0 };
    const struct known_rows *rows = lock_rows(s, MUNICIPALITIES);
    struct municipality *items = arena_array(s->arena, rows->count, sizeof(*items));
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const char *const *row = &rows->texts[i * tables[MUNICIPALITIES].width];
        if (!only || text_lists(only, ',', row[0]))
            copy(s, MUNICIPALITIES, row, &items[count++]);
    }
    unlock_rows(s);
    return (struct municipalities){ items, count };
}

bool municipality_served(struct scope *s, const char *number)
{
    struct municipality unused;
    return !remembered_of(s) || municipality_find(s, number, &unused);
}
