/* SPDX-License-Identifier: EUPL-1.2 */
/* Lag from the client's own positions: no round trip but one after partitions were given. */
#include "common/worker/measure.h"

#include "common/db/transact.h"
#include "common/kafka/kafka.h"
#include "common/time/clock.h"
#include "common/worker/queries.h"
#include "common/worker/worker.h"

enum { EVERY_MS = 1000, ANSWER_MS = 500, ASK_AGAIN_MS = 5000, LOOK_MS = 5000 };

/* What a worker parks events for; another is told of as it comes. */
static const enum problem causes[] = { PROBLEM_MALFORMED, PROBLEM_NOT_FOUND, PROBLEM_WRONG_STATUS,
                                       PROBLEM_STALE,     PROBLEM_DAMAGED,   PROBLEM_CRASHED };
enum { CAUSES = sizeof(causes) / sizeof(*causes) };

/* Most are good: those are found first. */
static void start_verdicts(const struct loop *loop, enum problem verdict)
{
    for (const struct subscription *sub = loop->worker->subscriptions; sub->type; sub++)
        metric_start(loop->program->metrics, METRIC_EVENTS_HANDLED,
                     LABELS(loop->worker->name, sub->type->type, problem_name(verdict)));
}

void measure_start(const struct loop *loop)
{
    struct metrics *m = loop->program->metrics;
    const char *name = loop->worker->name;
    start_verdicts(loop, OK);
    start_verdicts(loop, PROBLEM_PASSED);
    for (size_t i = 0; i < CAUSES; i++) {
        start_verdicts(loop, causes[i]);
        metric_start(m, METRIC_PARKED_EVENTS, LABELS(name, problem_name(causes[i])));
    }
    metric_start(m, METRIC_LAG_SECONDS, LABELS(name));
    metric_start(m, METRIC_REBALANCES, LABELS(name));
    metric_start(m, METRIC_COMMITS_REFUSED, LABELS(name));
    for (const struct tick *tick = loop->worker->ticks; tick && tick->name; tick++)
        metric_start(m, METRIC_TICK_SUCCESS, LABELS(tick->name));
}

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

static void forget(rd_kafka_topic_partition_list_t **list)
{
    if (*list)
        rd_kafka_topic_partition_list_destroy(*list);
    *list = NULL;
}

void measure_assigned(struct measure *m)
{
    forget(&m->start);
    forget(&m->seen);
    m->ask_at = 0;
}

void measure_free(struct measure *m)
{
    measure_assigned(m);
}

int64_t lag_of(const struct standing *at)
{
    int64_t next = at->position >= 0 ? at->position : at->committed;
    if (at->high < 0)
        return LAG_UNKNOWN;
    if (next < at->low) /* a new group begins there; so does one that stood at what has expired */
        next = at->low;
    return at->high > next ? at->high - next : 0;
}

/* Where the group stood when the partitions were given: until a record comes the client has no
 * position of its own. Asked once; an answer that fails to come is not waited for every second. */
static bool know_start(struct measure *m, rd_kafka_t *kafka,
                       const rd_kafka_topic_partition_list_t *held)
{
    if (m->start || clock_steady_ms() < m->ask_at)
        return m->start != NULL;
    m->start = rd_kafka_topic_partition_list_copy(held);
    if (rd_kafka_committed(kafka, m->start, ANSWER_MS)) {
        forget(&m->start);
        m->ask_at = clock_steady_ms() + ASK_AGAIN_MS;
    }
    return m->start != NULL;
}

/* With low and high as the broker has them. */
static int64_t partition_lag(struct measure *m, rd_kafka_t *kafka,
                             const rd_kafka_topic_partition_list_t *held, int i, int64_t low,
                             int64_t high)
{
    const rd_kafka_topic_partition_t *place = &held->elems[i], *start = NULL;
    struct standing at = { .position = place->offset,
                           .committed = RD_KAFKA_OFFSET_INVALID,
                           .low = low,
                           .high = high };
    if (at.position < 0) {
        if (know_start(m, kafka, held))
            start = rd_kafka_topic_partition_list_find(m->start, place->topic, place->partition);
        if (!start || start->err)
            return LAG_UNKNOWN;
        at.committed = start->offset;
    }
    return lag_of(&at);
}

/* As the client has last heard of the broker. */
static int64_t heard_lag(struct measure *m, rd_kafka_t *kafka,
                         const rd_kafka_topic_partition_list_t *held, int i)
{
    int64_t low, high;
    if (rd_kafka_get_watermark_offsets(kafka, held->elems[i].topic, held->elems[i].partition, &low,
                                       &high))
        return LAG_UNKNOWN;
    return partition_lag(m, kafka, held, i, low, high);
}

/* Where all partitions begin (RD_KAFKA_OFFSET_BEGINNING) or end (..._END), from the broker; NULL: no answer. */
static rd_kafka_topic_partition_list_t *ask(rd_kafka_t *kafka,
                                            const rd_kafka_topic_partition_list_t *held, int64_t of)
{
    rd_kafka_topic_partition_list_t *places = rd_kafka_topic_partition_list_copy(held);
    for (int i = 0; i < places->cnt; i++)
        places->elems[i].offset = of;
    if (rd_kafka_offsets_for_times(kafka, places, ANSWER_MS))
        forget(&places);
    return places;
}

static rd_kafka_topic_partition_t *find(rd_kafka_topic_partition_list_t *list,
                                        const rd_kafka_topic_partition_t *place)
{
    return rd_kafka_topic_partition_list_find(list, place->topic, place->partition);
}

/* Marks the partitions that have something unread; whether one stands where it stood with that. */
static bool compare(struct measure *m, rd_kafka_t *kafka, rd_kafka_topic_partition_list_t *held,
                    rd_kafka_topic_partition_list_t *lows, rd_kafka_topic_partition_list_t *highs)
{
    bool stands = false;
    for (int i = 0; i < held->cnt; i++) {
        rd_kafka_topic_partition_t *at = &held->elems[i];
        const rd_kafka_topic_partition_t *low = find(lows, at), *high = find(highs, at),
                                         *was = m->seen ? find(m->seen, at) : NULL;
        bool unread = !low->err && !high->err &&
                      partition_lag(m, kafka, held, i, low->offset, high->offset) > 0;
        stands = stands || (unread && was && was->opaque && was->offset == at->offset);
        at->opaque = unread ? m : NULL;
    }
    return stands;
}

bool measure_unread(struct measure *m, rd_kafka_t *kafka)
{
    rd_kafka_topic_partition_list_t *held, *lows, *highs;
    if (clock_steady_ms() - m->looked_at < LOOK_MS || rd_kafka_assignment(kafka, &held))
        return false;
    m->looked_at = clock_steady_ms();
    rd_kafka_position(kafka, held);
    lows = ask(kafka, held, RD_KAFKA_OFFSET_BEGINNING);
    highs = lows ? ask(kafka, held, RD_KAFKA_OFFSET_END) : NULL;
    bool stands = highs && compare(m, kafka, held, lows, highs);
    forget(&m->seen);
    if (highs)
        m->seen = held;
    else
        forget(&held);
    forget(&lows);
    forget(&highs);
    return stands;
}

int64_t measure_events(struct measure *m, const struct loop *loop, rd_kafka_t *kafka)
{
    rd_kafka_topic_partition_list_t *held;
    int64_t total = 0;
    metric_forget(loop->program->metrics, METRIC_LAG_EVENTS, NULL);
    if (rd_kafka_assignment(kafka, &held))
        return LAG_UNKNOWN;
    rd_kafka_position(kafka, held);
    for (int i = 0; i < held->cnt; i++) {
        char partition[12];
        int64_t lag = heard_lag(m, kafka, held, i);
        snprintf(partition, sizeof(partition), "%d", (int)held->elems[i].partition);
        if (lag != LAG_UNKNOWN)
            metric_set(loop->program->metrics, METRIC_LAG_EVENTS,
                       LABELS(loop->worker->name, partition), (double)lag);
        total = lag == LAG_UNKNOWN || total == LAG_UNKNOWN ? LAG_UNKNOWN : total + lag;
    }
    rd_kafka_topic_partition_list_destroy(held);
    return total;
}

bool measure_caught_up(rd_kafka_t *kafka)
{
    rd_kafka_topic_partition_list_t *held;
    if (rd_kafka_assignment(kafka, &held))
        return false;
    bool caught_up = held->cnt > 0 && rd_kafka_committed(kafka, held, ANSWER_MS) == 0;
    for (int i = 0; i < held->cnt && caught_up; i++) {
        const rd_kafka_topic_partition_t *place = &held->elems[i];
        struct standing at = { .position = RD_KAFKA_OFFSET_INVALID, .committed = place->offset };
        caught_up = !place->err &&
                    rd_kafka_get_watermark_offsets(kafka, place->topic, place->partition,
                                                   &at.low, &at.high) == 0 &&
                    lag_of(&at) == 0;
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
    for (size_t i = 0; i < CAUSES; i++)
        metric_set(loop->program->metrics, METRIC_PARKED_EVENTS,
                   LABELS(loop->worker->name, problem_name(causes[i])), 0);
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
    int64_t events = measure_events(m, loop, kafka);
    int64_t since = m->oldest ? m->oldest : events > 0 ? m->newest : 0;
    int64_t seconds = since ? (s.now - since) / SECOND_US : 0;
    if (seconds < 0)
        seconds = 0;
    metric_set(loop->program->metrics, METRIC_LAG_SECONDS, LABELS(loop->worker->name),
               (double)seconds);
    health_lag(loop->program->health, events, seconds);
    program_transact(loop->program, &s, count_parked, loop);
    scope_close(&s);
}
