/* SPDX-License-Identifier: EUPL-1.2 */
/* What leaves the machine, and which databases must prove who they are. */
#include "tests/unit/table.h"

#include <stdlib.h>

#include "common/base/link.h"
#include "common/kafka/kafka.h"
#include "common/program/settings.h"

static void where_lists_lead(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        bool here;
    } rows[] = {
        { "127.0.0.1:9092", true },
        { "127.0.0.1", true },
        { "127.8.9.10:9092, localhost:9093", true },
        { "localhost", true },
        { "[::1]:9092", true },
        { "::1", true },
        { "kafka.example:9092", false },
        { "127.0.0.1:9092,kafka.example:9092", false },
        { "kafka.example:9092,127.0.0.1:9092", false },
        { "127.0.0.1.example:9092", false },
        { "localhost.example:9092", false },
        { "localhost:9092@kafka.example", false },
        { "PLAINTEXT://localhost:9092", false },
        { "10.0.0.1:9092", false },
        { "0.0.0.0:9092", false },
        { "[fe80::1]:9092", false },
        { "127.0.0.1:9092,", false },
        { "", false },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].list, links_are_here(rows[i].list), rows[i].here);
}

static void which_addresses_are_safe(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        bool plainly, in_a_trial;
    } rows[] = {
        { "https://idporten.no", true, true },
        { "https://127.0.0.1:8443/x", true, true },
        { "http://127.0.0.1:18090/idporten", false, true },
        { "http://localhost:18090", false, true },
        { "http://[::1]:18090/a?b=c:d", false, true },
        { "http://localhost/a:b", false, true },
        { "http://idporten.no", false, false },
        { "http://127.0.0.1:80@idporten.no/", false, false },
        { "http://127.0.0.1:x@idporten.no:80/", false, false },
        { "http://localhost:80#@idporten.no/", false, true }, /* the host ends before the fragment */
        { "http://localhost:80\\@idporten.no/", false, false },
        { "http://localhost.idporten.no:80/", false, false },
        { "http://127.0.0.1.idporten.no/", false, false },
        { "HTTP://127.0.0.1:1/", false, false },
        { "ftp://127.0.0.1/", false, false },
        { "http://", false, false },
        { "", false, false },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        CHECK_INT(rows[i].url, link_is_safe(rows[i].url, false), rows[i].plainly);
        CHECK_INT(rows[i].url, link_is_safe(rows[i].url, true), rows[i].in_a_trial);
    }
}

static void which_databases_are_safe(void **state)
{
    (void)state;
    static const struct {
        const char *url, *environment;
        bool safe;
    } rows[] = {
        { "postgresql://127.0.0.1:15432/tillit", NULL, true },
        { "postgresql://localhost/tillit?sslmode=disable", NULL, true },
        { "postgresql://[::1]:5432/tillit", NULL, true },
        { "postgresql:///tillit", NULL, true },
        { "postgresql:///tillit?host=/run/postgresql", NULL, true },
        { "tillit", NULL, true },
        { "dbname=tillit", NULL, true },
        { "postgresql://db.example/tillit", NULL, false },
        { "postgresql://db.example/tillit?sslmode=require", NULL, false },
        { "postgresql://db.example/tillit?sslmode=verify-ca", NULL, false },
        { "postgresql://db.example/tillit?sslmode=verify-full", NULL, true },
        { "host=db.example dbname=tillit", NULL, false },
        { "host=db.example dbname=tillit sslmode=verify-full", NULL, true },
        { "postgresql://127.0.0.1,db.example/tillit", NULL, false },
        { "host=/run/postgresql,db.example", NULL, false },
        { "postgresql://127.0.0.1/tillit?hostaddr=10.0.0.1", NULL, false },
        { "postgresql://db.example/tillit?hostaddr=127.0.0.1", NULL, true },
        { "postgresql:///tillit?service=main", NULL, false },
        { "postgresql:///tillit?service=main&sslmode=verify-full", NULL, true },
        { "postgresql://[broken/tillit", NULL, false },
        { "tillit", "PGHOST=db.example", false },
        { "postgresql:///tillit", "PGHOSTADDR=10.0.0.1", false },
        { "postgresql://db.example/tillit", "PGSSLMODE=verify-full", true },
        { "postgresql://db.example/tillit?sslmode=prefer", "PGSSLMODE=verify-full", false },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char *environment = rows[i].environment ? strdup(rows[i].environment) : NULL;
        clearenv();
        if (environment)
            putenv(environment);
        CHECK_INT(rows[i].url, database_is_safe(rows[i].url), rows[i].safe);
        clearenv();
        free(environment);
    }
}

static void what_a_configuration_holds(void **state)
{
    (void)state;
    static const struct settings plain = { .kafka_bootstrap = "127.0.0.1:1" };
    static const struct settings tls = { .kafka_bootstrap = "kafka.example:1", .kafka_ca = "/ca",
                                         .kafka_certificate = "/cert", .kafka_key = "/key" };
    static const struct {
        const char *name, *plain, *tls;
    } rows[] = {
        { "security.protocol", "plaintext", "ssl" },
        { "ssl.endpoint.identification.algorithm", "https", "https" },
        { "enable.ssl.certificate.verification", "true", "true" },
        { "ssl.cipher.suites", "", "DEFAULT@SECLEVEL=2" },
        { "ssl.ca.location", "", "/ca" },
        { "ssl.certificate.location", "", "/cert" },
        { "ssl.key.location", "", "/key" },
        { "bootstrap.servers", "127.0.0.1:1", "kafka.example:1" },
        { "client.id", "c", "c" },
    };
    struct scope s = { .arena = arena_new() };
    for (size_t i = 0; i < 2 * ROWS(rows); i++) {
        const char *want = i % 2 ? rows[i / 2].tls : rows[i / 2].plain;
        rd_kafka_conf_t *conf = kafka_conf(&s, i % 2 ? &tls : &plain, (const char *const[]){ "client.id", "c", NULL });
        char value[100] = "";
        size_t room = sizeof(value);
        rd_kafka_conf_get(conf, rows[i / 2].name, value, &room);
        CHECK_TEXT(rows[i / 2].name, value, want);
        rd_kafka_conf_destroy(conf);
    }
    arena_free(s.arena);
}

static void a_certificate_that_is_none_is_no_client(void **state)
{
    (void)state;
    static const struct settings set = { .kafka_bootstrap = "127.0.0.1:1", .kafka_ca = "/etc/passwd" };
    struct scope s = { .arena = arena_new() };
    rd_kafka_conf_t *conf = kafka_conf(&s, &set, (const char *const[]){ NULL });
    assert_null(kafka_client(&s, RD_KAFKA_PRODUCER, conf));
    assert_non_null(strstr(s.detail, "ssl.ca.location"));
    arena_free(s.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(where_lists_lead), cmocka_unit_test(which_addresses_are_safe),
                                        cmocka_unit_test(which_databases_are_safe),
                                        cmocka_unit_test(what_a_configuration_holds),
                                        cmocka_unit_test(a_certificate_that_is_none_is_no_client) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
