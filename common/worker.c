/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The worker's loop: poll, answer the bells, commit an explicit list of offsets, run the ticks. It
 * backs off by pausing, never by sleeping, and holds what it has in hand until it is answered.
 */
#include <string.h>

#include "common/clock.h"
#include "common/crash.h"
#include "common/queries.h"
#include "common/worker_measure.h"
#include "common/worker_private.h"

enum {
    POLL_MS = 50,
    COMMIT_MS = 1000,
    COMMIT_COUNT = 100,
    BACK_OFF_FIRST_MS = 200,
    BACK_OFF_MOST_MS = 5000,
    AWAY_MS = 500, /* between two looks whether Kafka is back */
    MOST_TICKS = 16,
};

struct consumer {
    struct loop loop;
    rd_kafka_t *kafka;
    rd_kafka_topic_partition_list_t *done; /* offset + 1 of what is answered, not yet committed */
    int done_count;
    int64_t committed_at;
    struct bells bells;
    int back_off_ms; /* 0 = not backing off */
    int64_t retry_at;
    bool joined; /* partitions were given to us */
    bool kafka_away;
    int64_t asked_at;
    int64_t asked_calm_at;
    int64_t tick_at[MOST_TICKS];
    struct measure measure;
    struct requests requests;
    bool paused; /* by an operator */
};

void *worker_own(const struct scope *s)
{
    return s->own;
}

void *worker_prepared(const struct scope *s)
{
    return s->prepared;
}

static void commit_offsets(struct consumer *c, bool wait)
{
    crash_point("worker.offset-commit-before");
    if (c->done->cnt > 0)
        rd_kafka_commit(c->kafka, c->done, !wait); /* an error is harmless: the marks know */
    crash_point("worker.offset-commit-after");
    rd_kafka_topic_partition_list_destroy(c->done);
    c->done = rd_kafka_topic_partition_list_new(12);
    c->done_count = 0;
    c->committed_at = clock_steady_ms();
}

static void rebalanced(rd_kafka_t *kafka, rd_kafka_resp_err_t what,
                       rd_kafka_topic_partition_list_t *partitions, void *opaque)
{
    struct consumer *c = opaque;
    c->joined = what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
    measure_assigned(&c->measure);
    if (c->joined) {
        rd_kafka_assign(kafka, partitions);
        /* One that was paused when it left us is still paused when it comes back. */
        if (c->back_off_ms || c->paused)
            rd_kafka_pause_partitions(kafka, partitions);
        else
            rd_kafka_resume_partitions(kafka, partitions);
        return;
    }
    crash_point("worker.revoke-before");
    if (c->kafka)
        commit_offsets(c, true);
    rd_kafka_assign(kafka, NULL);
    crash_point("worker.revoke-after");
}

static void went_wrong(rd_kafka_t *kafka, int error, const char *reason, void *opaque)
{
    (void)kafka;
    (void)reason;
    struct consumer *c = opaque;
    c->kafka_away = c->kafka_away || error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
}

static void no_log(const rd_kafka_t *kafka, int level, const char *facility, const char *text)
{
    (void)kafka;
    (void)level;
    (void)facility;
    (void)text;
}

/* Sessions of real people's cases survive a slow network; in a trial a restart is seen sooner. */
static rd_kafka_conf_t *configure(struct consumer *c, struct scope *s)
{
    const struct settings *set = &c->loop.program->settings;
    const char *group = arena_printf(s->arena, "tillit-%s", c->loop.worker->name);
    rd_kafka_conf_t *conf = kafka_conf(
        s, (const char *const[]){
               "bootstrap.servers", set->kafka_bootstrap, "group.id", group, "client.id", group,
               "enable.auto.commit", "false", "enable.auto.offset.store", "false",
               "auto.offset.reset", "earliest", "isolation.level", "read_committed",
               "check.crcs", "true", "partition.assignment.strategy", "range",
               "session.timeout.ms", set->synthetic ? "3000" : "10000",
               "heartbeat.interval.ms", set->synthetic ? "500" : "2000",
               "max.poll.interval.ms", "120000", "fetch.wait.max.ms", "100",
               "queued.max.messages.kbytes", "8192", "allow.auto.create.topics", "false",
               "metadata.max.age.ms", "60000", "socket.keepalive.enable", "true",
               "reconnect.backoff.max.ms", "2000", NULL });
    if (!conf)
        return NULL;
    rd_kafka_conf_set_opaque(conf, c);
    rd_kafka_conf_set_rebalance_cb(conf, rebalanced);
    rd_kafka_conf_set_error_cb(conf, went_wrong);
    rd_kafka_conf_set_log_cb(conf, no_log);
    return conf;
}

/* Whether the broker answers and knows the topic: subscribing earlier would wait for minutes. */
static bool topic_is_there(struct consumer *c, int timeout_ms)
{
    const struct rd_kafka_metadata *all;
    bool there = false;
    if (rd_kafka_metadata(c->kafka, 1, NULL, &all, timeout_ms))
        return false;
    for (int i = 0; i < all->topic_cnt; i++)
        there = there || (strcmp(all->topics[i].topic, c->loop.program->settings.topic) == 0 &&
                          all->topics[i].partition_cnt > 0);
    rd_kafka_metadata_destroy(all);
    return there;
}

static bool await_topic(struct consumer *c)
{
    while (!topic_is_there(c, 1000)) {
        health_alive(c->loop.program->health);
        health_say(c->loop.program->health, "Kafka or its topic is not there yet");
        rd_kafka_poll(c->kafka, 0);
        if (program_stopping(c->loop.program, 200))
            return false;
    }
    c->kafka_away = false;
    return true;
}

static void subscribe(struct consumer *c)
{
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, c->loop.program->settings.topic,
                                      RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(c->kafka, topics);
    rd_kafka_topic_partition_list_destroy(topics);
}

static void mark_done(struct consumer *c, const char *topic, int32_t partition, int64_t offset)
{
    rd_kafka_topic_partition_t *place =
        rd_kafka_topic_partition_list_find(c->done, topic, partition);
    if (!place)
        place = rd_kafka_topic_partition_list_add(c->done, topic, partition);
    place->offset = offset + 1;
    c->done_count++;
}

static void message_release(void *message)
{
    rd_kafka_message_destroy(message);
}

/* Takes the message in hand, of whatever type: offsets are committed in order. */
static void take(struct consumer *c, rd_kafka_message_t *message)
{
    struct bell bell;
    if (message->err) {
        c->kafka_away = c->kafka_away || message->err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
        rd_kafka_message_destroy(message);
        return;
    }
    arena_defer(c->loop.scope.arena, message_release, message);
    bell_read(&c->loop.scope, message, &bell);
    measure_taken(&c->measure, &bell);
    c->bells.items[c->bells.count++] = bell;
}

static bool fill(struct consumer *c)
{
    size_t most = c->loop.worker->max_batch;
    int wait = c->bells.count ? 0 : POLL_MS;
    while (c->bells.count < most) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(c->kafka, wait);
        if (!message)
            break;
        take(c, message);
        wait = 0;
    }
    return c->bells.count > 0;
}

static void pause_all(struct consumer *c, bool pause)
{
    rd_kafka_topic_partition_list_t *held;
    if (rd_kafka_assignment(c->kafka, &held))
        return;
    if (pause)
        rd_kafka_pause_partitions(c->kafka, held);
    else
        rd_kafka_resume_partitions(c->kafka, held);
    rd_kafka_topic_partition_list_destroy(held);
}

static void back_off(struct consumer *c)
{
    bool stands = c->loop.commits == c->loop.commits_at_back_off;
    pause_all(c, true);
    c->loop.commits_at_back_off = c->loop.commits;
    c->back_off_ms = c->back_off_ms && stands ? c->back_off_ms * 2 : BACK_OFF_FIRST_MS;
    if (c->back_off_ms > BACK_OFF_MOST_MS)
        c->back_off_ms = BACK_OFF_MOST_MS;
    c->retry_at = clock_steady_ms() + c->back_off_ms;
}

/* Only the bells of our types go on; the others were never ours to answer. */
static struct bells ours(struct consumer *c)
{
    struct bells mine = { .items = arena_array(c->loop.scope.arena, c->bells.count,
                                               sizeof(struct bell)) };
    for (size_t i = 0; i < c->bells.count; i++)
        if (subscription_find(c->loop.worker, c->bells.items[i].type))
            mine.items[mine.count++] = c->bells.items[i];
    return mine;
}

static void empty_hands(struct consumer *c)
{
    for (size_t i = 0; i < c->bells.count; i++)
        mark_done(c, c->bells.items[i].topic, c->bells.items[i].partition,
                  c->bells.items[i].offset);
    crash_point("worker.offset-stored");
    if (c->back_off_ms)
        pause_all(c, false);
    c->back_off_ms = 0;
    c->bells.count = 0;
    measure_answered(&c->measure);
    scope_reset(&c->loop.scope);
}

/* Answers what is in hand. False: stop without acknowledging. */
static bool answer(struct consumer *c)
{
    struct bells mine = ours(c);
    enum problem p = mine.count ? bells_answer(&c->loop, &mine) : OK;
    if (!p) {
        empty_hands(c);
        return true;
    }
    bool halt = problem_delivery(p) == DELIVERY_HALT;
    LOG_WRITE(c->loop.worker->name, c->loop.scope.now, halt ? LOG_LEVEL_ERROR : LOG_LEVEL_WARN,
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
        LOG_WRITE(c->loop.worker->name, s.now, LOG_LEVEL_WARN, "a tick failed",
                  { LOG_TICK, tick->name }, { LOG_PROBLEM, problem_name(p) },
                  { LOG_DETAIL, s.detail });
    scope_close(&s);
}

static void run_ticks(struct consumer *c)
{
    const struct tick *tick = c->loop.worker->ticks;
    for (int i = 0; tick && tick[i].name && i < MOST_TICKS; i++) {
        if (clock_steady_ms() < c->tick_at[i])
            continue;
        run_tick(c, &tick[i]);
        c->tick_at[i] = clock_steady_ms() + tick[i].every_ms;
    }
}

static void say_health(struct consumer *c)
{
    struct health *health = c->loop.program->health;
    health_alive(health);
    if (c->kafka_away && clock_steady_ms() - c->asked_at > AWAY_MS) {
        c->asked_at = clock_steady_ms();
        c->kafka_away = !topic_is_there(c, 300);
    }
    if (c->back_off_ms)
        return; /* answer has said why */
    if (c->paused) {
        health_say(health, c->requests.paused_why);
        return;
    }
    if (c->kafka_away)
        health_say(health, "Kafka does not answer");
    else
        health_say(health, c->joined ? NULL : "no partitions are given to it yet");
}

/* Nothing left to take: what made the last run end uncleanly is behind us. An empty poll alone does
 * not say so: the first records may still be on their way. */
static void grow_calm(struct consumer *c)
{
    if (!c->loop.careful || !c->joined || clock_steady_ms() - c->asked_calm_at < AWAY_MS)
        return;
    c->asked_calm_at = clock_steady_ms();
    if (measure_caught_up(c->kafka)) {
        c->loop.careful = false;
        LOG_WRITE(c->loop.worker->name, clock_now(c->loop.program->clock), LOG_LEVEL_INFO,
                  "caught up after an unclean end");
    }
}

/* What operators want: requests, and whether to handle anything at all. */
static void obey(struct consumer *c)
{
    requests_answer(&c->loop, &c->requests);
    bool paused = c->requests.paused_why != NULL;
    if (paused || c->paused)
        pause_all(c, paused); /* again and again: partitions may have come since */
    c->paused = paused;
}

static bool turn(struct consumer *c)
{
    run_ticks(c);
    obey(c);
    say_health(c);
    bool full = fill(c);
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
    bool good = await_topic(c);
    if (good) {
        subscribe(c);
        while (good && !program_stopping(program, 0))
            good = turn(c);
        commit_offsets(c, true);
        rd_kafka_consumer_close(c->kafka);
    } else {
        good = true;
    }
    scope_reset(&c->loop.scope);
    if (good && program_transact(program, &c->loop.scope, end_run, &c->loop))
        good = false;
    return good ? 0 : 1;
}

static int body(struct program *program, const void *context)
{
    const struct worker *worker = context;
    char why[256];
    int status = 1;
    struct consumer c = { .loop = { .program = program, .worker = worker,
                                    .scope = scope_open(program) } };
    c.loop.own = worker->own_new ? worker->own_new() : NULL;
    c.loop.scope.own = c.loop.own;
    c.bells.items = arena_array(program->arena, worker->max_batch, sizeof(struct bell));
    c.done = rd_kafka_topic_partition_list_new(12);
    rd_kafka_conf_t *conf = configure(&c, &c.loop.scope);
    if (conf && program_transact(program, &c.loop.scope, begin_run, &c.loop) == OK) {
        c.kafka = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
        if (c.kafka) {
            rd_kafka_poll_set_consumer(c.kafka);
            status = consume(&c);
            rd_kafka_destroy(c.kafka);
        }
    }
    measure_free(&c.measure);
    rd_kafka_topic_partition_list_destroy(c.done);
    if (worker->own_free)
        worker->own_free(c.loop.own);
    scope_close(&c.loop.scope);
    return status;
}

int worker_main(const struct worker *worker, int argc, char **argv)
{
    return program_main(&(struct program_options){ .name = worker->name,
                                                   .summary = worker->summary,
                                                   .needs_keys = true,
                                                   .statements = worker->statements,
                                                   .session = db_steady_plans,
                                                   .flags = worker->flags,
                                                   .body = body,
                                                   .context = worker },
                        argc, argv);
}
