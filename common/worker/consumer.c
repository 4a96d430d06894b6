/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * librdkafka's consumer as reliability demands: nothing is stored or committed by itself, offsets are
 * an explicit list, and partitions that leave are committed first.
 */
#include "common/worker/consumer.h"

#include "common/base/crash.h"
#include "common/kafka/kafka.h"
#include "common/start/start.h"
#include "common/time/clock.h"
#include "common/worker/worker.h"

enum {
    POLL_MS = 50,
    AWAY_MS = 500, /* between two looks whether Kafka is back */
};

void mark_done(struct consumer *c, const char *topic, int32_t partition, int64_t offset)
{
    rd_kafka_topic_partition_t *place =
        rd_kafka_topic_partition_list_find(c->done, topic, partition);
    if (!place)
        place = rd_kafka_topic_partition_list_add(c->done, topic, partition);
    place->offset = offset + 1;
    c->done_count++;
}

void commit_offsets(struct consumer *c, bool wait)
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

/* One that was paused when it left us is still paused when it comes back. It is resumed before anything is fetched: the library
 * drops a resume that a starting fetch overtakes, and the partition is never read (librdkafka's issue 5591). */
static void hold(struct consumer *c, rd_kafka_t *kafka, rd_kafka_topic_partition_list_t *partitions)
{
    bool waits = c->back_off_ms || c->paused;
    if (!waits)
        rd_kafka_resume_partitions(kafka, partitions);
    rd_kafka_assign(kafka, partitions);
    if (waits)
        rd_kafka_pause_partitions(kafka, partitions);
}

static void rebalanced(rd_kafka_t *kafka, rd_kafka_resp_err_t what,
                       rd_kafka_topic_partition_list_t *partitions, void *opaque)
{
    struct consumer *c = opaque;
    trouble_over(&c->trouble);
    c->joined = what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
    if (!c->joined && what != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS)
        trouble_tell(&c->trouble, c->loop.program, what, NULL);
    measure_assigned(&c->measure);
    if (c->joined) {
        metric_add(c->loop.program->metrics, METRIC_REBALANCES, LABELS(c->loop.worker->name), 1);
        hold(c, kafka, partitions);
        return;
    }
    crash_point("worker.revoke-before");
    if (c->kafka)
        commit_offsets(c, true);
    /* What was read ahead of them goes with them: it would stay in memory as long as another has them. */
    rd_kafka_pause_partitions(kafka, partitions);
    rd_kafka_assign(kafka, NULL);
    crash_point("worker.revoke-after");
}

static void went_wrong(rd_kafka_t *kafka, int error, const char *reason, void *opaque)
{
    (void)kafka;
    struct consumer *c = opaque;
    trouble_tell(&c->trouble, c->loop.program, error, reason);
    /* One broker of many may have a bad certificate: consumer_look finds out whether the others do. */
    c->kafka_away = c->kafka_away || error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
                    (error < 0 && kafka_refusal(error, reason));
}

static void committed(rd_kafka_t *kafka, rd_kafka_resp_err_t error,
                      rd_kafka_topic_partition_list_t *offsets, void *opaque)
{
    (void)kafka;
    (void)offsets;
    struct consumer *c = opaque;
    if (!error || error == RD_KAFKA_RESP_ERR__NO_OFFSET) {
        if (c->joined && !c->refused && !c->kafka_away)
            trouble_over(&c->trouble);
        return;
    }
    trouble_tell(&c->trouble, c->loop.program, error, NULL);
    metric_add(c->loop.program->metrics, METRIC_COMMITS_REFUSED, LABELS(c->loop.worker->name), 1);
}

/* Sessions of real people's cases survive a slow network; in a trial a restart is seen sooner. */
static rd_kafka_conf_t *configure(struct consumer *c, struct scope *s)
{
    const struct settings *set = &c->loop.program->settings;
    const char *group = arena_printf(s->arena, "tillit-%s", c->loop.worker->name);
    rd_kafka_conf_t *conf = kafka_conf(
        s, set, (const char *const[]){
               "group.id", group, "client.id", group,
               "enable.auto.commit", "false", "enable.auto.offset.store", "false",
               "auto.offset.reset", "earliest", "isolation.level", "read_committed",
               "check.crcs", "true", "partition.assignment.strategy", "range",
               "session.timeout.ms", set->synthetic ? "6000" : "10000",
               "heartbeat.interval.ms", set->synthetic ? "500" : "2000",
               "max.poll.interval.ms", "120000", "fetch.wait.max.ms", "100",
               "queued.max.messages.kbytes", "8192", "allow.auto.create.topics", "false",
               "metadata.max.age.ms", "60000", "socket.keepalive.enable", "true",
               "reconnect.backoff.max.ms", "2000", NULL });
    if (!conf)
        return NULL;
    rd_kafka_conf_set_opaque(conf, c);
    rd_kafka_conf_set_rebalance_cb(conf, rebalanced);
    rd_kafka_conf_set_offset_commit_cb(conf, committed);
    rd_kafka_conf_set_error_cb(conf, went_wrong);
    return conf;
}

bool consumer_open(struct consumer *c)
{
    rd_kafka_conf_t *conf = configure(c, &c->loop.scope);
    c->done = rd_kafka_topic_partition_list_new(12);
    if (conf)
        c->kafka = kafka_client(&c->loop.scope, RD_KAFKA_CONSUMER, conf);
    if (c->kafka) {
        rd_kafka_poll_set_consumer(c->kafka);
        return true;
    }
    LOG_WRITE(c->loop.program->log, c->loop.scope.now, LOG_LEVEL_ERROR, "can not start",
              { LOG_DETAIL, c->loop.scope.detail });
    consumer_close(c);
    return false;
}

void consumer_close(struct consumer *c)
{
    if (c->kafka)
        rd_kafka_destroy(c->kafka);
    measure_free(&c->measure);
    rd_kafka_topic_partition_list_destroy(c->done);
}

/* Whether the broker answers and knows the topic: subscribing earlier would wait for minutes. */
static bool topic_is_there(struct consumer *c, int timeout_ms)
{
    int partitions;
    rd_kafka_resp_err_t error =
        kafka_find_topic(c->kafka, c->loop.program->settings.topic, timeout_ms, &partitions);
    trouble_tell(&c->trouble, c->loop.program, error, NULL);
    return !error && partitions > 0;
}

static void subscribe(struct consumer *c)
{
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, c->loop.program->settings.topic,
                                      RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(c->kafka, topics);
    rd_kafka_topic_partition_list_destroy(topics);
}

bool consumer_join(struct consumer *c)
{
    if (c->subscribed)
        return true;
    health_alive(c->loop.program->health);
    if (!topic_is_there(c, 1000)) {
        rd_kafka_poll(c->kafka, 0);
        health_say(c->loop.program->health,
                   c->trouble.refusal ? c->trouble.refusal
                                      : "Kafka or its topic is not there yet, or hidden from us");
        program_stopping(c->loop.program, 200);
        return false;
    }
    subscribe(c);
    c->subscribed = true;
    c->kafka_away = false;
    trouble_over(&c->trouble);
    return true;
}

void consumer_leave(struct consumer *c)
{
    if (!c->subscribed)
        return;
    commit_offsets(c, true);
    rd_kafka_consumer_close(c->kafka);
}

void consumer_look(struct consumer *c)
{
    if (!c->kafka_away || clock_steady_ms() - c->asked_at <= AWAY_MS)
        return;
    c->asked_at = clock_steady_ms();
    c->kafka_away = !topic_is_there(c, 300);
    if (!c->kafka_away)
        trouble_over(&c->trouble);
}

/* The library may hold a partition and never read it. Who holds back does so on purpose, and who has much before them has not come to
 * it yet. */
static bool holds_unread(struct consumer *c)
{
    if (!c->joined || !c->empty || c->paused || c->back_off_ms || c->kafka_away)
        return false;
    return measure_unread(&c->measure, c->kafka);
}

void consumer_take_again(struct consumer *c)
{
    rd_kafka_topic_partition_list_t *held;
    const char *why = c->refused          ? rd_kafka_err2name(c->refused)
                      : holds_unread(c) ? "one was not read"
                                        : NULL;
    if (!why || !c->joined || clock_steady_ms() - c->retaken_at < AWAY_MS ||
        rd_kafka_assignment(c->kafka, &held))
        return;
    LOG_WRITE(c->loop.program->log, clock_now(c->loop.program->clock), LOG_LEVEL_WARN,
              "its partitions are taken again", { LOG_DETAIL, why });
    measure_assigned(&c->measure);
    hold(c, c->kafka, held);
    rd_kafka_topic_partition_list_destroy(held);
    c->refused = RD_KAFKA_RESP_ERR_NO_ERROR;
    trouble_over(&c->trouble);
    c->retaken_at = clock_steady_ms();
}

static void message_release(void *message)
{
    rd_kafka_message_destroy(message);
}

/* Takes the message in hand, of whatever type: offsets are committed in order. */
static void take(struct consumer *c, rd_kafka_message_t *message)
{
    if (message->err) {
        trouble_tell(&c->trouble, c->loop.program, message->err, rd_kafka_message_errstr(message));
        c->kafka_away = c->kafka_away || message->err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
        if (message->err > 0) /* the library's own are below 0 */
            c->refused = message->err;
        rd_kafka_message_destroy(message);
        return;
    }
    arena_defer(c->loop.scope.arena, message_release, message);
    c->bells.items[c->bells.count++] = bell_take(message);
}

bool consumer_fill(struct consumer *c)
{
    size_t most = c->loop.careful ? 1 : c->loop.worker->max_batch;
    int wait = c->bells.count ? 0 : POLL_MS;
    c->empty = false;
    while (c->bells.count < most) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(c->kafka, wait);
        c->empty = !message;
        if (!message)
            break;
        take(c, message);
        wait = 0;
    }
    return c->bells.count > 0;
}

void consumer_pause(struct consumer *c, bool pause)
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
