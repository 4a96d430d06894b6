/* SPDX-License-Identifier: EUPL-1.2 */
/* A few connections shared by many threads: 64 threads with one each would pass max_connections. */
#include "common/db/pool.h"

#include <assert.h>
#include <pthread.h>

#include "common/db/line.h"
#include "common/db/open.h"
#include "common/db/run.h"
#include "common/db/wire.h"
#include "common/time/clock.h"

struct pool {
    struct arena *arena;
    struct db_options options;
    struct line *line;    /* who is inside has one of them */
    pthread_mutex_t lock; /* of what follows */
    struct db **all;
    struct db **idle; /* a stack: the warmest connection is used again first */
    int size;
    int idle_count;
    int64_t distrusted_at; /* steady ms: what was opened until then is to a server that was lost */
};

struct pool *pool_new(const struct db_options *options, int size)
{
    struct arena *arena = arena_new();
    struct pool *pool = ARENA_NEW(arena, struct pool);
    pool->arena = arena;
    pool->options = *options;
    pool->size = size;
    pool->line = line_new(arena, size, POOL_WAITING);
    pool->all = arena_array(arena, (size_t)size, sizeof(*pool->all));
    pool->idle = arena_array(arena, (size_t)size, sizeof(*pool->idle));
    pthread_mutex_init(&pool->lock, NULL);
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
    line_free(pool->line);
    pthread_mutex_destroy(&pool->lock);
    arena_free(pool->arena);
}

/* Under the lock: the warmest that is open, or the last; what is still being opened is not waited for while another
 * would do. */
static struct db *choose(struct pool *pool)
{
    int at = pool->idle_count - 1;
    for (int i = at; i >= 0; i--)
        if (db_is_open(pool->idle[i])) {
            at = i;
            break;
        }
    struct db *db = pool->idle[at];
    for (int i = at; i < pool->idle_count - 1; i++)
        pool->idle[i] = pool->idle[i + 1];
    pool->idle_count--;
    return db;
}

static struct db *take_idle(struct pool *pool, int64_t *distrusted_at)
{
    pthread_mutex_lock(&pool->lock);
    struct db *db = choose(pool);
    *distrusted_at = pool->distrusted_at;
    pthread_mutex_unlock(&pool->lock);
    return db;
}

static void give_back(struct pool *pool, struct db *db)
{
    pthread_mutex_lock(&pool->lock);
    if (!db_is_open(db) && db->condemned == OF_SERVER)
        pool->distrusted_at = clock_steady_ms();
    db->condemned = OF_STATEMENT;
    pool->idle[pool->idle_count++] = db;
    pthread_mutex_unlock(&pool->lock);
    line_leave(pool->line);
}

enum problem pool_take(struct scope *s, struct pool *pool)
{
    assert(!s->db);
    int64_t distrusted_at;
    TRY(line_enter(s, pool->line));
    struct db *db = take_idle(pool, &distrusted_at);
    if (db_is_open(db) && (db->opened_at <= distrusted_at || !db_is_sound(db)))
        db_close(db);
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
