/* SPDX-License-Identifier: EUPL-1.2 */
/* Why PostgreSQL does not let us in, as operators read it; whatever language the server speaks. */
#include "tests/unit/table.h"

#include <stdbool.h>

#include "common/db/refusal.h"

#define AT "connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  "

static void refusals_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *said, *says;
    } rows[] = {
        { AT "28P01: password authentication failed for user \"tillit_api\"\nLOCATION:  auth_failed, auth.c:338\n", "does not take the password" },
        { AT "28P01: passordautentisering feilet for bruker «tillit_api»\n", "does not take the password" },
        { "connection to server at \"127.0.0.1\", port 5432 failed: fe_sendauth: no password supplied\n", "has none" },
        { AT "28000: role \"tillit_api\" does not exist\n", "no such role" },
        { AT "28000: role \"tillit_api\" is not permitted to log in\n", "LOGIN" },
        { AT "28000: no pg_hba.conf entry for host \"10.0.0.9\", user \"tillit_api\", database \"tillit\", SSL encryption\n", "its pg_hba.conf" },
        { AT "28000: no pg_hba.conf entry for host \"10.0.0.9\", user \"tillit_api\", database \"tillit\", no encryption\n", "wants TLS" },
        { AT "28000: pg_hba.conf rejects connection for host \"10.0.0.9\"\n", "its pg_hba.conf" },
        { AT "28000: rollen finnes ikke\n", "does not let the role in" },
        { AT "3D000: database \"tillit\" does not exist\n", "is not there" },
        { AT "3D000: databasen «tillit» eksisterer ikke\n", "is not there" },
        { AT "42501: permission denied for database \"tillit\"\n", "GRANT CONNECT" },
        { AT "53300: sorry, too many clients already\n", "max_connections" },
        { AT "53300: too many connections for role \"tillit_api\"\n", "max_connections" },
        { AT "57P03: the database system is starting up\n", "is starting up" },
        { AT "57P03: the database system is shutting down\n", "is shutting down" },
        { AT "57P03: the database system is in recovery mode\n", "recovering" },
        { AT "57P03: databasesystemet starter\n", "starting, stopping or recovering" },
        { AT "57P01: terminating connection due to administrator command\n", "shutting down" },
        { AT "55000: database \"tillit\" is not currently accepting connections\n", "ALLOW_CONNECTIONS" },
        { AT "08P01: unsupported startup parameter: options\n", "pooler" },
        { "connection to server at \"127.0.0.1\", port 5432 failed: session is read-only\n", "can only be read" },
        { "connection to server at \"127.0.0.1\", port 5432 failed: server is in hot standby mode\n", "standby" },
        { "could not translate host name \"db\" to address: Name or service not known\n", "nobody knows the host" },
        { "connection to server at \"127.0.0.1\", port 1 failed: Connection refused\n", "nothing listens" },
        { "invalid URI query parameter: \"x\"\n", "DATABASE_URL is none" },
        { "missing \"=\" after \"x\" in connection info string\n", "DATABASE_URL is none" },
        { "SSL error: certificate verify failed\n", "sslrootcert" },
        { "timeout expired\n", "does not answer" },
        { "", "does not answer" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const char *words = db_refusal(rows[i].said);
        CHECK_INT(rows[i].said, strstr(words, rows[i].says) != NULL, true);
        CHECK_INT(words, strlen(words) < 120, true);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(refusals_in_words) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
