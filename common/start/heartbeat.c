/* SPDX-License-Identifier: EUPL-1.2 */
/* The database knows how every program is, so the API need not know where they listen. What memory a
 * backlog or an outage took goes back to the system here as well. */
#include "common/start/heartbeat.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "common/db/open.h"
#include "common/db/wire.h"
#include "common/program/program.h"
#include "common/seal/keyring.h"
#include "common/start/queries.h"
#include "common/time/clock.h"

enum { TRIM_BEATS = 10, BEAT_MS = 2000, WORDS = 160 };

struct heartbeat {
    struct arena *arena;
    struct program *program;
    struct db_options options;
    struct db *db;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool stopping;
    char ring_said[WORDS], clock_said[WORDS]; /* what was told last */
};

static enum problem beat(struct heartbeat *h, struct scope *s)
{
    struct health_state state = health_said(h->program->health);
    s->deadline = clock_steady_ms() + BEAT_MS; /* a server that stands still is noticed in time */
    TRY(db_open(s, h->db));
    s->db = h->db;
    enum problem p =
        DB_RUN(s, &sql_heartbeat, NULL, param_text(h->program->name),
               param_text(h->program->instance), param_time(s, s->now),
               param_flag(state.ready && state.alive),
               param_text(!state.ready ? state.why : *state.remark ? state.remark : NULL),
               param_maybe(s, state.lag_events >= 0, state.lag_events),
               param_maybe(s, state.lag_seconds >= 0, state.lag_seconds));
    s->db = NULL;
    return p;
}

static void say_beat(struct heartbeat *h, struct scope *s)
{
    enum problem p = beat(h, s);
    health_beat(h->program->health,
                p ? arena_printf(s->arena, "no heartbeat comes through: %s", s->detail ? s->detail : problem_title(p)) : NULL);
}

/* Each fault once, and its end. */
static void tell(const struct heartbeat *h, int64_t now, const char *what, char *said, const char *words)
{
    if (strcmp(said, words) == 0)
        return;
    LOG_WRITE(h->program->log, now, *words ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO, what,
              { LOG_DETAIL, *words ? words : "it is in order again" });
    snprintf(said, WORDS, "%s", words);
}

/* Faults of what a program reads as it goes. It runs on with what it had, so only a word makes them known. */
static void say_faults(struct heartbeat *h, int64_t now)
{
    struct program *program = h->program;
    const char *clock = clock_fault(program->clock);
    char ring[WORDS] = "";
    tell(h, now, "the file that moves the clock", h->clock_said, clock ? clock : "");
    if (!program->keyring)
        return;
    bool refused = keyring_refused(program->keyring, ring, sizeof(ring));
    tell(h, now, "the key ring's file", h->ring_said, ring);
    metric_set(program->metrics, METRIC_KEYRING_REFUSED, LABELS(NULL), refused);
    char remark[WORDS + 32];
    snprintf(remark, sizeof(remark), "the old keys stay in use: %s", ring);
    health_remark(program->health, refused ? remark : NULL);
}

static void say_gone(struct heartbeat *h, struct scope *s)
{
    if (!db_is_open(h->db))
        return;
    s->db = h->db;
    DB_RUN(s, &sql_heartbeat_gone, NULL, param_text(h->program->name),
           param_text(h->program->instance));
    s->db = NULL;
}

/* True when it is time to stop. */
static bool wait_a_second(struct heartbeat *h)
{
    struct timespec until = clock_steady_in(1000);
    pthread_mutex_lock(&h->lock);
    if (!h->stopping)
        pthread_cond_clockwait(&h->stop, &h->lock, CLOCK_MONOTONIC, &until);
    bool stopping = h->stopping;
    pthread_mutex_unlock(&h->lock);
    return stopping;
}

static void *run(void *context)
{
    struct heartbeat *h = context;
    struct scope s = scope_open(h->program);
    int beats = 0;
    do {
        scope_reset(&s);
        say_beat(h, &s);
        say_faults(h, s.now);
        log_settle(h->program->log, s.now);
        if (++beats % TRIM_BEATS == 0)
            arena_trim();
    } while (!wait_a_second(h));
    scope_reset(&s);
    say_gone(h, &s);
    scope_close(&s);
    return NULL;
}

struct heartbeat *heartbeat_start(struct program *program, const struct db_options *options)
{
    struct arena *arena = arena_new();
    struct heartbeat *h = ARENA_NEW(arena, struct heartbeat);
    h->arena = arena;
    h->program = program;
    h->options = *options;
    h->db = db_new(&h->options);
    health_beat(program->health, "no heartbeat came through yet");
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->stop, NULL);
    pthread_create(&h->thread, NULL, run, h);
    return h;
}

void heartbeat_stop(struct heartbeat *h)
{
    if (!h)
        return;
    pthread_mutex_lock(&h->lock);
    h->stopping = true;
    pthread_cond_signal(&h->stop);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->thread, NULL);
    db_free(h->db);
    arena_free(h->arena);
}
