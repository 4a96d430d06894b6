/* SPDX-License-Identifier: EUPL-1.2 */
/* A few connections shared by many threads: 64 threads with one each would pass max_connections. */
#include <assert.h>
#include <pthread.h>
#include <time.h>

#include "common/db_private.h"

enum { WAIT_SECONDS = 5 };

struct pool {
    struct arena *arena;
    struct db_options options;
    pthread_mutex_t lock;
    pthread_cond_t given;
    struct db **all;
    struct db **idle; /* a stack: the warmest connection is used again first */
    int size;
    int idle_count;
};

struct pool *pool_new(const struct db_options *options, int size)
{
    struct arena *arena = arena_new();
    struct pool *pool = ARENA_NEW(arena, struct pool);
    pool->arena = arena;
    pool->options = *options;
    pool->size = size;
    pool->all = arena_array(arena, (size_t)size, sizeof(*pool->all));
    pool->idle = arena_array(arena, (size_t)size, sizeof(*pool->idle));
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->given, NULL);
    for (int i = 0; i < size; i++)
        pool->all[i] = pool->idle[pool->idle_count++] = db_new(&pool->options);
    return pool;
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    assert(pool->idle_count == pool->size);
    for (int i = 0; i < pool->size; i++)
        db_free(pool->all[i]);
    pthread_cond_destroy(&pool->given);
    pthread_mutex_destroy(&pool->lock);
    arena_free(pool->arena);
}

static struct db *take_idle(struct pool *pool)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_SECONDS;
    struct db *db = NULL;
    pthread_mutex_lock(&pool->lock);
    while (pool->idle_count == 0)
        if (pthread_cond_clockwait(&pool->given, &pool->lock, CLOCK_MONOTONIC, &until) != 0)
            break;
    if (pool->idle_count > 0)
        db = pool->idle[--pool->idle_count];
    pthread_mutex_unlock(&pool->lock);
    return db;
}

static void give_back(struct pool *pool, struct db *db)
{
    pthread_mutex_lock(&pool->lock);
    pool->idle[pool->idle_count++] = db;
    pthread_cond_signal(&pool->given);
    pthread_mutex_unlock(&pool->lock);
}

enum problem pool_take(struct scope *s, struct pool *pool)
{
    assert(!s->db);
    struct db *db = take_idle(pool);
    if (!db)
        return scope_fail(s, PROBLEM_UNAVAILABLE, "no database connection was free");
    enum problem p = db_open(s, db);
    if (p)
        give_back(pool, db);
    else
        s->db = db;
    return p;
}

void pool_give(struct scope *s, struct pool *pool)
{
    if (!s->db)
        return;
    db_rollback(s);
    give_back(pool, s->db);
    s->db = NULL;
}
