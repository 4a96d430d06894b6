/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_KAFKA_KAFKA_H
#define COMMON_KAFKA_KAFKA_H
/*
 * librdkafka's clients, set up as reliability demands, and the headers of a CloudEvent in binary
 * mode. Handles are released with the scope's arena or by their owner.
 */
#include <librdkafka/rdkafka.h>

#include "common/problem/scope.h"

struct event;
struct settings;

/* A configuration of a client of the Kafka that the settings name, over TLS if they say so, with the
 * pairs ("key", "value", ..., NULL) besides; for kafka_client. NULL with the scope's detail set if
 * librdkafka refuses a pair. */
rd_kafka_conf_t *kafka_conf(struct scope *s, const struct settings *set, const char *const *pairs);

/* The client, which takes the configuration over. NULL with the scope's detail set: a file of keys or
 * certificates that is none, as a rule. */
rd_kafka_t *kafka_client(struct scope *s, rd_kafka_type_t type, rd_kafka_conf_t *conf);

/* Whether a client can be made at all: its keys and certificates are some, and fit. */
enum problem kafka_check(struct scope *s);

/* The topic's partitions, 0 if Kafka has no such topic. Asks for the list of all topics: asking for one
 * could make it. */
rd_kafka_resp_err_t kafka_find_topic(rd_kafka_t *client, const char *topic, int timeout_ms,
                                     int *partitions);

/* A record: where it lies, and what it says of itself. Texts are copied into the scope. NULL where a
 * header is missing, or is none that we could have written. */
struct bell {
    const rd_kafka_message_t *message; /* borrowed */
    const char *topic;
    int32_t partition;
    int64_t offset;
    const void *value; /* borrowed from the message; NULL if it has none */
    size_t length;
    bool read;           /* what follows is known */
    const char *type;    /* ce_type */
    const char *case_id; /* ce_subject: a UUID in our own form, or NULL */
    int64_t n;           /* ce_caseseq: 1 to INT32_MAX, or 0 */
    int64_t at;          /* ce_time, or 0 */
    bool known; /* the log has (case_id, n): for the worker to find out */
    int64_t tries; /* after an unclean end: which one this is; 0 = not noted */
};

/* Where it lies: nothing that was written by others is looked at. */
struct bell bell_take(const rd_kafka_message_t *message);
/* What its headers say; once is enough. */
void bell_read(struct scope *s, struct bell *bell);
/* The same of any headers, NULL if there are none. */
void bell_read_headers(struct scope *s, const rd_kafka_headers_t *headers, struct bell *bell);

/* The headers of an event as published; librdkafka takes them over when produced. */
rd_kafka_headers_t *event_headers(struct scope *s, const struct event *event, const char *source);

#endif
