/* SPDX-License-Identifier: EUPL-1.2 */
/* What a record's headers say: in our own form, or not at all. */
#include "tests/unit/table.h"

#include "common/kafka/kafka.h"
#include "common/time/calendar.h"

#define ID "019a0000-0000-7000-8000-00000000abcd"
#define LONG_201 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
                 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

struct said {
    const char *name, *value;
    int length; /* -1: a text's, 0 with value NULL: no value */
};

static struct bell read(struct scope *s, const struct said *said, size_t count)
{
    struct bell bell = { 0 };
    rd_kafka_headers_t *headers = rd_kafka_headers_new(count);
    for (size_t i = 0; i < count; i++)
        if (said[i].name)
            rd_kafka_header_add(headers, said[i].name, -1, said[i].value, said[i].length);
    bell_read_headers(s, headers, &bell);
    rd_kafka_headers_destroy(headers);
    return bell;
}

static void a_case_has_one_name(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct said subject[2];
        const char *case_id;
    } rows[] = {
        { "as we write it", { { "ce_subject", ID, -1 } }, ID },
        { "in capitals", { { "ce_subject", "019A0000-0000-7000-8000-00000000ABCD", -1 } }, ID },
        { "half in capitals", { { "ce_subject", "019a0000-0000-7000-8000-00000000AbcD", -1 } }, ID },
        { "in braces", { { "ce_subject", "{" ID "}", -1 } }, NULL },
        { "without hyphens", { { "ce_subject", "019a000000007000800000000000abcd", -1 } }, NULL },
        { "with a blank", { { "ce_subject", ID " ", -1 } }, NULL },
        { "with a NUL", { { "ce_subject", ID "\0", 37 } }, NULL },
        { "cut", { { "ce_subject", ID, 35 } }, NULL },
        { "digits of another script", { { "ce_subject", "019a0000-0000-7000-8000-0000000\xd9\xa1\xd9\xa1 1", -1 } }, NULL },
        { "no UTF-8", { { "ce_subject", "\xff\xfe", -1 } }, NULL },
        { "empty", { { "ce_subject", "", 0 } }, NULL },
        { "no value", { { "ce_subject", NULL, 0 } }, NULL },
        { "too long", { { "ce_subject", LONG_201, -1 } }, NULL },
        { "missing", { { 0 } }, NULL },
        { "twice: the last one counts", { { "ce_subject", "x", -1 }, { "ce_subject", ID, -1 } }, ID },
        { "another's name", { { "CE_SUBJECT", ID, -1 } }, NULL },
    };
    struct scope s = { .arena = arena_new() };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct bell bell = read(&s, rows[i].subject, 2);
        CHECK_TEXT(rows[i].name, bell.case_id ? bell.case_id : "none", rows[i].case_id ? rows[i].case_id : "none");
        CHECK_INT(rows[i].name, bell.read, true);
    }
    arena_free(s.arena);
}

static void a_number_is_one_of_ours(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t n;
    } rows[] = {
        { "1", 1 }, { "2147483647", 2147483647 }, { "2147483648", 0 }, { "9223372036854775807", 0 },
        { "9223372036854775808", 0 }, { "99999999999999999999999999", 0 }, { "-1", 0 },
        { "-9223372036854775808", 0 }, { "0", 0 }, { "01", 0 }, { "+1", 0 }, { " 1", 0 }, { "1 ", 0 },
        { "1.0", 0 }, { "1e3", 0 }, { "0x1", 0 }, { "\xef\xbc\x91", 0 }, { "", 0 }, { LONG_201, 0 },
    };
    struct scope s = { .arena = arena_new() };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].text, read(&s, &(struct said){ "ce_caseseq", rows[i].text, -1 }, 1).n, rows[i].n);
    arena_free(s.arena);
}

static void a_time_is_one_that_we_can_write(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t at;
    } rows[] = {
        { "2026-11-24T09:12:33.123Z", 1795511553123000 }, { "1969-12-31T23:59:59Z", -SECOND_US },
        { "0000-01-01T00:00:00Z", 0 }, { "9999-12-31T23:59:59-23:59", 0 }, { "99999-01-01T00:00:00Z", 0 },
        { "infinity", 0 }, { "2026-02-30T00:00:00Z", 0 }, { "1795511553", 0 }, { "", 0 },
    };
    struct scope s = { .arena = arena_new() };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].text, read(&s, &(struct said){ "ce_time", rows[i].text, -1 }, 1).at, rows[i].at);
    arena_free(s.arena);
}

static void no_headers_say_nothing(void **state)
{
    (void)state;
    struct scope s = { .arena = arena_new() };
    struct bell bell = { 0 };
    bell_read_headers(&s, NULL, &bell);
    CHECK_INT("nothing", bell.read && !bell.type && !bell.case_id && !bell.n && !bell.at, true);
    arena_free(s.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_case_has_one_name),
                                        cmocka_unit_test(a_number_is_one_of_ours),
                                        cmocka_unit_test(a_time_is_one_that_we_can_write),
                                        cmocka_unit_test(no_headers_say_nothing) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
