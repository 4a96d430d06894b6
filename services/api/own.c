/* SPDX-License-Identifier: EUPL-1.2 */
/* Made before the first request and freed after the last; each part guards itself. */
#include "services/api/own.h"

#include "common/db/pool.h"
#include "common/token/issuer.h"
#include "common/token/outbound.h"
#include "services/api/application/intake.h"
#include "services/api/login/login.h"
#include "services/api/routes.h"
#include "services/api/tenants/entrance.h"
#include "services/api/tenants/municipality.h"
#include "services/api/tenants/state.h"

static struct issuer *systems_new(struct arena *arena, const struct settings *settings)
{
    if (!settings->system_issuer)
        return NULL;
    return issuer_new(arena, &(struct issuer_options){
                                 .name = "system",
                                 .url = settings->system_issuer,
                                 .metadata = "/.well-known/oauth-authorization-server",
                                 .audience = settings->system_audience });
}

static void start_metrics(struct metrics *m, const struct api_state *state)
{
    issuer_metrics(m, "citizen");
    issuer_metrics(m, "staff");
    if (state->systems)
        issuer_metrics(m, "system");
    access_metrics(m);
    login_metrics(m);
}

void *api_state_new(struct program *program)
{
    struct arena *arena = arena_new();
    struct api_state *state = ARENA_NEW(arena, struct api_state);
    outbound_start();
    state->entrances = entrances_new(program, arena);
    if (!state->entrances) {
        arena_free(arena);
        return NULL;
    }
    state->arena = arena;
    state->routes = routes;
    state->options = (struct db_options){ .url = program->settings.database_url,
                                          .role = "tillit_intake" };
    state->pool = pool_new(&state->options, (int)program->settings.db_connections);
    state->intake = intake_new(arena, state->pool);
    state->systems = systems_new(arena, &program->settings);
    state->remembered = remembered_new(arena);
    start_metrics(program->metrics, state);
    if (state->systems)
        issuer_warm(program, state->systems);
    return state;
}

void api_state_free(void *own)
{
    struct api_state *state = own;
    remembered_free(state->remembered);
    if (state->systems)
        issuer_free(state->systems);
    entrances_free(state->entrances);
    intake_free(state->intake);
    pool_free(state->pool);
    arena_free(state->arena);
}

int api_state_waiting(const struct program *program)
{
    return INTAKE_WAITING + (int)program->settings.db_connections + POOL_WAITING;
}

bool api_state_ready(struct program *program, void *own)
{
    return remembered_ready(program, ((struct api_state *)own)->remembered);
}
