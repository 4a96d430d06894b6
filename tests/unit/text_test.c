/* SPDX-License-Identifier: EUPL-1.2 */
/* The formats of texts, and what counts as blank. */
#include "tests/unit/table.h"

#include "common/base/arena.h"
#include "common/base/text.h"
#include "common/base/text_same.h"
#include "common/record/format.h"

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
        { "zero-width space", "\u200b", true },  { "ideographic space", "\u3000", true },
        { "Ogham space", "\u1680", true },       { "em space", "\u2003", true },
        { "line separator", "\u2028", true },    { "narrow no-break space", "\u202f", true },
        { "mathematical space", "\u205f", true },{ "byte order mark", "\ufeff", true },
        { "soft hyphen", "\xc2\xad", true },    { "direction marks", "\u202a\u202c\u2066\u2069\u200e", true },
        { "joiners", "\u200c\u200d", true },    { "word joiner", "\u2060", true },
        { "Hangul filler", "\u3164", true },     { "Braille without dots", "\u2800", true },
        { "variation selector", "\ufe0f", true },{ "a tag", "\U000e0041", true },
        { "Mongolian vowel separator", "\u180e", true },
        { "a family", "👨\u200d👩\u200d👧", false }, { "Persian with its joiner", "می\u200cخواهم", false },
        { "interlinear marks", "\ufff9\ufffa\ufffb", true }, { "the place of an object", "\ufffc", true },
        { "a note without a head", "\U0001d159", true }, { "joiners of hieroglyphs", "\U00013430\U0001343f", true },
        { "blank hieroglyphs", "\U00013441\U00013442", true }, { "a hieroglyph", "\U00013000\U00013430\U00013000", false },
        { "a sign over a number", "\u0600", false }, { "the end of a verse", "\u06dd", false },
        { "a letter between marks", "\u202aa\u202c", false }, { "an accent alone", "\u0301", false },
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

/* Rows of Unicode's NormalizationTest.txt, and names. */
static void alike(void **state)
{
    (void)state;
    static const struct {
        const char *name, *one, *other;
        bool same;
    } rows[] = {
        { "nothing", NULL, NULL, true },
        { "nothing and something", NULL, "", false },
        { "the same bytes", "Åse", "Åse", true },
        { "plain and other", "Ase", "Åse", false },
        { "a name, NFC and NFD", "Åse Sørbø-Pérez", "A\u030ase Sørbø-Pe\u0301rez", true },
        { "Angstrom's sign", "\u212bse", "A\u030ase", true },
        { "Sami", "Čáŋž", "C\u030ca\u0301ŋz\u030c", true },
        { "ø has no parts", "ø", "o\u0338", false },
        { "1E0C 0307", "\u1e0c\u0307", "D\u0323\u0307", true },
        { "1E0A 0323", "\u1e0a\u0323", "D\u0323\u0307", true },
        { "0044 031B 0323 0307", "D\u0307\u0323\u031b", "D\u031b\u0323\u0307", true },
        { "two marks of a class do not change places", "a\u0301\u0300", "a\u0300\u0301", false },
        { "Vietnamese, three to one", "\u1ec7", "e\u0323\u0302", true },
        { "Greek, four to one", "\u1f82", "\u03b1\u0313\u0300\u0345", true },
        { "Cyrillic", "\u0419", "\u0418\u0306", true },
        { "Ohm", "\u2126", "\u03a9", true },
        { "Devanagari that is never composed", "\u0958", "\u0915\u093c", true },
        { "Hangul", "\uac01", "\u1100\u1161\u11a8", true },
        { "Hangul, half", "\uac00\u11a8", "\uac01", true },
        { "the last syllable", "\ud7a3", "\u1112\u1175\u11c2", true },
        { "compatible is not the same", "\ufb01", "fi", false },
        { "capitals", "é", "É", false },
        { "ill-formed", "\xc3", "\xc3", true },
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < ROWS(rows); i++) {
        CHECK_INT(rows[i].name, text_same(a, rows[i].one, rows[i].other), rows[i].same);
        CHECK_INT(rows[i].name, text_same(a, rows[i].other, rows[i].one), rows[i].same);
    }
    arena_free(a);
}

/* Every code point is written as it was read. */
static void points(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    for (int32_t point = 1; point < 0x110000; point += point == 0xd7ff ? 0x801 : 1) {
        struct buffer b = buffer_new(a);
        text_put(&b, point);
        const char *at = b.text;
        if (text_next(&at) != point || *at)
            fail_msg("U+%04X is read otherwise than it is written", (unsigned)point);
        if (point % 4096 == 0)
            arena_reset(a);
    }
    arena_free(a);
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
    const struct CMUnitTest tests[] = { cmocka_unit_test(formats), cmocka_unit_test(blanks), cmocka_unit_test(alike), cmocka_unit_test(points),
                                        cmocka_unit_test(characters), cmocka_unit_test(lists) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
