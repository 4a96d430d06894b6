/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_TENANTS_STATE_H
#define SERVICES_API_TENANTS_STATE_H
/* What the API keeps between requests; NULL in pure tests. */
#include "common/db/open.h"

struct arena;
struct entrances;
struct intake;
struct issuer;
struct pool;
struct program;
struct remembered;
struct route;

struct api_state {
    struct arena *arena;
    const struct route *routes; /* all there are */
    struct db_options options;
    struct pool *pool; /* of intake connections */
    struct intake *intake;
    struct issuer *systems;    /* NULL: no system logs in */
    struct entrances *entrances;
    struct remembered *remembered;
};

/* The connections of the role that may insert applications and see nothing. */
struct pool *intake_pool(const struct scope *s);
/* Where their commits are shared. */
struct intake *intake_of(const struct scope *s);

/* All doors there are; NULL in pure tests. */
const struct route *routes_of(const struct scope *s);

/* Who issues systems' tokens; NULL if no system logs in. */
struct issuer *systems_issuer(const struct scope *s);

/* Where people log in (entrance.h). */
struct entrances *entrances_of(const struct scope *s);

/* Who is served and who may come (municipality.h). */
struct remembered *remembered_of(const struct scope *s);

#endif
