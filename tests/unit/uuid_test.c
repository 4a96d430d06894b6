/* SPDX-License-Identifier: EUPL-1.2 */
/* Ids, and the reference that a person reads over the telephone. */
#include "tests/unit/table.h"

#include <sodium.h>

#include "common/base/arena.h"
#include "common/base/uuid.h"
#include "common/time/instant.h"

static void parses(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        { "018f4a2e-7b1c-7def-8123-456789abcdef", true },
        { "018F4A2E-7B1C-7DEF-8123-456789ABCDEF", true },
        { "018f4a2e7b1c7def8123456789abcdef", false },
        { "018f4a2e-7b1c-7def-8123-456789abcde", false },
        { "018f4a2e-7b1c-7def-8123-456789abcdef0", false },
        { "018f4a2e-7b1c-7def-8123-456789abcdeg", false },
        { "018f4a2e-7b1c-7def-81234-56789abcdef", false },
        { "------------------------------------", false },
        { "", false },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].text, uuid_parse(rows[i].text, NULL), rows[i].good);
    CHECK_INT("NULL", uuid_parse(NULL, NULL), false);
}

static void new_ids_hold_their_time(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    int64_t now = 0;
    assert_true(instant_parse("2026-11-24T09:12:33.123Z", &now));
    for (int i = 0; i < 100; i++) {
        unsigned char id[16];
        const char *text = uuid_v7(a, now);
        CHECK_INT(text, uuid_parse(text, id), true);
        CHECK_INT("version", id[6] >> 4, 7);
        CHECK_INT("variant", id[8] >> 6, 2);
        int64_t ms = 0;
        for (int k = 0; k < 6; k++)
            ms = ms << 8 | id[k];
        CHECK_INT("milliseconds", ms, now / 1000);
        CHECK_INT("none is less than the least", strcmp(uuid_v7_least(a, now), text) <= 0, true);
        CHECK_INT("the least of the next millisecond", strcmp(text, uuid_v7_least(a, now + 1000)) < 0, true);
        CHECK_INT("a later one sorts after", strcmp(text, uuid_v7(a, now + 1000)) < 0, true);
        CHECK_INT("another of the same instant", strcmp(text, uuid_v7(a, now)) != 0, true);
    }
    arena_free(a);
}

static void references(void **state)
{
    (void)state;
    static const struct {
        const char *id, *reference;
    } rows[] = {
        { "01890000-0000-7000-8000-ff0000000000", "T-000000000" },
        { "01890000-0000-7000-8000-000000000001", "T-000000011" },
        { "01890000-0000-7000-8000-00000000001e", "T-0000000YY" },
        { "01890000-0000-7000-8000-00000000001f", "T-0000000Z0" },
        { "01890000-0000-7000-8000-00ffffffffff", "T-ZZZZZZZZ0" },
        { "01890000-0000-7000-8000-008000000000", "T-G0000000G" },
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < ROWS(rows); i++) {
        CHECK_TEXT(rows[i].id, reference_from_case(a, rows[i].id), rows[i].reference);
        CHECK_INT(rows[i].reference, reference_valid(rows[i].reference), true);
    }
    arena_free(a);
}

static void references_that_were_misread(void **state)
{
    (void)state;
    static const char *const rows[] = { "",            "T-",          "T-000000012", "T-0000000Y0", "T-00000001",
                                        "T-0000000110", "t-000000011", "X-000000011", "T-00000I011", "T-0000000yy" };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i], reference_valid(rows[i]), false);
}

/* How one reference is written, said and pasted; what is no sign of it stands between. */
static void references_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *what, *typed;
        enum reference_reading want;
        const char *reference;
    } rows[] = {
        { "as it is", "T-0R10000LG", REFERENCE_MISREAD, "T-0R100001G" },
        { "O for 0 and I for 1", "T-OOOOOOOII", REFERENCE_READ, "T-000000011" },
        { "L for 1, small letters", "t-oooooooll", REFERENCE_READ, "T-000000011" },
        { "no hyphen", "T000000011", REFERENCE_READ, "T-000000011" },
        { "nothing before it", "000000011", REFERENCE_READ, "T-000000011" },
        { "in brackets", "(T-000000011)", REFERENCE_READ, "T-000000011" },
        { "in quotes, with a comma", "\u00abT-000000011\u00bb,", REFERENCE_READ, "T-000000011" },
        { "with a colon, strokes within", "T:0000/0001/1", REFERENCE_READ, "T-000000011" },
        { "hyphens everywhere", "T-0000-0001-1", REFERENCE_READ, "T-000000011" },
        { "NBSP, thin and ideographic blanks", "T\u00a00000\u20090001\u30001", REFERENCE_READ, "T-000000011" },
        { "other dashes", "T\u20130000\u20110001\u22121", REFERENCE_READ, "T-000000011" },
        { "what nobody sees", "\u202aT-0000\u200b00\u00ad011\u202c\ufeff", REFERENCE_READ, "T-000000011" },
        { "full-width signs", "\uff34\uff0d\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff11\uff11", REFERENCE_READ, "T-000000011" },
        { "with the sentence's full stop", " T-000000011.\n", REFERENCE_READ, "T-000000011" },
        { "another check letter", "T-000000012", REFERENCE_MISREAD, "T-000000012" },
        { "another sign", "T-000000021", REFERENCE_MISREAD, "T-000000021" },
        { "a second T", "TT00000010", REFERENCE_MISREAD, "T-T00000010" },
        { "a sign too few", "T-00000001", REFERENCE_NONE, NULL },
        { "a sign too many", "T-0000000111", REFERENCE_NONE, NULL },
        { "no sign of ours", "T-00000U011", REFERENCE_NONE, NULL },
        { "a letter of another script", "T-0000000\u04301", REFERENCE_NONE, NULL },
        { "a number of eleven digits", "01010112345", REFERENCE_NONE, NULL },
        { "a name", "Kari Nordmann", REFERENCE_NONE, NULL },
        { "nothing", "", REFERENCE_NONE, NULL },
        { "no text at all", NULL, REFERENCE_NONE, NULL },
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < ROWS(rows); i++) {
        char *read = NULL;
        CHECK_INT(rows[i].what, reference_read(a, rows[i].typed, &read), rows[i].want);
        if (rows[i].reference)
            CHECK_TEXT(rows[i].what, read, rows[i].reference);
    }
    arena_free(a);
}

/* Any reference, with anything that is no sign of it put in anywhere, is itself. */
static void references_with_anything_between(void **state)
{
    (void)state;
    static const char *const between[] = { "", "", "", " ", "-", ".", "\t", "\n", "\u00a0", "\u00ad", "\u2003", "\u200d", "\u2010", "\u2014",
                                           "\u202e", "\u2060", "\u2212", "\ufe0f", "\ufeff", "\U000e0041" };
    struct arena *a = arena_new();
    for (int i = 0; i < 2000; i++) {
        char *reference = reference_from_case(a, uuid_v7(a, i)), *read = NULL;
        struct buffer typed = buffer_new(a);
        for (const char *at = reference; *at; at++) {
            char sign = *at == '0' && randombytes_uniform(2)   ? 'o'
                        : *at == '1' && randombytes_uniform(2) ? "iIlL"[randombytes_uniform(4)]
                        : *at >= 'A' && randombytes_uniform(2) ? (char)(*at | 0x20)
                                                               : *at;
            buffer_printf(&typed, "%s%c", between[randombytes_uniform(ROWS(between))], sign);
        }
        CHECK_INT(typed.text, reference_read(a, typed.text, &read), REFERENCE_READ);
        CHECK_TEXT(typed.text, read, reference);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(parses), cmocka_unit_test(new_ids_hold_their_time),
                                        cmocka_unit_test(references),
                                        cmocka_unit_test(references_that_were_misread),
                                        cmocka_unit_test(references_as_people_write_them),
                                        cmocka_unit_test(references_with_anything_between) };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
