/* SPDX-License-Identifier: EUPL-1.2 */
/* How far behind a worker says it is, by numbers alone and against a broker (librdkafka's own mock). */
#include "tests/unit/table.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdbool.h>

#include "common/kafka/kafka.h"
#include "common/worker/measure.h"
#include "common/worker/worker.h"

enum { UNKNOWN = RD_KAFKA_OFFSET_INVALID, PATIENCE_MS = 20000 };

static void what_is_left_of_a_partition(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct standing at;
        int64_t left;
    } rows[] = {
        { "in the middle", { .position = 40, .committed = 30, .low = 0, .high = 100 }, 60 },
        { "at the end", { .position = 100, .committed = 90, .low = 0, .high = 100 }, 0 },
        { "restarted, nothing new", { .position = UNKNOWN, .committed = 100, .low = 0, .high = 100 }, 0 },
        { "restarted, a little new", { .position = UNKNOWN, .committed = 98, .low = 0, .high = 100 }, 2 },
        { "a new group", { .position = UNKNOWN, .committed = UNKNOWN, .low = 20, .high = 100 }, 80 },
        { "a new group, all expired", { .position = UNKNOWN, .committed = UNKNOWN, .low = 100, .high = 100 }, 0 },
        { "what it stood at has expired", { .position = UNKNOWN, .committed = 10, .low = 20, .high = 100 }, 80 },
        { "an empty partition", { .position = UNKNOWN, .committed = UNKNOWN, .low = 0, .high = 0 }, 0 },
        { "wiped, the old position", { .position = 500, .committed = 500, .low = 0, .high = 3 }, 0 },
        { "wiped, the old commit", { .position = UNKNOWN, .committed = 500, .low = 0, .high = 3 }, 0 },
        { "wiped, and nothing there yet", { .position = 500, .committed = 500, .low = 0, .high = 0 }, 0 },
        { "the broker has not said", { .position = UNKNOWN, .committed = 100, .low = UNKNOWN, .high = UNKNOWN }, LAG_UNKNOWN },
        { "not even where it stands", { .position = 40, .committed = 40, .low = UNKNOWN, .high = UNKNOWN }, LAG_UNKNOWN },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].name, lag_of(&rows[i].at), rows[i].left);
}

static rd_kafka_t *client(rd_kafka_type_t type, const char *bootstrap)
{
    char why[256];
    struct scope s = { .arena = arena_new() };
    const struct settings set = { .kafka_bootstrap = bootstrap };
    const char *const consumer[] = { "group.id", "tillit-test",
                                     "auto.offset.reset", "earliest", "enable.auto.commit", "false",
                                     "enable.auto.offset.store", "false", "fetch.wait.max.ms", "50",
                                     NULL };
    rd_kafka_conf_t *conf = kafka_conf(&s, &set, type == RD_KAFKA_CONSUMER ? consumer : (const char *const[]){ "test.mock.num.brokers", "1", NULL });
    arena_free(s.arena);
    assert_non_null(conf);
    rd_kafka_t *kafka = rd_kafka_new(type, conf, why, sizeof(why));
    assert_non_null(kafka);
    return kafka;
}

static void produce(rd_kafka_t *producer, int count)
{
    for (int i = 0; i < count; i++)
        rd_kafka_producev(producer, RD_KAFKA_V_TOPIC("t"), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_VALUE("x", 1), RD_KAFKA_V_END);
    CHECK_INT("produced", rd_kafka_flush(producer, PATIENCE_MS), 0);
}

/* Both partitions are given to it, as by its group: from where the group stands. */
static void take_partitions(rd_kafka_t *kafka)
{
    rd_kafka_topic_partition_list_t *given = rd_kafka_topic_partition_list_new(2);
    rd_kafka_poll_set_consumer(kafka);
    rd_kafka_topic_partition_list_add_range(given, "t", 0, 1);
    CHECK_INT("given", rd_kafka_assign(kafka, given), 0);
    rd_kafka_topic_partition_list_destroy(given);
}

/* Reads so many records, and commits behind the last. */
static void read_and_commit(rd_kafka_t *kafka, int count)
{
    while (count > 0) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(kafka, PATIENCE_MS);
        assert_non_null(message);
        if (!message->err && --count == 0)
            CHECK_INT("committed", rd_kafka_commit_message(kafka, message, 0), 0);
        rd_kafka_message_destroy(message);
    }
}

/* As soon as it is known; not a record comes. */
static int64_t first_lag(rd_kafka_t *kafka, struct measure *m, struct loop *loop)
{
    int64_t lag = LAG_UNKNOWN;
    for (int waited = 0; waited < PATIENCE_MS && lag == LAG_UNKNOWN; waited += 50) {
        assert_null(rd_kafka_consumer_poll(kafka, 50));
        lag = measure_events(m, loop, kafka);
    }
    return lag;
}

static void a_restarted_worker_stands_where_its_group_stood(void **state)
{
    (void)state;
    rd_kafka_t *producer = client(RD_KAFKA_PRODUCER, NULL);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_handle_mock_cluster(producer);
    const char *bootstrap = rd_kafka_mock_cluster_bootstraps(cluster);
    struct program program = { .metrics = metrics_new() };
    struct worker worker = { .name = "letters" };
    struct loop loop = { .program = &program, .worker = &worker };
    struct measure first = { 0 }, second = { 0 };
    rd_kafka_mock_topic_create(cluster, "t", 2, 1);
    produce(producer, 5);

    rd_kafka_t *kafka = client(RD_KAFKA_CONSUMER, bootstrap);
    take_partitions(kafka);
    read_and_commit(kafka, 5);
    CHECK_INT("all read", first_lag(kafka, &first, &loop), 0);
    CHECK_INT("the group has it all", measure_caught_up(kafka), true);
    measure_free(&first);
    rd_kafka_consumer_close(kafka);
    rd_kafka_destroy(kafka);

    kafka = client(RD_KAFKA_CONSUMER, bootstrap);
    take_partitions(kafka);
    CHECK_INT("restarted, and nothing came", first_lag(kafka, &second, &loop), 0);
    CHECK_INT("the group still has it all", measure_caught_up(kafka), true);
    measure_free(&second);
    rd_kafka_consumer_close(kafka);
    rd_kafka_destroy(kafka);
    rd_kafka_destroy(producer);
    metrics_free(program.metrics);
}

/* A look now, without waiting for its time. */
static bool look(struct measure *m, rd_kafka_t *kafka)
{
    m->looked_at = -PATIENCE_MS;
    return measure_unread(m, kafka);
}

/* A paused partition stands for one that the library has lost: held, and nothing comes. */
static void what_is_held_and_not_read_is_found(void **state)
{
    (void)state;
    rd_kafka_t *producer = client(RD_KAFKA_PRODUCER, NULL);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_handle_mock_cluster(producer);
    struct measure m = { 0 };
    rd_kafka_topic_partition_list_t *held;
    rd_kafka_mock_topic_create(cluster, "t", 2, 1);
    produce(producer, 5);
    rd_kafka_t *kafka = client(RD_KAFKA_CONSUMER, rd_kafka_mock_cluster_bootstraps(cluster));
    take_partitions(kafka);
    read_and_commit(kafka, 5);
    CHECK_INT("all read", look(&m, kafka), false);
    CHECK_INT("and still", look(&m, kafka), false);
    rd_kafka_assignment(kafka, &held);
    rd_kafka_pause_partitions(kafka, held);
    produce(producer, 3);
    CHECK_INT("there may be something new on its way", look(&m, kafka), false);
    CHECK_INT("not before its time", measure_unread(&m, kafka), false);
    CHECK_INT("it was there the last time", look(&m, kafka), true);
    rd_kafka_resume_partitions(kafka, held);
    read_and_commit(kafka, 1);
    CHECK_INT("it is read, if not to its end", look(&m, kafka), false);
    read_and_commit(kafka, 2);
    CHECK_INT("all read once more", look(&m, kafka), false);
    produce(producer, 1);
    measure_assigned(&m);
    CHECK_INT("what came before the partitions did says nothing", look(&m, kafka), false);
    rd_kafka_topic_partition_list_destroy(held);
    measure_free(&m);
    rd_kafka_consumer_close(kafka);
    rd_kafka_destroy(kafka);
    rd_kafka_destroy(producer);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_left_of_a_partition),
                                        cmocka_unit_test(what_is_held_and_not_read_is_found),
                                        cmocka_unit_test(a_restarted_worker_stands_where_its_group_stood) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
