/* SPDX-License-Identifier: EUPL-1.2 */
/* What Kafka and its library say when they do not do what we ask: what passes by itself, and what somebody
 * must set right, in words. */
#include "common/kafka/trouble.h"

#include <librdkafka/rdkafka.h>
#include <string.h>

#include "common/program/program.h"
#include "common/time/clock.h"

/* Errors of a broker's that waiting helps against. What is neither here nor below is a refusal. */
static const rd_kafka_resp_err_t passing[] = {
    RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE,
    RD_KAFKA_RESP_ERR_INVALID_MSG,
    RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
    RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
    RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
    RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_STALE_CTRL_EPOCH,
    RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
    RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
    RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
    RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
    RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
    RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
    RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
    RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
    RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS,
    RD_KAFKA_RESP_ERR_NOT_CONTROLLER,
    RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
    RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER,
    RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
    RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS,
    RD_KAFKA_RESP_ERR_TRANSACTION_COORDINATOR_FENCED,
    RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
    RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID,
    RD_KAFKA_RESP_ERR_FETCH_SESSION_ID_NOT_FOUND,
    RD_KAFKA_RESP_ERR_INVALID_FETCH_SESSION_EPOCH,
    RD_KAFKA_RESP_ERR_LISTENER_NOT_FOUND,
    RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH,
    RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH,
    RD_KAFKA_RESP_ERR_STALE_BROKER_EPOCH,
    RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_MEMBER_ID_REQUIRED,
    RD_KAFKA_RESP_ERR_PREFERRED_LEADER_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_ELIGIBLE_LEADERS_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT,
    RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED,
    RD_KAFKA_RESP_ERR_PRODUCER_FENCED,
};

/* Those whose cure we know. */
static const struct {
    rd_kafka_resp_err_t error;
    const char *means;
} refusals[] = {
    { RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
      "our certificate may not use the topic: deploy/kafka/acls.py" },
    { RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
      "our certificate may not use the group: deploy/kafka/acls.py" },
    { RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
      "our certificate may not write: deploy/kafka/acls.py" },
    { RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, "Kafka wants a login that we do not have" },
    { RD_KAFKA_RESP_ERR__AUTHENTICATION, "Kafka wants a login that we do not have" },
    { RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT,
      "Kafka refuses our session timeout: its group.min.session.timeout.ms may be 6000 at most in a "
      "trial, 10000 elsewhere" },
    { RD_KAFKA_RESP_ERR_GROUP_MAX_SIZE_REACHED,
      "Kafka lets no more of this worker in: its group.max.size" },
    { RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL,
      "our group on Kafka is in use by another kind of reader" },
    { RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR,
      "Kafka has fewer brokers than the topic is to have copies: TILLIT_REPLICATION" },
    { RD_KAFKA_RESP_ERR_INVALID_PARTITIONS,
      "Kafka refuses the topic's number of partitions: TILLIT_PARTITIONS" },
    { RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION, "Kafka refuses the topic's name: TILLIT_TOPIC" },
    { RD_KAFKA_RESP_ERR_POLICY_VIOLATION,
      "Kafka's own policy refuses the topic: it is to be made there by hand" },
    { RD_KAFKA_RESP_ERR_INVALID_CONFIG, "Kafka refuses the topic's settings" },
    { RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
      "Kafka takes no records of our events' size: its message.max.bytes" },
    { RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
      "Kafka takes no records of our events' size: its message.max.bytes" },
    { RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
      "Kafka refuses our records' time: its clock or ours is wrong" },
    { RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE, "Kafka refuses lz4, which we write" },
    { RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION, "Kafka is of a version that we do not speak" },
    { RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, "Kafka is of a version that we do not speak" },
};

static bool passes(int error)
{
    for (size_t i = 0; i < sizeof(passing) / sizeof(*passing); i++)
        if (passing[i] == error)
            return true;
    return error <= 0; /* the library's own, and none at all */
}

static const char *tls_refusal(int error, const char *reason)
{
    if (error == RD_KAFKA_RESP_ERR__SSL)
        return strstr(reason, "verify failed")
                   ? "Kafka's certificate is not good: not by TILLIT_KAFKA_CA, or another host's"
                   : "Kafka speaks no TLS that we take";
    return error == RD_KAFKA_RESP_ERR__TRANSPORT && strstr(reason, "SSL alert")
               ? "Kafka does not take our certificate"
               : NULL;
}

const char *kafka_refusal(int error, const char *reason)
{
    for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
        if (refusals[i].error == error)
            return refusals[i].means;
    return passes(error) ? tls_refusal(error, reason) : rd_kafka_err2str((rd_kafka_resp_err_t)error);
}

bool trouble_note(struct trouble *t, int error, const char *reason)
{
    const char *refusal = kafka_refusal(error, reason ? reason : "");
    if (!error)
        return false;
    t->refusal = refusal ? refusal : t->refusal;
    t->last = refusal ? refusal : rd_kafka_err2str((rd_kafka_resp_err_t)error);
    for (size_t i = 0; i < t->said_count; i++)
        if (t->said[i] == t->last)
            return false;
    if (t->said_count < sizeof(t->said) / sizeof(*t->said))
        t->said[t->said_count++] = t->last;
    return true;
}

void trouble_tell(struct trouble *t, const struct program *program, int error, const char *reason)
{
    if (trouble_note(t, error, reason))
        LOG_WRITE(program->log, clock_now(program->clock), LOG_LEVEL_WARN,
                  t->last == t->refusal ? "Kafka is not for us" : "Kafka has an error",
                  { LOG_KAFKA_ERROR, rd_kafka_err2name((rd_kafka_resp_err_t)error) },
                  { LOG_DETAIL, t->last });
}

void trouble_over(struct trouble *t)
{
    *t = (struct trouble){ 0 };
}
