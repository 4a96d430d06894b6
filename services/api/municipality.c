/* SPDX-License-Identifier: EUPL-1.2 */
/* The served municipalities and the systems that may come, remembered for a moment: every request asks. */
#include "services/api/municipality.h"

#include <pthread.h>
#include <string.h>

#include "common/api.h"
#include "common/clock.h"
#include "common/issuer.h"
#include "common/outbound.h"
#include "common/queries.h"
#include "services/api/intake.h"
#include "services/api/queries.h"

enum { FRESH_MS = 2000 };

struct api_state {
    struct arena *arena;
    struct db_options options;
    struct pool *pool; /* of intake connections */
    struct intake *intake;
    struct issuer *systems; /* NULL: no system logs in */
    pthread_mutex_t lock;   /* of what follows */
    struct arena *list_arena;
    struct municipality *list;
    size_t count;
    struct client *clients;
    size_t client_count;
    int64_t read_at; /* steady ms; 0 = never */
};

static struct issuer *systems_new(struct arena *arena, const struct settings *settings)
{
    if (!settings->system_issuer)
        return NULL;
    outbound_start();
    return issuer_new(arena, &(struct issuer_options){
                                 .name = "system",
                                 .url = settings->system_issuer,
                                 .metadata = "/.well-known/oauth-authorization-server",
                                 .audience = settings->system_audience });
}

void *api_state_new(struct program *program)
{
    static const struct statement *const *const lists[] = { api_statements, NULL };
    struct arena *arena = arena_new();
    struct api_state *state = ARENA_NEW(arena, struct api_state);
    state->arena = arena;
    state->options = (struct db_options){ .url = program->settings.database_url,
                                          .role = "tillit_intake",
                                          .statements = lists };
    state->pool = pool_new(&state->options, (int)program->settings.db_connections);
    state->intake = intake_new(arena, state->pool);
    state->systems = systems_new(arena, &program->settings);
    state->list_arena = arena_new();
    pthread_mutex_init(&state->lock, NULL);
    return state;
}

void api_state_free(void *own)
{
    struct api_state *state = own;
    if (state->systems)
        issuer_free(state->systems);
    intake_free(state->intake);
    pool_free(state->pool);
    pthread_mutex_destroy(&state->lock);
    arena_free(state->list_arena);
    arena_free(state->arena);
}

struct pool *intake_pool(const struct scope *s)
{
    return ((struct api_state *)api_own(s))->pool;
}

struct intake *intake_of(const struct scope *s)
{
    return ((struct api_state *)api_own(s))->intake;
}

struct issuer *systems_issuer(const struct scope *s)
{
    return ((struct api_state *)api_own(s))->systems;
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

static void keep_municipalities(struct api_state *state, const struct result *r)
{
    state->count = (size_t)r->count;
    state->list = arena_array(state->list_arena, state->count, sizeof(*state->list));
    for (int i = 0; i < r->count; i++)
        state->list[i] = (struct municipality){
            arena_strdup(state->list_arena, result_text(r, i, "number")),
            arena_strdup(state->list_arena, result_text(r, i, "name")),
            arena_strdup(state->list_arena, result_text(r, i, "phone")),
        };
}

static void keep_clients(struct api_state *state, const struct result *r)
{
    state->client_count = (size_t)r->count;
    state->clients = arena_array(state->list_arena, state->client_count, sizeof(*state->clients));
    for (int i = 0; i < r->count; i++)
        state->clients[i] = (struct client){
            arena_strdup(state->list_arena, result_text(r, i, "organisation")),
            arena_strdup(state->list_arena, result_text(r, i, "municipalities")),
        };
}

/* Under the lock. A database that is away leaves the list as it was. */
static void refresh(const struct scope *s, struct api_state *state)
{
    struct result municipalities, clients;
    if (state->read_at && clock_steady_ms() - state->read_at < FRESH_MS)
        return;
    struct scope own = scope_open(s->program);
    if (read_rows(&own, &municipalities, &clients) == OK) {
        arena_reset(state->list_arena);
        keep_municipalities(state, &municipalities);
        keep_clients(state, &clients);
        state->read_at = clock_steady_ms();
    }
    scope_close(&own);
}

bool municipality_find(struct scope *s, const char *number, struct municipality *out)
{
    struct api_state *state = api_own(s);
    bool found = false;
    pthread_mutex_lock(&state->lock);
    refresh(s, state);
    for (size_t i = 0; i < state->count && !found; i++) {
        const struct municipality *m = &state->list[i];
        found = strcmp(m->number, number) == 0;
        if (found)
            *out = (struct municipality){ arena_strdup(s->arena, m->number),
                                          arena_strdup(s->arena, m->name),
                                          arena_strdup(s->arena, m->phone) };
    }
    pthread_mutex_unlock(&state->lock);
    return found;
}

bool client_find(struct scope *s, const char *organisation, struct client *out)
{
    struct api_state *state = api_own(s);
    bool found = false;
    pthread_mutex_lock(&state->lock);
    refresh(s, state);
    for (size_t i = 0; i < state->client_count && !found; i++) {
        const struct client *client = &state->clients[i];
        found = strcmp(client->organisation, organisation) == 0;
        if (found)
            *out = (struct client){ arena_strdup(s->arena, client->organisation),
                                    arena_strdup(s->arena, client->municipalities) };
    }
    pthread_mutex_unlock(&state->lock);
    return found;
}

bool municipality_served(struct scope *s, const char *number)
{
    struct municipality unused;
    return !api_own(s) || municipality_find(s, number, &unused);
}
