/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The worker's loop: fill the hands, answer the bells, commit what is answered, run the ticks. It
 * backs off by pausing, never by sleeping, and holds what it has in hand until it is answered.
 */
#include "common/worker/worker.h"

#include <stdio.h>

#include "common/base/crash.h"
#include "common/db/open.h"
#include "common/db/transact.h"
#include "common/kafka/kafka.h"
#include "common/start/start.h"
#include "common/time/clock.h"
#include "common/worker/careful.h"
#include "common/worker/consumer.h"
#include "common/worker/queries.h"

enum {
    COMMIT_MS = 1000,
    COMMIT_COUNT = 100,
    BACK_OFF_FIRST_MS = 200,
    BACK_OFF_MOST_MS = 5000,
    CALM_MS = 500, /* between two looks whether all is read */
    LEFT_OUT_MS = 60000,
};

struct tick_try {
    const struct tick *tick;
    int64_t tries;
};

void *worker_own(const struct scope *s)
{
    return s->own;
}

void *worker_prepared(const struct scope *s)
{
    return s->prepared;
}

static void back_off(struct consumer *c)
{
    bool stands = c->loop.commits == c->loop.commits_at_back_off;
    consumer_pause(c, true);
    c->loop.commits_at_back_off = c->loop.commits;
    c->back_off_ms = c->back_off_ms && stands ? c->back_off_ms * 2 : BACK_OFF_FIRST_MS;
    if (c->back_off_ms > BACK_OFF_MOST_MS)
        c->back_off_ms = BACK_OFF_MOST_MS;
    c->retry_at = clock_steady_ms() + c->back_off_ms;
}

static void empty_hands(struct consumer *c)
{
    for (size_t i = 0; i < c->bells.count; i++)
        mark_done(c, c->bells.items[i].topic, c->bells.items[i].partition,
                  c->bells.items[i].offset);
    crash_point("worker.offset-stored");
    if (c->back_off_ms)
        consumer_pause(c, false);
    c->back_off_ms = 0;
    c->bells.count = 0;
    measure_answered(&c->measure);
    scope_reset(&c->loop.scope);
}

/* Answers what is in hand. False: stop without acknowledging. */
static bool answer(struct consumer *c)
{
    enum problem p = bells_answer(&c->loop, &c->bells);
    for (size_t i = 0; i < c->bells.count; i++)
        if (c->bells.items[i].read)
            measure_taken(&c->measure, &c->bells.items[i]);
    if (!p) {
        empty_hands(c);
        return true;
    }
    bool halt = problem_delivery(p) == DELIVERY_HALT;
    LOG_WRITE(c->loop.program->log, c->loop.scope.now, halt ? LOG_LEVEL_ERROR : LOG_LEVEL_WARN,
              halt ? "stopping without acknowledging" : "waiting",
              { LOG_PROBLEM, problem_name(p) }, { LOG_DETAIL, c->loop.scope.detail });
    health_say(c->loop.program->health,
               c->loop.scope.detail ? c->loop.scope.detail : problem_title(p));
    if (!halt)
        back_off(c);
    return !halt;
}

static enum problem note_success(struct scope *s, void *tick)
{
    return DB_RUN(s, &sql_tick_succeeded, NULL, param_text(tick), param_time(s, s->now));
}

static void run_tick(struct consumer *c, const struct tick *tick)
{
    struct program *program = c->loop.program;
    struct scope s = scope_open(program);
    s.own = c->loop.own;
    enum problem p = tick->run(program, &s);
    if (!p)
        p = program_transact(program, &s, note_success, (void *)(uintptr_t)tick->name);
    if (!p)
        metric_set(program->metrics, METRIC_TICK_SUCCESS, LABELS(tick->name),
                   (double)s.now / (double)SECOND_US);
    else
        LOG_WRITE(c->loop.program->log, s.now, LOG_LEVEL_WARN, "a tick failed",
                  { LOG_TICK, tick->name }, { LOG_PROBLEM, problem_name(p) },
                  { LOG_DETAIL, s.detail });
    scope_close(&s);
}

static enum problem note_tick(struct scope *s, void *context)
{
    struct tick_try *try = context;
    struct result r;
    TRY(DB_RUN(s, &sql_tick_try, &r, param_text(try->tick->name)));
    try->tries = result_integer(&r, 0, "tries");
    return OK;
}

/* After an unclean end a run notes, once, that it tries the tick: how long to wait with it, in ms. One that ends the program
 * again and again is left out for a while, and the records go on. */
static int hold_back(struct consumer *c, int i)
{
    const struct tick *tick = &c->loop.worker->ticks[i];
    if (!c->loop.careful || c->tick_noted[i])
        return 0;
    struct scope s = scope_open(c->loop.program);
    struct tick_try try = { .tick = tick };
    bool noted = program_transact(c->loop.program, &s, note_tick, &try) == OK;
    c->tick_noted[i] = noted;
    if (try.tries >= CRASHES)
        LOG_WRITE(c->loop.program->log, s.now, LOG_LEVEL_ERROR,
                  "a tick has ended the program three times: it is left out for a minute",
                  { LOG_TICK, tick->name });
    scope_close(&s);
    return !noted ? tick->every_ms : try.tries >= CRASHES ? LEFT_OUT_MS : 0;
}

static void run_ticks(struct consumer *c)
{
    const struct tick *tick = c->loop.worker->ticks;
    for (int i = 0; tick && tick[i].name && i < MOST_TICKS; i++) {
        if (clock_steady_ms() < c->tick_at[i])
            continue;
        int hold_ms = hold_back(c, i);
        if (!hold_ms)
            run_tick(c, &tick[i]);
        c->tick_at[i] = clock_steady_ms() + (hold_ms ? hold_ms : tick[i].every_ms);
    }
}

static void say_joined(struct consumer *c)
{
    char why[160];
    snprintf(why, sizeof(why), "no partitions are given to it yet%s%s", c->trouble.last ? ": " : "",
             c->trouble.last ? c->trouble.last : "");
    health_say(c->loop.program->health, c->joined ? NULL : why);
}

static void say_health(struct consumer *c)
{
    struct health *health = c->loop.program->health;
    health_alive(health);
    consumer_look(c);
    if (c->back_off_ms)
        return; /* answer has said why */
    if (c->paused) {
        health_say(health, c->requests.paused_why);
        return;
    }
    if (c->trouble.refusal)
        health_say(health, c->trouble.refusal);
    else if (c->kafka_away)
        health_say(health, "Kafka does not answer");
    else
        say_joined(c);
}

/* Nothing left to take: what made the last run end uncleanly is behind us. An empty poll alone does
 * not say so: the first records may still be on their way. */
static void grow_calm(struct consumer *c)
{
    if (!c->loop.careful || !c->joined || clock_steady_ms() - c->asked_calm_at < CALM_MS)
        return;
    c->asked_calm_at = clock_steady_ms();
    if (measure_caught_up(c->kafka)) {
        c->loop.careful = false;
        LOG_WRITE(c->loop.program->log, clock_now(c->loop.program->clock), LOG_LEVEL_INFO,
                  "caught up after an unclean end");
    }
}

/* What operators want: requests, and whether to handle anything at all. */
static void obey(struct consumer *c)
{
    requests_answer(&c->loop, &c->requests);
    bool paused = c->requests.paused_why != NULL;
    if (paused || c->paused)
        consumer_pause(c, paused); /* again and again: partitions may have come since */
    c->paused = paused;
}

static bool turn(struct consumer *c)
{
    run_ticks(c);
    obey(c);
    if (!consumer_join(c))
        return true;
    consumer_take_again(c);
    say_health(c);
    bool full = consumer_fill(c);
    if (full && !c->paused && (!c->back_off_ms || clock_steady_ms() >= c->retry_at) && !answer(c))
        return false;
    if (c->done_count >= COMMIT_COUNT ||
        (c->done_count > 0 && clock_steady_ms() - c->committed_at >= COMMIT_MS))
        commit_offsets(c, false);
    if (!full)
        grow_calm(c);
    measure_lag(&c->measure, &c->loop, c->kafka);
    return true;
}

static enum problem begin_run(struct scope *s, void *context)
{
    struct loop *loop = context;
    const char *types[64];
    size_t count = 0;
    struct result r;
    for (const struct subscription *sub = loop->worker->subscriptions; sub->type; sub++)
        types[count++] = sub->type->type;
    TRY(DB_RUN(s, &sql_consumer_types_clear, NULL, param_text(loop->worker->name),
               param_list(s, types, count)));
    TRY(DB_RUN(s, &sql_consumer_types_set, NULL, param_text(loop->worker->name),
               param_list(s, types, count)));
    TRY(DB_RUN(s, &sql_worker_run_begin, &r, param_text(loop->worker->name),
               param_text(loop->program->instance)));
    loop->careful = result_flag(&r, 0, "unclean");
    return OK;
}

static enum problem end_run(struct scope *s, void *context)
{
    struct loop *loop = context;
    return DB_RUN(s, &sql_worker_run_end, NULL, param_text(loop->worker->name),
                  param_text(loop->program->instance));
}

/* 0 after a clean stop. */
static int consume(struct consumer *c)
{
    struct program *program = c->loop.program;
    bool good = true;
    while (good && !program_stopping(program, 0))
        good = turn(c);
    consumer_leave(c);
    scope_reset(&c->loop.scope);
    if (good && program_transact(program, &c->loop.scope, end_run, &c->loop))
        good = false;
    return good ? 0 : 1;
}

static int body(struct program *program, const void *context)
{
    const struct worker *worker = context;
    int status = 1;
    struct consumer c = { .loop = { .program = program, .worker = worker,
                                    .scope = scope_open(program) } };
    measure_start(&c.loop);
    if (worker->metrics_start)
        worker->metrics_start(program->metrics);
    c.loop.own = worker->own_new ? worker->own_new() : NULL;
    c.loop.scope.own = c.loop.own;
    c.bells.items = arena_array(program->arena, worker->max_batch, sizeof(struct bell));
    if (consumer_open(&c)) {
        if (program_transact(program, &c.loop.scope, begin_run, &c.loop) == OK)
            status = consume(&c);
        consumer_close(&c);
    }
    if (worker->own_free)
        worker->own_free(c.loop.own);
    scope_close(&c.loop.scope);
    return status;
}

int worker_main(const struct worker *worker, int argc, char **argv)
{
    return program_main(&(struct program_options){ .name = worker->name,
                                                   .needs_keys = true,
                                                   .session = db_steady_plans,
                                                   .flags = worker->flags,
                                                   .body = body,
                                                   .context = worker },
                        argc, argv);
}

enum problem item_pass(struct scope *s, struct item *item)
{
    item->verdict = case_passed_or_wrong(s, item->row, item->event->case_seq);
    return item->verdict == PROBLEM_PASSED ? OK : item->verdict;
}
