/* SPDX-License-Identifier: EUPL-1.2 */
/* Each part by its name. */
#include "services/api/tenants/state.h"

#include <string.h>

#include "common/api/api.h"

static struct api_state *state_of(const struct scope *s)
{
    return api_own(s);
}

struct pool *intake_pool(const struct scope *s)
{
    return state_of(s)->pool;
}

struct intake *intake_of(const struct scope *s)
{
    return state_of(s)->intake;
}

const struct route *routes_of(const struct scope *s)
{
    return state_of(s) ? state_of(s)->routes : NULL;
}

struct issuer *systems_issuer(const struct scope *s)
{
    return state_of(s)->systems;
}

struct entrances *entrances_of(const struct scope *s)
{
    return state_of(s)->entrances;
}

struct remembered *remembered_of(const struct scope *s)
{
    return state_of(s) ? state_of(s)->remembered : NULL;
}
