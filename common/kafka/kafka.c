/* SPDX-License-Identifier: EUPL-1.2 */
/* CloudEvents 1.0, Kafka binary mode: what every reader and the one writer share. */
#include "common/kafka/kafka.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/uuid.h"
#include "common/event/event.h"
#include "common/program/program.h"

/* librdkafka's own lines go nowhere: they name addresses, and outages are told by health. */
static void no_log(const rd_kafka_t *kafka, int level, const char *facility, const char *text)
{
    (void)kafka;
    (void)level;
    (void)facility;
    (void)text;
}

static rd_kafka_conf_t *with_pairs(struct scope *s, rd_kafka_conf_t *conf,
                                   const char *const *pairs)
{
    char why[256];
    for (; conf && *pairs; pairs += 2)
        if (rd_kafka_conf_set(conf, pairs[0], pairs[1], why, sizeof(why)) != RD_KAFKA_CONF_OK) {
            scope_fail(s, PROBLEM_BUG, "Kafka setting %s is refused", pairs[0]);
            rd_kafka_conf_destroy(conf);
            conf = NULL;
        }
    return conf;
}

/* OpenSSL's level 2 speaks nothing older than TLS 1.2, whatever the machine's own settings are. */
static rd_kafka_conf_t *with_tls(struct scope *s, const struct settings *set,
                                 rd_kafka_conf_t *conf)
{
    const char *const server[] = { "security.protocol", "ssl",
                                   "ssl.ca.location", set->kafka_ca,
                                   "ssl.endpoint.identification.algorithm", "https",
                                   "ssl.cipher.suites", "DEFAULT@SECLEVEL=2", NULL };
    const char *const own[] = { "ssl.certificate.location", set->kafka_certificate,
                                "ssl.key.location", set->kafka_key, NULL };
    if (set->kafka_ca)
        conf = with_pairs(s, conf, server);
    if (set->kafka_certificate)
        conf = with_pairs(s, conf, own);
    return conf;
}

rd_kafka_conf_t *kafka_conf(struct scope *s, const struct settings *set, const char *const *pairs)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, no_log);
    conf = with_pairs(
        s, conf, (const char *const[]){ "bootstrap.servers", set->kafka_bootstrap, NULL });
    return with_pairs(s, with_tls(s, set, conf), pairs);
}

rd_kafka_t *kafka_client(struct scope *s, rd_kafka_type_t type, rd_kafka_conf_t *conf)
{
    char why[256];
    rd_kafka_t *client = rd_kafka_new(type, conf, why, sizeof(why));
    if (!client) {
        scope_fail(s, PROBLEM_BUG, "the Kafka client can not be made: %s", why);
        rd_kafka_conf_destroy(conf); /* a client that is made has taken it over */
    }
    return client;
}

enum problem kafka_check(struct scope *s)
{
    rd_kafka_conf_t *conf = kafka_conf(s, &s->program->settings, (const char *const[]){ NULL });
    rd_kafka_t *client = conf ? kafka_client(s, RD_KAFKA_PRODUCER, conf) : NULL;
    if (!client)
        return PROBLEM_BUG;
    rd_kafka_destroy(client);
    return OK;
}

rd_kafka_resp_err_t kafka_find_topic(rd_kafka_t *client, const char *topic, int timeout_ms,
                                     int *partitions)
{
    const struct rd_kafka_metadata *all;
    rd_kafka_resp_err_t error = rd_kafka_metadata(client, 1, NULL, &all, timeout_ms);
    *partitions = 0;
    if (error)
        return error;
    for (int i = 0; i < all->topic_cnt; i++)
        if (strcmp(all->topics[i].topic, topic) == 0)
            *partitions = all->topics[i].partition_cnt;
    rd_kafka_metadata_destroy(all);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* The header's text in the scope; NULL if missing, empty or longer than anything we write. */
static const char *header(struct scope *s, const rd_kafka_headers_t *headers, const char *name)
{
    const void *value;
    size_t length;
    if (!headers || rd_kafka_header_get_last(headers, name, &value, &length) || !value ||
        length == 0 || length > 200 || memchr(value, '\0', length))
        return NULL;
    return arena_strndup(s->arena, value, length);
}

static int64_t positive(const char *text)
{
    char *end = NULL;
    long long n = text && *text >= '1' && *text <= '9' ? strtoll(text, &end, 10) : 0;
    return end && *end == '\0' && n <= INT32_MAX ? n : 0;
}

struct bell bell_take(const rd_kafka_message_t *message)
{
    return (struct bell){ .message = message,
                          .topic = rd_kafka_topic_name(message->rkt),
                          .partition = message->partition,
                          .offset = message->offset,
                          .value = message->payload,
                          .length = message->payload ? message->len : 0 };
}

void bell_read_headers(struct scope *s, const rd_kafka_headers_t *headers, struct bell *bell)
{
    const char *at = header(s, headers, "ce_time");
    bell->type = header(s, headers, "ce_type");
    bell->case_id = uuid_canonical(s->arena, header(s, headers, "ce_subject"));
    bell->n = positive(header(s, headers, "ce_caseseq"));
    if (at)
        instant_parse(at, &bell->at);
    bell->read = true;
}

void bell_read(struct scope *s, struct bell *bell)
{
    rd_kafka_headers_t *headers = NULL;
    if (bell->read)
        return;
    if (rd_kafka_message_headers(bell->message, &headers))
        headers = NULL;
    bell_read_headers(s, headers, bell);
}

static void add(rd_kafka_headers_t *headers, const char *name, const char *value)
{
    if (value)
        rd_kafka_header_add(headers, name, -1, value, -1);
}

rd_kafka_headers_t *event_headers(struct scope *s, const struct event *event, const char *source)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(9);
    const char *seq = arena_printf(s->arena, "%lld", (long long)event->case_seq);
    add(headers, "ce_specversion", "1.0");
    add(headers, "ce_id", arena_printf(s->arena, "%s.%s", event->case_id, seq));
    add(headers, "ce_source", source);
    add(headers, "ce_type", event->type_name);
    add(headers, "ce_subject", event->case_id);
    add(headers, "ce_time", instant_rfc3339(s->arena, event->occurred_at));
    add(headers, "ce_caseseq", seq);
    add(headers, "content-type", "application/json");
    add(headers, "traceparent", event->traceparent);
    return headers;
}
