/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * mock-broker: librdkafka's mock cluster as a program, so that the composed programs meet errors which
 * a real broker can't be made to give. One broker; everything is in memory. Prints
 *
 *      ready HOST:PORT LIBRARY-VERSION
 *
 * and answers each command, one a line, with "ok N" or "error WHY". It ends with its standard input.
 */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdint.h>
#include <stddef.h>

enum { BROKER = 1, MOST_WORDS = 64 };

/* Kafka's numbers of what the mock cluster answers; the names are those in librdkafka's log. */
struct api {
    const char *name;
    int16_t key;
};
static const struct api apis[] = {
    { "Produce", 0 },      { "Fetch", 1 },        { "ListOffsets", 2 },
    { "Metadata", 3 },     { "OffsetCommit", 8 }, { "OffsetFetch", 9 },
    { "FindCoordinator", 10 }, { "JoinGroup", 11 }, { "Heartbeat", 12 },
    { "LeaveGroup", 13 },  { "SyncGroup", 14 },   { "CreateTopics", 19 },
    { "InitProducerId", 22 },
};
enum { API_COUNT = sizeof(apis) / sizeof(*apis) };

struct mock {
    rd_kafka_t *client; /* the library wants one to keep its books */
    rd_kafka_mock_cluster_t *cluster;
    const char *topic;
    pthread_mutex_t lock;
    long requests[API_COUNT]; /* received; under the lock */
};

struct command {
    const char *name;
    size_t least; /* words that follow the name */
    bool (*run)(struct mock *mock, char **words, size_t count, long *answer);
};

static const struct api *api_find(const char *name, size_t length)
{
    for (size_t i = 0; i < API_COUNT; i++)
        if (strlen(apis[i].name) == length && strncmp(apis[i].name, name, length) == 0)
            return &apis[i];
    return NULL;
}

static bool code_find(const char *name, rd_kafka_resp_err_t *out)
{
    const struct rd_kafka_err_desc *all;
    size_t count;
    rd_kafka_get_err_descs(&all, &count);
    for (size_t i = 0; i < count; i++)
        if (all[i].name && strcmp(all[i].name, name) == 0) {
            *out = all[i].code;
            return true;
        }
    return false;
}

static bool number(const char *word, long least, long most, long *out)
{
    char *end;
    *out = strtol(word, &end, 10);
    return end != word && *end == '\0' && *out >= least && *out <= most;
}

/* The library tells of each request in its log, and nowhere else. */
static void count_request(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)level;
    (void)facility;
    struct mock *mock = rd_kafka_opaque(client);
    const char *name = strstr(text, ": Received "), *end;
    if (!name || !(end = strstr(name, "RequestV")))
        return;
    name += strlen(": Received ");
    const struct api *api = api_find(name, (size_t)(end - name));
    if (!api)
        return;
    pthread_mutex_lock(&mock->lock);
    mock->requests[api - apis]++;
    pthread_mutex_unlock(&mock->lock);
}

/* errors API MS CODE...: the next requests are answered so, each after MS. NO_ERROR is a code, too. */
static bool push(struct mock *mock, char **words, size_t count, long *answer)
{
    const struct api *api = api_find(words[0], strlen(words[0]));
    rd_kafka_resp_err_t codes[MOST_WORDS];
    long ms;
    if (!api || !number(words[1], 0, 60000, &ms))
        return false;
    for (size_t i = 2; i < count; i++)
        if (!code_find(words[i], &codes[i]))
            return false;
    for (size_t i = 2; i < count; i++)
        if (rd_kafka_mock_broker_push_request_error_rtts(mock->cluster, BROKER, api->key, 1, codes[i],
                                                         (int)ms))
            return false;
    *answer = (long)count - 2;
    return true;
}

/* left API: how many of the answers that were ordered are not given yet. */
static bool left(struct mock *mock, char **words, size_t count, long *answer)
{
    (void)count;
    const struct api *api = api_find(words[0], strlen(words[0]));
    size_t found = 0;
    if (!api || rd_kafka_mock_broker_error_stack_cnt(mock->cluster, BROKER, api->key, &found))
        return false;
    *answer = (long)found;
    return true;
}

/* requests API: how many have come. */
static bool requests(struct mock *mock, char **words, size_t count, long *answer)
{
    (void)count;
    const struct api *api = api_find(words[0], strlen(words[0]));
    if (!api)
        return false;
    pthread_mutex_lock(&mock->lock);
    *answer = mock->requests[api - apis];
    pthread_mutex_unlock(&mock->lock);
    return true;
}

static bool down(struct mock *mock, char **words, size_t count, long *answer)
{
    (void)words;
    (void)count;
    (void)answer;
    return !rd_kafka_mock_broker_set_down(mock->cluster, BROKER);
}

static bool up(struct mock *mock, char **words, size_t count, long *answer)
{
    (void)words;
    (void)count;
    (void)answer;
    return !rd_kafka_mock_broker_set_up(mock->cluster, BROKER);
}

/* leader PARTITION BROKER: -1 = nobody leads it. */
static bool leader(struct mock *mock, char **words, size_t count, long *answer)
{
    (void)count;
    (void)answer;
    long partition, broker;
    return number(words[0], 0, 1000, &partition) && number(words[1], -1, BROKER, &broker) &&
           !rd_kafka_mock_partition_set_leader(mock->cluster, mock->topic, (int32_t)partition,
                                               (int32_t)broker);
}

static const struct command commands[] = {
    { "errors", 3, push }, { "left", 1, left }, { "requests", 1, requests }, { "down", 0, down },
    { "up", 0, up },     { "leader", 2, leader },
};

static bool obey(struct mock *mock, char *line, long *answer)
{
    char *words[MOST_WORDS], *rest = NULL;
    size_t count = 0;
    for (char *word = strtok_r(line, " \n", &rest); word && count < MOST_WORDS;
         word = strtok_r(NULL, " \n", &rest))
        words[count++] = word;
    for (size_t i = 0; count && i < sizeof(commands) / sizeof(*commands); i++)
        if (strcmp(commands[i].name, words[0]) == 0)
            return count > commands[i].least && commands[i].run(mock, words + 1, count - 1, answer);
    return false;
}

static bool start(struct mock *mock, int partitions)
{
    char why[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "debug", "mock", why, sizeof(why));
    rd_kafka_conf_set_opaque(conf, mock);
    rd_kafka_conf_set_log_cb(conf, count_request);
    mock->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
    if (!mock->client)
        return false;
    mock->cluster = rd_kafka_mock_cluster_new(mock->client, BROKER);
    return mock->cluster &&
           !rd_kafka_mock_topic_create(mock->cluster, mock->topic, partitions, 1);
}

int main(int argc, char **argv)
{
    char line[4096];
    long partitions;
    if (argc != 3 || !number(argv[2], 1, 1000, &partitions)) {
        fprintf(stderr, "usage: mock-broker TOPIC PARTITIONS\n");
        return 2;
    }
    struct mock mock = { .topic = argv[1], .lock = PTHREAD_MUTEX_INITIALIZER };
    if (!start(&mock, (int)partitions)) {
        fprintf(stderr, "mock-broker: the mock cluster can not be made\n");
        return 1;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("ready %s %s\n", rd_kafka_mock_cluster_bootstraps(mock.cluster), rd_kafka_version_str());
    while (fgets(line, sizeof(line), stdin)) {
        long answer = 0;
        if (obey(&mock, line, &answer))
            printf("ok %ld\n", answer);
        else
            printf("error not understood, or refused by the library\n");
    }
    rd_kafka_mock_cluster_destroy(mock.cluster);
    rd_kafka_destroy(mock.client);
    return 0;
}
