/* SPDX-License-Identifier: EUPL-1.2 */
/* A count under a lock, when it last fell, and who waits for that: a thread that comes meanwhile would else take the
 * place of one that has waited long. */
#include "common/db/line.h"

#include <assert.h>
#include <pthread.h>

#include "common/time/clock.h"

/* On the stack of the thread that waits. */
struct waiter {
    struct waiter *next;
    pthread_cond_t turned;
    int64_t came_at; /* steady ms */
    bool in;
};

struct line {
    pthread_mutex_t lock;
    struct waiter *first, **end; /* in the order they came */
    int most, patient, inside;
    int64_t moved_at; /* steady ms */
};

struct line *line_new(struct arena *a, int most, int patient)
{
    struct line *line = ARENA_NEW(a, struct line);
    line->most = most;
    line->patient = patient;
    line->end = &line->first;
    pthread_mutex_init(&line->lock, NULL);
    return line;
}

void line_free(struct line *line)
{
    assert(line->inside == 0);
    pthread_mutex_destroy(&line->lock);
}

static void leave_waiting(struct line *line, const struct waiter *who)
{
    struct waiter **at = &line->first;
    while (*at != who)
        at = &(*at)->next;
    *at = who->next;
    if (!*at)
        line->end = at;
}

static bool is_patient(const struct line *line, const struct waiter *who)
{
    const struct waiter *one = line->first;
    for (int place = 0; place < line->patient; place++, one = one->next)
        if (one == who)
            return true;
    return false;
}

/* False when there is nothing more to wait for. */
static bool wait_for_step(struct scope *s, struct line *line, struct waiter *who)
{
    int64_t until = is_patient(line, who) ? who->came_at + LINE_WAIT_MS : line->moved_at + LINE_PATIENCE_MS;
    int64_t wait = until - clock_steady_ms();
    int left = scope_left(s, LINE_WAIT_MS);
    if (wait <= 0 || left <= 0)
        return false;
    struct timespec then = clock_steady_in(wait < left ? (int)wait : left);
    pthread_cond_clockwait(&who->turned, &line->lock, CLOCK_MONOTONIC, &then);
    return true;
}

static bool wait_for_turn(struct scope *s, struct line *line)
{
    struct waiter who = { .turned = PTHREAD_COND_INITIALIZER, .came_at = clock_steady_ms() };
    *line->end = &who;
    line->end = &who.next;
    while (!who.in && wait_for_step(s, line, &who))
        ;
    if (!who.in)
        leave_waiting(line, &who);
    pthread_cond_destroy(&who.turned);
    return who.in;
}

enum problem line_enter(struct scope *s, struct line *line)
{
    bool in = true;
    pthread_mutex_lock(&line->lock);
    if (line->inside < line->most) {
        line->inside++;
        line->moved_at = clock_steady_ms(); /* a burst after a quiet hour is no line that stands */
    } else {
        in = wait_for_turn(s, line);
    }
    pthread_mutex_unlock(&line->lock);
    return in ? OK : scope_fail(s, PROBLEM_UNAVAILABLE, "too many wait for the database");
}

void line_leave(struct line *line)
{
    pthread_mutex_lock(&line->lock);
    struct waiter *next = line->first;
    line->moved_at = clock_steady_ms();
    if (next) { /* who leaves gives the place away: nobody comes between */
        line->first = next->next;
        if (!line->first)
            line->end = &line->first;
        next->in = true;
        pthread_cond_signal(&next->turned);
    } else {
        line->inside--;
    }
    pthread_mutex_unlock(&line->lock);
}
