/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORKER_CONSUMER_H
#define COMMON_WORKER_CONSUMER_H
/*
 * Kafka's side of a worker: joining its group, filling its hands, and telling where it stands. The
 * loop (worker.c) decides what is answered when.
 */
#include <librdkafka/rdkafka.h>

#include "common/kafka/trouble.h"
#include "common/worker/bells.h"
#include "common/worker/measure.h"
#include "common/worker/requests.h"

enum { MOST_TICKS = 16 };

struct consumer {
    struct loop loop;
    struct bells bells; /* in hand */

    /* Kafka's side */
    rd_kafka_t *kafka; /* NULL until it is open */
    rd_kafka_topic_partition_list_t *done; /* offset + 1 of what is answered, not yet committed */
    int done_count;
    int64_t committed_at;
    bool subscribed;
    bool joined; /* partitions were given to us */
    bool kafka_away;
    struct trouble trouble;
    int64_t asked_at;
    rd_kafka_resp_err_t refused; /* what a broker said to the reader, not yet answered */
    int64_t retaken_at; /* steady ms */
    bool empty; /* the last fill found nothing more */
    struct measure measure;

    /* The loop's; what it holds back, new partitions are held back with */
    int back_off_ms; /* 0 = not backing off */
    int64_t retry_at;
    bool paused; /* by an operator */
    int64_t asked_calm_at;
    int64_t tick_at[MOST_TICKS];
    bool tick_noted[MOST_TICKS];
    struct requests requests;
};

/* A client of the worker's group, which takes part in nothing yet. False if Kafka's library refuses. */
bool consumer_open(struct consumer *c);
void consumer_close(struct consumer *c);

/* Subscribes as soon as the topic is there. False: it is not yet, ask again (about a second was waited); ticks and operators' requests
 * go on meanwhile. */
bool consumer_join(struct consumer *c);
/* Commits what is answered and leaves the group. */
void consumer_leave(struct consumer *c);

/* Takes records in hand, up to the batch, waiting a little for the first. Whether any is in hand. */
bool consumer_fill(struct consumer *c);

/* All partitions, from now on: it keeps its place in the group and gets no more records; or again. */
void consumer_pause(struct consumer *c, bool pause);

/* Notes whether Kafka is back, if it was away. */
void consumer_look(struct consumer *c);

/* Assigns what it holds once more, if a broker refused the reader something: a partition whose committed
 * offset could not be read is ours and is never fetched, and the library leaves that to us. */
void consumer_take_again(struct consumer *c);

/* The record is answered: its offset is committed with the next ones. */
void mark_done(struct consumer *c, const char *topic, int32_t partition, int64_t offset);
void commit_offsets(struct consumer *c, bool wait);

#endif
