/* SPDX-License-Identifier: EUPL-1.2 */
/* The served municipalities, who may come to them and where, read again when they are two
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
    struct arena *arena;  /* of the lists */
    struct municipality *municipalities;
    size_t municipality_count;
    struct client *clients;
    size_t client_count;
    struct staff_login *logins;
    size_t login_count;
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
                              struct result *clients, struct result *logins)
{
    TRY(pool_take(own, own->program->pool));
    enum problem p = db_run(own, &sql_municipalities_all, municipalities, NULL, 0);
    if (!p)
        p = db_run(own, &sql_clients_all, clients, NULL, 0);
    if (!p)
        p = db_run(own, &sql_staff_logins_all, logins, NULL, 0);
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
            arena_strdup(all->arena, result_text(r, i, "name")),
            arena_strdup(all->arena, result_text(r, i, "municipalities")),
        };
}

static void copy_login(struct arena *a, const struct staff_login *from, struct staff_login *to)
{
    *to = (struct staff_login){ arena_strdup(a, from->municipality),
                                arena_strdup(a, from->issuer), arena_strdup(a, from->client),
                                arena_strdup(a, from->roles_claim),
                                arena_strdup(a, from->role_map) };
}

static void keep_logins(struct remembered *all, const struct result *r)
{
    all->login_count = (size_t)r->count;
    all->logins = arena_array(all->arena, all->login_count, sizeof(*all->logins));
    for (int i = 0; i < r->count; i++)
        copy_login(all->arena,
                   &(struct staff_login){ result_text(r, i, "municipality"),
                                          result_text(r, i, "issuer"),
                                          result_text(r, i, "client"),
                                          result_text(r, i, "roles_claim"),
                                          result_text(r, i, "role_map") },
                   &all->logins[i]);
}

/* Under the lock. A database that is away leaves the list as it was. */
static void refresh(const struct program *program, struct remembered *all)
{
    struct result municipalities, clients, logins;
    if (all->read_at && clock_steady_ms() - all->read_at < FRESH_MS)
        return;
    struct scope own = scope_open(program);
    if (read_rows(&own, &municipalities, &clients, &logins) == OK) {
        arena_reset(all->arena);
        keep_municipalities(all, &municipalities);
        keep_clients(all, &clients);
        keep_logins(all, &logins);
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

const char *municipalities_seen(struct scope *s)
{
    struct remembered *all = remembered_of(s);
    struct buffer b = buffer_new(s->arena);
    if (s->program->settings.municipality)
        return s->program->settings.municipality;
    pthread_mutex_lock(&all->lock);
    refresh(s->program, all);
    for (size_t i = 0; i < all->municipality_count; i++)
        buffer_printf(&b, "%s%s", i ? "," : "", all->municipalities[i].number);
    pthread_mutex_unlock(&all->lock);
    return b.text;
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
                                    arena_strdup(s->arena, client->name),
                                    arena_strdup(s->arena, client->municipalities) };
    }
    pthread_mutex_unlock(&all->lock);
    return found;
}

bool staff_login_find(struct scope *s, const char *municipality, struct staff_login *out)
{
    struct remembered *all = remembered_of(s);
    bool found = false;
    pthread_mutex_lock(&all->lock);
    refresh(s->program, all);
    for (size_t i = 0; i < all->login_count && !found; i++) {
        found = strcmp(all->logins[i].municipality, municipality) == 0;
        if (found)
            copy_login(s->arena, &all->logins[i], out);
    }
    pthread_mutex_unlock(&all->lock);
    return found;
}

struct texts staff_logins(struct scope *s)
{
    struct remembered *all = remembered_of(s);
    pthread_mutex_lock(&all->lock);
    refresh(s->program, all);
    const char **numbers = arena_array(s->arena, all->login_count, sizeof(*numbers));
    for (size_t i = 0; i < all->login_count; i++)
        numbers[i] = arena_strdup(s->arena, all->logins[i].municipality);
    struct texts out = { .items = numbers, .count = all->login_count };
    pthread_mutex_unlock(&all->lock);
    return out;
}

bool municipality_served(struct scope *s, const char *number)
{
    struct municipality unused;
    return !remembered_of(s) || municipality_find(s, number, &unused);
}
