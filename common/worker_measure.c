/* SPDX-License-Identifier: EUPL-1.2 */
/* Lag from the client's own positions: no round trip. */
#include "common/worker_measure.h"

#include "common/clock.h"
#include "common/queries.h"

enum { EVERY_MS = 1000, CAUGHT_UP_MS = 500 };

void measure_taken(struct measure *m, const struct bell *bell)
{
    if (!m->oldest)
        m->oldest = bell->at;
    m->newest = bell->at;
}

void measure_answered(struct measure *m)
{
    m->oldest = 0;
}

static int64_t partition_lag(rd_kafka_t *kafka, const rd_kafka_topic_partition_t *place)
{
    int64_t low, high;
    if (rd_kafka_get_watermark_offsets(kafka, place->topic, place->partition, &low, &high) ||
        high < 0)
        return 0;
    int64_t position = place->offset >= 0 ? place->offset : low;
    return high > position ? high - position : 0;
}

static int64_t lag_of_all(const struct loop *loop, rd_kafka_t *kafka)
{
    rd_kafka_topic_partition_list_t *held;
    int64_t total = 0;
    metric_forget(loop->program->metrics, METRIC_LAG_EVENTS, NULL);
    if (rd_kafka_assignment(kafka, &held))
        return 0;
    rd_kafka_position(kafka, held);
    for (int i = 0; i < held->cnt; i++) {
        char partition[12];
        int64_t lag = partition_lag(kafka, &held->elems[i]);
        snprintf(partition, sizeof(partition), "%d", (int)held->elems[i].partition);
        metric_set(loop->program->metrics, METRIC_LAG_EVENTS,
                   LABELS(loop->worker->name, partition), (double)lag);
        total += lag;
    }
    rd_kafka_topic_partition_list_destroy(held);
    return total;
}

bool measure_caught_up(rd_kafka_t *kafka)
{
    rd_kafka_topic_partition_list_t *held;
    if (rd_kafka_assignment(kafka, &held))
        return false;
    bool caught_up = held->cnt > 0 && rd_kafka_committed(kafka, held, CAUGHT_UP_MS) == 0;
    for (int i = 0; i < held->cnt && caught_up; i++) {
        const rd_kafka_topic_partition_t *place = &held->elems[i];
        int64_t low, high;
        caught_up = rd_kafka_get_watermark_offsets(kafka, place->topic, place->partition, &low,
                                                   &high) == 0 &&
                    high >= 0 && (high == 0 || place->offset >= high);
    }
    rd_kafka_topic_partition_list_destroy(held);
    return caught_up;
}

static enum problem count_parked(struct scope *s, void *context)
{
    const struct loop *loop = context;
    struct result r;
    TRY(DB_RUN(s, &sql_parked_count, &r, param_text(loop->worker->name)));
    metric_forget(loop->program->metrics, METRIC_PARKED_EVENTS, NULL);
    for (int i = 0; i < r.count; i++)
        metric_set(loop->program->metrics, METRIC_PARKED_EVENTS,
                   LABELS(loop->worker->name, result_text(&r, i, "problem")),
                   (double)result_integer(&r, i, "parked"));
    return OK;
}

void measure_lag(struct measure *m, struct loop *loop, rd_kafka_t *kafka)
{
    if (clock_steady_ms() - m->measured_at < EVERY_MS)
        return;
    m->measured_at = clock_steady_ms();
    struct scope s = scope_open(loop->program);
    int64_t events = lag_of_all(loop, kafka);
    int64_t since = m->oldest ? m->oldest : events ? m->newest : 0;
    int64_t seconds = since ? (s.now - since) / SECOND_US : 0;
    if (seconds < 0)
        seconds = 0;
    metric_set(loop->program->metrics, METRIC_LAG_SECONDS, LABELS(loop->worker->name),
               (double)seconds);
    health_lag(loop->program->health, events, seconds);
    program_transact(loop->program, &s, count_parked, loop);
    scope_close(&s);
}
