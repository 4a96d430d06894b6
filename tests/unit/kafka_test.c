/* SPDX-License-Identifier: EUPL-1.2 */
/* What Kafka says reaches people in words: what passes by itself as an outage, all else as something to set right. */
#include "tests/unit/table.h"

#include <librdkafka/rdkafka.h>

#include "common/kafka/trouble.h"
#include "services/api/case/standing.h"

static void refusals_in_words(void **state)
{
    (void)state;
    static const struct {
        int error;
        const char *reason, *says;
    } rows[] = {
        { RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT, "", "group.min.session.timeout.ms" },
        { RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, "", "may not use the group" },
        { RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "", "may not use the topic" },
        { RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, "", "may not write" },
        { RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION, "", "of a version that we do not speak" },
        { RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, "", "message.max.bytes" },
        { RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR, "", "TILLIT_REPLICATION" },
        { RD_KAFKA_RESP_ERR_INVALID_PARTITIONS, "", "TILLIT_PARTITIONS" },
        { RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION, "", "TILLIT_TOPIC" },
        { RD_KAFKA_RESP_ERR_POLICY_VIOLATION, "", "policy" },
        { RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, "", "a login" },
        { RD_KAFKA_RESP_ERR__SSL, "certificate verify failed", "TILLIT_KAFKA_CA" },
        { RD_KAFKA_RESP_ERR__SSL, "wrong version number", "no TLS that we take" },
        { RD_KAFKA_RESP_ERR__TRANSPORT, "SSL alert number 42", "our certificate" },
        { RD_KAFKA_RESP_ERR_GROUP_SUBSCRIBED_TO_TOPIC, "", "Broker: " }, /* one without words of our own */
        { RD_KAFKA_RESP_ERR__TRANSPORT, "Connection refused", NULL },
        { RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "", NULL },
        { RD_KAFKA_RESP_ERR_NOT_COORDINATOR, "", NULL },
        { RD_KAFKA_RESP_ERR_NO_ERROR, "", NULL },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const char *refusal = kafka_refusal(rows[i].error, rows[i].reason);
        const char *name = rd_kafka_err2name((rd_kafka_resp_err_t)rows[i].error);
        CHECK_INT(name, refusal != NULL, rows[i].says != NULL);
        CHECK_INT(name, !refusal || strstr(refusal, rows[i].says) != NULL, true);
    }
}

/* Whatever the library knows: never without words, and short enough for a line of health. */
static void every_error_has_words(void **state)
{
    (void)state;
    const struct rd_kafka_err_desc *all;
    size_t count;
    rd_kafka_get_err_descs(&all, &count);
    assert_true(count > 100);
    for (size_t i = 0; i < count; i++) {
        struct trouble t = { 0 };
        if (!all[i].name || !all[i].code)
            continue;
        CHECK_INT(all[i].name, trouble_note(&t, all[i].code, NULL), true);
        CHECK_INT(all[i].name, t.last && strlen(t.last) > 4 && strlen(t.last) < 160, true);
        CHECK_INT(all[i].name, trouble_note(&t, all[i].code, NULL), false);
    }
}

static void what_lasts_is_said_once(void **state)
{
    (void)state;
    struct trouble t = { 0 };
    CHECK_INT("first", trouble_note(&t, RD_KAFKA_RESP_ERR__TRANSPORT, ""), true);
    CHECK_INT("another", trouble_note(&t, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, ""), true);
    CHECK_INT("in turn", trouble_note(&t, RD_KAFKA_RESP_ERR__TRANSPORT, ""), false);
    CHECK_INT("no refusal", t.refusal == NULL, true);
    CHECK_INT("a refusal", trouble_note(&t, RD_KAFKA_RESP_ERR_POLICY_VIOLATION, ""), true);
    CHECK_INT("in turn", trouble_note(&t, RD_KAFKA_RESP_ERR__TRANSPORT, ""), false);
    CHECK_INT("it stays", t.refusal != NULL, true);
    CHECK_INT("nothing", trouble_note(&t, 0, ""), false);
    trouble_over(&t);
    CHECK_INT("over", t.refusal || t.last, false);
    CHECK_INT("again", trouble_note(&t, RD_KAFKA_RESP_ERR__TRANSPORT, ""), true);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(refusals_in_words),
                                        cmocka_unit_test(every_error_has_words),
                                        cmocka_unit_test(what_lasts_is_said_once) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
