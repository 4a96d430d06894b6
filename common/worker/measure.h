/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORKER_MEASURE_H
#define COMMON_WORKER_MEASURE_H
/* How far behind a worker is, and what it has parked: into metrics and heartbeat, every second. */
#include <librdkafka/rdkafka.h>

#include "common/worker/worker_private.h"

struct measure {
    int64_t measured_at; /* steady ms */
    int64_t oldest; /* when the oldest event in hand happened, an instant; 0 = none in hand */
    int64_t newest; /* when the last event taken happened */
    rd_kafka_topic_partition_list_t *start; /* where the group stood when its partitions came; NULL = not asked */
    int64_t ask_at; /* steady ms: not before */
    rd_kafka_topic_partition_list_t *seen; /* positions at the last look for what is unread; opaque: something was */
    int64_t looked_at; /* steady ms */
};

/* Offsets of a partition; negative = unknown. */
struct standing {
    int64_t position;  /* the next record that the client takes, once it has taken one */
    int64_t committed; /* where the group stood */
    int64_t low, high; /* what the broker has */
};
enum { LAG_UNKNOWN = -1 };

/* Records that are left to read; LAG_UNKNOWN while the broker has not said what it has. Nothing is left
 * behind the end, where one stands whose broker was wiped: the reconciler brings what it misses. */
int64_t lag_of(const struct standing *at);

/* What the worker will count is there from the start, at zero. */
void measure_start(const struct loop *loop);
void measure_taken(struct measure *m, const struct bell *bell);
void measure_answered(struct measure *m);
/* Whether the group has committed all that the broker has, of every partition that is ours. Asks the
 * broker: at most half a second. */
bool measure_caught_up(rd_kafka_t *kafka);
/* Partitions came or went. */
void measure_assigned(struct measure *m);
void measure_free(struct measure *m);
/* What is left of all partitions, each into the metrics; LAG_UNKNOWN if it is of one. Asks the broker once
 * after partitions came: at most half a second. */
int64_t measure_events(struct measure *m, const struct loop *loop, rd_kafka_t *kafka);
void measure_lag(struct measure *m, struct loop *loop, rd_kafka_t *kafka);

/* Whether a partition is held and not read: at the last look something lay there behind its position, and it stands
 * there still. Looks every five seconds, and asks the broker then: at most a second. */
bool measure_unread(struct measure *m, rd_kafka_t *kafka);

#endif
