/* SPDX-License-Identifier: EUPL-1.2 */
/* What a column of the database may hold: all that PostgreSQL can write is read, or told. */
#include "tests/unit/table.h"

#include <libpq-fe.h>

#include "common/db/values.h"
#include "common/time/instant.h"

/* A result of one row and column. */
static struct result with(const char *text)
{
    PGresult *pg = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    assert_true(PQsetResultAttrs(pg, 1, &(PGresAttDesc){ .name = (char[]){ "it" }, .typlen = -1 }));
    assert_true(PQsetvalue(pg, 0, 0, (char *)(uintptr_t)text, text ? (int)strlen(text) : -1));
    return (struct result){ .pg = pg, .count = 1 };
}

#define NAME(text) ((text) ? (text) : "NULL")

static void times(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t at;
        bool readable;
    } rows[] = {
        { "2026-11-24 09:12:33.123456+00", 1795511553123456, true },
        { "2026-11-24 09:12:33+00", 1795511553000000, true },
        { "1900-01-02 00:00:00+00", -2208902400 * SECOND_US, true },
        { "9999-12-31 12:00:00+00", INSTANT_LAST, true },
        { "1900-01-01 12:00:00+00", INSTANT_FIRST, true },
        { "infinity", INSTANT_LAST, false },
        { "-infinity", INSTANT_FIRST, false },
        { "10000-01-01 00:00:00+00", INSTANT_LAST, false },
        { "294276-12-31 23:59:59.999999+00", INSTANT_LAST, false },
        { "9999-12-31 23:59:59+00", INSTANT_LAST, false }, /* in Oslo it is the next year */
        { "1899-12-31 00:00:00+00", INSTANT_FIRST, false },
        { "0001-01-01 00:00:00+00", INSTANT_FIRST, false },
        { "4714-11-24 00:00:00+00 BC", INSTANT_FIRST, false },
        { NULL, 0, false },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct result r = with(rows[i].text);
        CHECK_INT(NAME(rows[i].text), result_time(&r, 0, "it"), rows[i].at);
        CHECK_INT(NAME(rows[i].text), result_time_readable(&r, 0, "it"), rows[i].readable);
        PQclear((PGresult *)(uintptr_t)r.pg);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(times) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
