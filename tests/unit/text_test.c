/* SPDX-License-Identifier: EUPL-1.2 */
/* The formats of texts, and what counts as blank. */
#include "tests/unit/table.h"

#include "common/record.h"

#define SIXTY "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void formats(void **state)
{
    (void)state;
    static const struct {
        enum format format;
        const char *text;
        bool good;
    } rows[] = {
        { FORMAT_ANY, "", true },
        { FORMAT_UUID, "018f4a2e-7b1c-7def-8123-456789abcdef", true },
        { FORMAT_UUID, "018F4A2E-7B1C-7DEF-8123-456789ABCDEF", false },
        { FORMAT_DATE, "2026-11-24", true },
        { FORMAT_DATE, "2026-02-31", true }, /* the look is right; that there is no such day is FAULT_DATE */
        { FORMAT_DATE, "24.11.2026", false },
        { FORMAT_DATE, "2026-11-24 ", false },
        { FORMAT_TIME, "2026-11-24T09:12:33.123Z", true },
        { FORMAT_TIME, "2026-11-24T10:12:33+01:00", true },
        { FORMAT_TIME, "2026-11-24T10:12:33", false },
        { FORMAT_CODE, "case.received-2_x", true },
        { FORMAT_CODE, "", false },
        { FORMAT_CODE, "a b", false },
        { FORMAT_CODE, SIXTY "aaaa", true },
        { FORMAT_CODE, SIXTY "aaaaa", false },
        { FORMAT_MUNICIPALITY, "4627", true },
        { FORMAT_MUNICIPALITY, "462", false },
        { FORMAT_MUNICIPALITY, "46270", false },
        { FORMAT_POSTAL_CODE, "0150", true },
        { FORMAT_POSTAL_CODE, "O150", false },
        { FORMAT_PHONE, "+47 900 00 000", true },
        { FORMAT_PHONE, "02800", true },
        { FORMAT_PHONE, "0280", false },
        { FORMAT_PHONE, "+", false },
        { FORMAT_PHONE, "90000000+47", false },
        { FORMAT_PHONE, "+12345678901234567890", true },
        { FORMAT_PHONE, "123456789012345678901", false },
        { FORMAT_EMAIL, "a@b", true },
        { FORMAT_EMAIL, "kari.o'nordmann+x@post.example.no", true },
        { FORMAT_EMAIL, ".a..b.@example.no", true }, /* as HTML has it */
        { FORMAT_EMAIL, "a@" SIXTY "aaa.no", true },
        { FORMAT_EMAIL, "a@" SIXTY "aaaa.no", false },
        { FORMAT_EMAIL, "@example.no", false },
        { FORMAT_EMAIL, "a@", false },
        { FORMAT_EMAIL, "a", false },
        { FORMAT_EMAIL, "a@b@c", false },
        { FORMAT_EMAIL, "a@-b.no", false },
        { FORMAT_EMAIL, "a@b-.no", false },
        { FORMAT_EMAIL, "a@b..no", false },
        { FORMAT_EMAIL, "a@b.no.", false },
        { FORMAT_EMAIL, "a b@c.no", false },
        { FORMAT_EMAIL, "å@c.no", false },
        { FORMAT_NATIONAL_ID, "12345678901", true },
        { FORMAT_NATIONAL_ID, "1234567890", false },
        { FORMAT_NATIONAL_ID, "123456 78901", false },
        { FORMAT_ORGANISATION, "964338442", true },      { FORMAT_ORGANISATION, "96433844", false },
        { FORMAT_ORGANISATION, "964 338 442", false },   { FORMAT_CLOCK, "00:00", true },
        { FORMAT_CLOCK, "23:59", true },                 { FORMAT_CLOCK, "24:00", false },
        { FORMAT_CLOCK, "09:60", false },                { FORMAT_CLOCK, "9:00", false },
        { FORMAT_CLOCK, "09.00", false },                { FORMAT_COLOUR, "#12405c", true },
        { FORMAT_COLOUR, "#12405C", false },             { FORMAT_COLOUR, "#124", false },
        { FORMAT_COLOUR, "12405c", false },              { FORMAT_WEB, "https://www.askoy.kommune.no", true },
        { FORMAT_WEB, "http://127.0.0.1:18090/askoy", true }, { FORMAT_WEB, "https://", false },
        { FORMAT_WEB, "https:///x", false },             { FORMAT_WEB, "ftp://a.no", false },
        { FORMAT_WEB, "javascript:alert(1)", false },    { FORMAT_WEB, "https://a.no/\"x", false },
        { FORMAT_WEB, "https://a.no/<x>", false },       { FORMAT_WEB, "https://a b.no", false },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].text, text_has_format(rows[i].text, rows[i].format), rows[i].good);
}

static void blanks(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        bool blank;
    } rows[] = {
        { "NULL", NULL, true },          { "empty", "", true },           { "spaces", "  ", true },
        { "newlines", "\r\n\t", true },  { "no-break space", " \xc2\xa0", true }, { "a letter", "  a ", false },
        { "starts alike", "\xc2\xa1", false }, { "cut", "\xc2", false },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].name, text_blank(rows[i].text), rows[i].blank);
}

static void characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t count;
    } rows[] = { { "", 0 }, { "abc", 3 }, { "æøå", 3 }, { "🙂", 1 }, { "e\xcc\x81", 2 } };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].text, text_characters(rows[i].text), rows[i].count);
}

static void lists(void **state)
{
    (void)state;
    static const struct {
        const char *name, *list, *item;
        char between;
        bool has;
    } rows[] = {
        { "alone", "4627", "4627", ',', true },
        { "first", "4627,4601", "4627", ',', true },
        { "last", "4601,4627", "4627", ',', true },
        { "in the middle", "a b c", "b", ' ', true },
        { "not there", "4601,4602", "4627", ',', false },
        { "only begins so", "46270,4601", "4627", ',', false },
        { "only ends so", "14627", "4627", ',', false },
        { "another separator", "4627 4601", "4627", ',', false },
        { "behind an empty item", ",,4627", "4627", ',', true },
        { "two items are none", "a,b", "a,b", ',', false },
        { "nothing", "a,,b", "", ',', false },
        { "no item", "a,b", NULL, ',', false },
        { "an empty list", "", "a", ',', false },
        { "no list", NULL, "a", ',', false },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].name, text_lists(rows[i].list, rows[i].between, rows[i].item), rows[i].has);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(formats), cmocka_unit_test(blanks),
                                        cmocka_unit_test(characters), cmocka_unit_test(lists) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
