/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORKER_MEASURE_H
#define COMMON_WORKER_MEASURE_H
/* How far behind a worker is, and what it has parked: into metrics and heartbeat, every second. */
#include "common/worker_private.h"

struct measure {
    int64_t measured_at; /* steady ms */
    int64_t oldest; /* when the oldest event in hand happened, an instant; 0 = none in hand */
    int64_t newest; /* when the last event taken happened */
};

void measure_taken(struct measure *m, const struct bell *bell);
void measure_answered(struct measure *m);
/* Whether the group has committed all that the broker has, of every partition that is ours. Asks the
 * broker: at most half a second. */
bool measure_caught_up(rd_kafka_t *kafka);
void measure_lag(struct measure *m, struct loop *loop, rd_kafka_t *kafka);

#endif
