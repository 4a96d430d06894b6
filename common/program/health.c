/* SPDX-License-Identifier: EUPL-1.2 */
/* A small box with a lock around it. */
#include "common/program/health.h"

#include <pthread.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/time/clock.h"

enum { ALIVE_MS = 30000 };

struct health {
    pthread_mutex_t lock;
    struct health_state state;
    int64_t alive_at;
    bool beats;
    int64_t beat_at; /* steady ms, when the last one came through */
    char beat_why[160];
};

struct health *health_new(struct arena *a)
{
    struct health *health = ARENA_NEW(a, struct health);
    pthread_mutex_init(&health->lock, NULL);
    health->state.lag_events = -1;
    health->state.lag_seconds = -1;
    health->alive_at = clock_steady_ms();
    health_say(health, "it is starting");
    return health;
}

/* What does not fit ends at a character: the database takes no half ones. */
static void copy(char *out, size_t room, const char *text)
{
    size_t length = strnlen(text, room);
    if (length == room)
        for (length = room - 1; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;)
            length--;
    memcpy(out, text, length);
    out[length] = '\0';
}

void health_say(struct health *health, const char *why)
{
    pthread_mutex_lock(&health->lock);
    health->state.ready = !why;
    copy(health->state.why, sizeof(health->state.why), why ? why : "");
    pthread_mutex_unlock(&health->lock);
}

void health_remark(struct health *health, const char *remark)
{
    pthread_mutex_lock(&health->lock);
    copy(health->state.remark, sizeof(health->state.remark), remark ? remark : "");
    pthread_mutex_unlock(&health->lock);
}

void health_alive(struct health *health)
{
    pthread_mutex_lock(&health->lock);
    health->alive_at = clock_steady_ms();
    pthread_mutex_unlock(&health->lock);
}

void health_beat(struct health *health, const char *why)
{
    int64_t now = clock_steady_ms();
    pthread_mutex_lock(&health->lock);
    if (!why)
        health->beat_at = now;
    else if (!health->beats)
        health->beat_at = now - HEALTH_BEAT_MS;
    health->beats = true;
    copy(health->beat_why, sizeof(health->beat_why), why ? why : "no heartbeat comes through: the database does not answer");
    pthread_mutex_unlock(&health->lock);
}

void health_lag(struct health *health, int64_t events, int64_t seconds)
{
    pthread_mutex_lock(&health->lock);
    health->state.lag_events = events;
    health->state.lag_seconds = seconds;
    pthread_mutex_unlock(&health->lock);
}

static struct health_state look(struct health *health, bool beats_count)
{
    int64_t now = clock_steady_ms();
    pthread_mutex_lock(&health->lock);
    struct health_state state = health->state;
    state.alive = now - health->alive_at < ALIVE_MS;
    if (beats_count && health->beats && state.ready && now - health->beat_at >= HEALTH_BEAT_MS) {
        state.ready = false;
        copy(state.why, sizeof(state.why), health->beat_why);
    }
    pthread_mutex_unlock(&health->lock);
    return state;
}

struct health_state health_look(struct health *health)
{
    return look(health, true);
}

struct health_state health_said(struct health *health)
{
    return look(health, false);
}
