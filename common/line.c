/* SPDX-License-Identifier: EUPL-1.2 */
/* A count under a lock, and when it last fell. */
#include "common/line.h"

#include <assert.h>
#include <pthread.h>

#include "common/clock.h"

struct line {
    pthread_mutex_t lock;
    pthread_cond_t left;
    int most, inside;
    int64_t moved_at; /* steady ms */
};

struct line *line_new(struct arena *a, int most)
{
    struct line *line = ARENA_NEW(a, struct line);
    line->most = most;
    pthread_mutex_init(&line->lock, NULL);
    pthread_cond_init(&line->left, NULL);
    return line;
}

void line_free(struct line *line)
{
    assert(line->inside == 0);
    pthread_cond_destroy(&line->left);
    pthread_mutex_destroy(&line->lock);
}

/* Under the lock: false when there is nothing more to wait for. */
static bool wait_for_step(struct scope *s, struct line *line)
{
    int64_t stands_at = line->moved_at + LINE_PATIENCE_MS;
    int64_t wait = stands_at - clock_steady_ms();
    int left = scope_left(s, LINE_PATIENCE_MS);
    if (wait <= 0 || left <= 0)
        return false;
    struct timespec until = clock_steady_in(wait < left ? (int)wait : left);
    pthread_cond_clockwait(&line->left, &line->lock, CLOCK_MONOTONIC, &until);
    return true;
}

enum problem line_enter(struct scope *s, struct line *line)
{
    pthread_mutex_lock(&line->lock);
    while (line->inside >= line->most && wait_for_step(s, line))
        ;
    bool in = line->inside < line->most;
    line->inside += in;
    pthread_mutex_unlock(&line->lock);
    return in ? OK : scope_fail(s, PROBLEM_UNAVAILABLE, "too many wait for the database");
}

void line_leave(struct line *line)
{
    pthread_mutex_lock(&line->lock);
    line->inside--;
    line->moved_at = clock_steady_ms();
    pthread_cond_signal(&line->left);
    pthread_mutex_unlock(&line->lock);
}
