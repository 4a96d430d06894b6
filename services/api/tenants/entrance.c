/* SPDX-License-Identifier: EUPL-1.2 */
/* An entrance that was made stays: a request may be using it. One whose row says another
 * issuer now is made beside it. */
#include "services/api/tenants/entrance.h"

#include <pthread.h>
#include <string.h>

#include "common/program/program.h"
#include "common/token/issuer.h"
#include "common/token/signing_key.h"
#include "services/api/tenants/municipality.h"
#include "services/api/tenants/state.h"

static const char metadata[] = "/.well-known/openid-configuration";

struct of_staff {
    struct entrance entrance;
    struct of_staff *next;
};

struct entrances {
    struct signing_key *key;
    struct entrance citizens;
    pthread_mutex_t lock;  /* of all that follows */
    struct arena *arena;
    struct of_staff *staff;
};

struct entrances *entrances_new(struct program *program, struct arena *a)
{
    const struct settings *set = &program->settings;
    struct entrances *all = ARENA_NEW(a, struct entrances);
    all->key = signing_key_read(a, set->login_key, set->login_key_id, stderr);
    if (!all->key)
        return NULL;
    all->citizens = (struct entrance){
        .issuer = issuer_new(a, &(struct issuer_options){ .name = "citizen",
                                                          .url = set->citizen_issuer,
                                                          .metadata = metadata,
                                                          .audience = set->citizen_client }),
        .url = set->citizen_issuer,
        .client = set->citizen_client,
        .own_url = set->public_url,
        .levels = set->citizen_levels,
        .key = all->key,
    };
    issuer_warm(program, all->citizens.issuer);
    all->arena = arena_new();
    pthread_mutex_init(&all->lock, NULL);
    return all;
}

void entrances_free(struct entrances *all)
{
    issuer_free(all->citizens.issuer);
    for (struct of_staff *one = all->staff; one; one = one->next)
        issuer_free(one->entrance.issuer);
    signing_key_free(all->key);
    pthread_mutex_destroy(&all->lock);
    arena_free(all->arena);
}

struct entrance *entrance_of_citizens(const struct scope *s)
{
    return &entrances_of(s)->citizens;
}

static struct of_staff *make(struct scope *s, struct entrances *all,
                             const struct staff_login *row)
{
    const struct settings *set = &s->program->settings;
    struct of_staff *one = ARENA_NEW(all->arena, struct of_staff);
    const char *url = arena_strdup(all->arena, row->issuer);
    const char *client = arena_strdup(all->arena, row->client);
    one->entrance = (struct entrance){
        .issuer = issuer_new(all->arena, &(struct issuer_options){ .name = "staff",
                                                                   .url = url,
                                                                   .metadata = metadata,
                                                                   .audience = client }),
        .url = url,
        .client = client,
        .own_url = set->internal_url,
        .key = all->key,
    };
    one->next = all->staff;
    all->staff = one;
    return one;
}

struct entrance *entrance_of_staff(struct scope *s, const char *municipality)
{
    struct entrances *all = entrances_of(s);
    struct staff_login row;
    if (!municipality || !staff_login_find(s, municipality, &row))
        return NULL;
    pthread_mutex_lock(&all->lock);
    struct of_staff *one = all->staff;
    while (one && (strcmp(one->entrance.url, row.issuer) != 0 ||
                   strcmp(one->entrance.client, row.client) != 0))
        one = one->next;
    if (!one)
        one = make(s, all, &row);
    pthread_mutex_unlock(&all->lock);
    return &one->entrance;
}
