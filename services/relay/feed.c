/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Kafka's side: an idempotent producer that is thrown away and made anew when a report fails, and
 * the topic. What was not reported as delivered is still in unsent.
 */
#include <string.h>

#include "common/base/crash.h"
#include "common/kafka/kafka.h"
#include "common/kafka/trouble.h"
#include "common/program/program.h"
#include "common/time/clock.h"
#include "services/relay/relay.h"

enum {
    ASK_MS = 6000, /* for an answer about the topic */
    LOOK_MS = 1000, /* until it is known whether Kafka is for us at all */
    OURS_AT_MOST = 65536, /* bytes of data of an event that we say */
};

struct feed {
    struct arena *arena;
    struct program *program;
    rd_kafka_t *producer;
    rd_kafka_topic_t *topic;
    size_t reports; /* of the batch under way */
    bool broken;
    const char *why; /* the first failure's name, a constant of the library */
    struct trouble trouble;
    size_t *most; /* bytes of data that Kafka takes in one record, as far as we know */
};

/* What is larger than Kafka takes is told without its data: a record is a bell, and the log has the rest.
 * None of ours is nearly so large; where those are refused, Kafka is set for something else. */
static bool learns_most(struct feed *feed, int error, const struct unsent *item)
{
    size_t length = strlen(item->event.data);
    bool too_large = error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ||
                     error == RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE;
    if (!too_large || length <= OURS_AT_MOST || length > *feed->most)
        return false;
    *feed->most = length - 1;
    LOG_WRITE(feed->program->log, clock_now(feed->program->clock), LOG_LEVEL_WARN,
              "an event is larger than Kafka takes: it is told without its data",
              { LOG_CASE_ID, item->event.case_id }, { LOG_EVENT_TYPE, item->event.type_name });
    return true;
}

static void reported(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque)
{
    (void)producer;
    struct feed *feed = opaque;
    struct unsent *item = message->_private;
    crash_point("relay.report-before");
    item->fate = message->err ? FAILED : DELIVERED;
    if (message->err && !feed->why)
        feed->why = rd_kafka_err2name(message->err);
    if (!learns_most(feed, message->err, item))
        trouble_tell(&feed->trouble, feed->program, message->err, NULL);
    feed->broken = feed->broken || message->err;
    feed->reports++;
    crash_point("relay.report-after");
}

static void went_wrong(rd_kafka_t *producer, int error, const char *reason, void *opaque)
{
    (void)producer;
    struct feed *feed = opaque;
    trouble_tell(&feed->trouble, feed->program, error, reason);
    feed->broken = feed->broken || error == RD_KAFKA_RESP_ERR__FATAL;
}

struct feed *feed_new(struct program *program, struct scope *s, size_t *most)
{
    rd_kafka_conf_t *conf = kafka_conf(
        s, &program->settings,
        (const char *const[]){ "client.id", "tillit-relay", "enable.idempotence", "true",
                                  "message.timeout.ms", "0", "linger.ms", "5",
                                  "compression.type", "lz4", "partitioner", "murmur2_random",
                                  "socket.keepalive.enable", "true",
                                  "queue.buffering.max.messages", "10000",
                                  "reconnect.backoff.max.ms", "2000", NULL });
    if (!conf)
        return NULL;
    struct arena *arena = arena_new();
    struct feed *feed = ARENA_NEW(arena, struct feed);
    feed->arena = arena;
    feed->program = program;
    feed->most = most;
    rd_kafka_conf_set_opaque(conf, feed);
    rd_kafka_conf_set_dr_msg_cb(conf, reported);
    rd_kafka_conf_set_error_cb(conf, went_wrong);
    feed->producer = kafka_client(s, RD_KAFKA_PRODUCER, conf);
    if (!feed->producer) {
        arena_free(arena);
        return NULL;
    }
    /* Made at once: made with the first event, its report would wait a second for metadata. */
    feed->topic = rd_kafka_topic_new(feed->producer, program->settings.topic, NULL);
    return feed;
}

void feed_free(struct feed *feed)
{
    if (!feed)
        return;
    rd_kafka_purge(feed->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(feed->producer, 1000);
    rd_kafka_topic_destroy(feed->topic);
    rd_kafka_destroy(feed->producer);
    arena_free(feed->arena);
}

/* The record's own timestamp is left to Kafka: a broker refuses one that lies in its future, and the
 * event's time stands in ce_time. */
static rd_kafka_resp_err_t produce(struct scope *s, struct feed *feed, struct unsent *item)
{
    rd_kafka_headers_t *headers = event_headers(s, &item->event, item->source);
    size_t length = strlen(item->event.data);
    bool bare = length > *feed->most;
    rd_kafka_vu_t values[] = {
        { .vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = feed->topic },
        { .vtype = RD_KAFKA_VTYPE_KEY,
          .u.mem = { .ptr = (void *)(uintptr_t)item->event.case_id,
                     .size = strlen(item->event.case_id) } },
        { .vtype = RD_KAFKA_VTYPE_VALUE,
          .u.mem = { .ptr = bare ? NULL : (void *)(uintptr_t)item->event.data,
                     .size = bare ? 0 : length } },
        { .vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY },
        { .vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers },
        { .vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = item },
    };
    rd_kafka_error_t *error =
        rd_kafka_produceva(feed->producer, values, sizeof(values) / sizeof(*values));
    rd_kafka_resp_err_t code = error ? rd_kafka_error_code(error) : RD_KAFKA_RESP_ERR_NO_ERROR;
    if (!learns_most(feed, code, item))
        trouble_tell(&feed->trouble, feed->program, code, NULL);
    if (error) {
        rd_kafka_headers_destroy(headers);
        rd_kafka_error_destroy(error);
    }
    return code;
}

void feed_send(struct scope *s, struct feed *feed, struct batch *batch)
{
    feed->reports = 0;
    trouble_over(&feed->trouble);
    crash_point("relay.produce-before");
    for (size_t i = 0; i < batch->count; i++) {
        batch->items[i].fate = UNKNOWN;
        if (feed->broken || produce(s, feed, &batch->items[i])) {
            /* Nothing may overtake it: the rest of the batch fails with it. */
            batch->items[i].fate = FAILED;
            feed->broken = true;
            feed->reports++;
        }
    }
    crash_point("relay.produce-after");
}

bool feed_settle(struct feed *feed, const struct batch *batch, int timeout_ms)
{
    int64_t deadline = clock_steady_ms() + timeout_ms;
    while (feed->reports < batch->count && !feed->broken && clock_steady_ms() < deadline)
        rd_kafka_poll(feed->producer, 20);
    return feed->reports >= batch->count || feed->broken;
}

/* A fatal error is the cause, whatever was reported first because of it. */
bool feed_is_broken(const struct feed *feed, const char **why)
{
    char text[256];
    rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(feed->producer, text, sizeof(text));
    *why = fatal ? rd_kafka_err2name(fatal) : feed->why ? feed->why : "the producer took no more";
    return feed->broken;
}

const char *feed_refusal(const struct feed *feed)
{
    char text[256];
    rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(feed->producer, text, sizeof(text));
    const char *refusal = kafka_refusal(fatal, "");
    return refusal ? refusal : feed->trouble.refusal;
}

/* The answer as one error: of the request as a whole, or of its only topic. */
static rd_kafka_resp_err_t created(rd_kafka_event_t *event)
{
    size_t count;
    if (!event)
        return RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (rd_kafka_event_error(event))
        return rd_kafka_event_error(event);
    const rd_kafka_topic_result_t **results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    return rd_kafka_topic_result_error(results[0]);
}

static enum problem create(struct scope *s, rd_kafka_t *client)
{
    const struct settings *settings = &s->program->settings;
    char why[256];
    rd_kafka_NewTopic_t *topic =
        rd_kafka_NewTopic_new(settings->topic, (int)settings->partitions,
                              (int)settings->replication, why, sizeof(why));
    if (!topic)
        return scope_fail(s, PROBLEM_BUG, "the topic's settings are refused");
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_CreateTopics(client, &topic, 1, NULL, queue);
    rd_kafka_NewTopic_destroy(topic);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, ASK_MS);
    rd_kafka_resp_err_t error = created(event);
    if (event)
        rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    const char *refusal = kafka_refusal(error, "");
    if (error && error != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
        return scope_fail(s, PROBLEM_UNAVAILABLE, "the topic can not be made: %s",
                          refusal ? refusal : rd_kafka_err2str(error));
    return OK;
}

/* Another number than set is used as it is: keys go where they went before. */
static void compare(const struct program *program, int partitions)
{
    static const char remark[] = "the topic has another number of partitions than TILLIT_PARTITIONS says";
    bool same = partitions == (int)program->settings.partitions;
    health_remark(program->health, same ? NULL : remark);
    if (!same)
        LOG_WRITE(program->log, clock_now(program->clock), LOG_LEVEL_WARN, remark);
}

/* Looks first: where topics are made by others, this program may not be allowed to make one. */
static enum problem make_if_missing(struct scope *s, rd_kafka_t *client, struct trouble *trouble)
{
    static const int patience[] = { LOOK_MS, ASK_MS };
    const char *topic = s->program->settings.topic;
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__TRANSPORT;
    int partitions = 0;
    for (size_t i = 0; error && !trouble->refusal && i < sizeof(patience) / sizeof(*patience); i++) {
        error = kafka_find_topic(client, topic, patience[i], &partitions);
        trouble_tell(trouble, s->program, error, NULL);
        rd_kafka_poll(client, 0);
    }
    if (error)
        return scope_fail(s, PROBLEM_UNAVAILABLE, "%s",
                          trouble->refusal ? trouble->refusal : "Kafka does not answer");
    if (!partitions)
        return create(s, client);
    compare(s->program, partitions);
    return OK;
}

struct asking {
    const struct program *program;
    struct trouble *trouble; /* kept over the times we ask: what was said is not said again */
};

static void refused(rd_kafka_t *client, int error, const char *reason, void *opaque)
{
    (void)client;
    const struct asking *asking = opaque;
    trouble_tell(asking->trouble, asking->program, error, reason);
}

enum problem feed_make_topic(struct scope *s, struct trouble *trouble)
{
    struct asking asking = { s->program, trouble };
    rd_kafka_conf_t *conf = kafka_conf(s, &s->program->settings,
                                       (const char *const[]){ "socket.timeout.ms", "5000", NULL });
    if (!conf)
        return PROBLEM_BUG;
    trouble->refusal = NULL;
    rd_kafka_conf_set_opaque(conf, &asking);
    rd_kafka_conf_set_error_cb(conf, refused);
    rd_kafka_t *client = kafka_client(s, RD_KAFKA_PRODUCER, conf);
    if (!client)
        return PROBLEM_BUG;
    enum problem p = make_if_missing(s, client, trouble);
    rd_kafka_destroy(client);
    return p;
}
