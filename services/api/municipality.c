/* SPDX-License-Identifier: EUPL-1.2 */
/* The served municipalities and the systems that may come, read again when they are two
 * seconds old. */
#include "services/api/municipality.h"

#include <pthread.h>
#include <string.h>

#include "common/clock.h"
#include "common/db.h"
#include "common/program.h"
#include "common/queries.h"
#include "common/record.h"
#include "services/api/queries.h"
#include "services/api/state.h"

enum { FRESH_MS = 2000 };

struct remembered {
    pthread_mutex_t lock; /* of all that follows */
    struct arena *arena;  /* of both lists */
    struct municipality *municipalities;
    size_t municipality_count;
    struct client *clients;
    size_t client_count;
    int64_t read_at; /* steady ms; 0 = never */
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

static enum problem read_rows(struct scope *own, struct result *municipalities,
                              struct result *clients)
{
    TRY(pool_take(own, own->program->pool));
    enum problem p = db_run(own, &sql_municipalities_all, municipalities, NULL, 0);
    if (!p)
        p = db_run(own, &sql_clients_all, clients, NULL, 0);
    pool_give(own, own->program->pool);
    return p;
}

static void keep_municipalities(struct remembered *all, const struct result *r)
{
    all->municipality_count = (size_t)r->count;
    all->municipalities =
        arena_array(all->arena, all->municipality_count, sizeof(*all->municipalities));
    for (int i = 0; i < r->count; i++)
        all->municipalities[i] = (struct municipality){
            arena_strdup(all->arena, result_text(r, i, "number")),
            arena_strdup(all->arena, result_text(r, i, "name")),
            arena_strdup(all->arena, result_text(r, i, "phone")),
            arena_strdup(all->arena, result_text(r, i, "address")),
            arena_strdup(all->arena, result_text(r, i, "web")),
            arena_strdup(all->arena, result_text(r, i, "accent")),
        };
}

static void keep_clients(struct remembered *all, const struct result *r)
{
    all->client_count = (size_t)r->count;
    all->clients = arena_array(all->arena, all->client_count, sizeof(*all->clients));
    for (int i = 0; i < r->count; i++)
        all->clients[i] = (struct client){
            arena_strdup(all->arena, result_text(r, i, "organisation")),
            arena_strdup(all->arena, result_text(r, i, "municipalities")),
        };
}

/* Under the lock. A database that is away leaves the list as it was. */
static void refresh(const struct program *program, struct remembered *all)
{
    struct result municipalities, clients;
    if (all->read_at && clock_steady_ms() - all->read_at < FRESH_MS)
        return;
    struct scope own = scope_open(program);
    if (read_rows(&own, &municipalities, &clients) == OK) {
        arena_reset(all->arena);
        keep_municipalities(all, &municipalities);
        keep_clients(all, &clients);
        all->read_at = clock_steady_ms();
    }
    scope_close(&own);
}

bool remembered_ready(const struct program *program, struct remembered *all)
{
    pthread_mutex_lock(&all->lock);
    refresh(program, all);
    bool ready = all->read_at != 0;
    pthread_mutex_unlock(&all->lock);
    return ready;
}

static struct municipality copy(struct arena *a, const struct municipality *m)
{
    return (struct municipality){ arena_strdup(a, m->number),  arena_strdup(a, m->name),
                                  arena_strdup(a, m->phone),   arena_strdup(a, m->address),
                                  arena_strdup(a, m->web),     arena_strdup(a, m->accent) };
}

bool municipality_find(struct scope *s, const char *number, struct municipality *out)
{
    struct remembered *all = remembered_of(s);
    bool found = false;
    pthread_mutex_lock(&all->lock);
    refresh(s->program, all);
    for (size_t i = 0; i < all->municipality_count && !found; i++) {
        const struct municipality *m = &all->municipalities[i];
        found = strcmp(m->number, number) == 0;
        if (found)
            *out = copy(s->arena, m);
    }
    pthread_mutex_unlock(&all->lock);
    return found;
}

struct municipalities municipalities_offered(struct scope *s)
{
    struct remembered *all = remembered_of(s);
    const char *only = s->program->settings.municipality;
    pthread_mutex_lock(&all->lock);
    refresh(s->program, all);
    struct municipality *items = arena_array(s->arena, all->municipality_count, sizeof(*items));
    size_t count = 0;
    for (size_t i = 0; i < all->municipality_count; i++)
        if (!only || text_lists(only, ',', all->municipalities[i].number))
            items[count++] = copy(s->arena, &all->municipalities[i]);
    pthread_mutex_unlock(&all->lock);
    return (struct municipalities){ items, count };
}

bool client_find(struct scope *s, const char *organisation, struct client *out)
{
    struct remembered *all = remembered_of(s);
    bool found = false;
    pthread_mutex_lock(&all->lock);
    refresh(s->program, all);
    for (size_t i = 0; i < all->client_count && !found; i++) {
        const struct client *client = &all->clients[i];
        found = strcmp(client->organisation, organisation) == 0;
        if (found)
            *out = (struct client){ arena_strdup(s->arena, client->organisation),
                                    arena_strdup(s->arena, client->municipalities) };
    }
    pthread_mutex_unlock(&all->lock);
    return found;
}

bool municipality_served(struct scope *s, const char *number)
{
    struct municipality unused;
    return !remembered_of(s) || municipality_find(s, number, &unused);
}
