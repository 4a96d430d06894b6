/* SPDX-License-Identifier: EUPL-1.2 */
/* base64url: one spelling of any bytes, and nothing else is read. */
#include "tests/unit/table.h"

#include "common/base/base64.h"
#include "common/token/jose.h"

static void spellings(void **state)
{
    (void)state;
    static const struct {
        const char *text, *bytes; /* bytes NULL: refused */
    } rows[] = {
        { "", "" },           { "Zg", "f" },         { "Zm8", "fo" },       { "Zm9v", "foo" },
        { "Zm9vYg", "foob" }, { "Zm9vYmE", "fooba" }, { "Zm9vYmFy", "foobar" }, { "-_-_", "\xfb\xff\xbf" },
        { "A", NULL },        { "Zm9vA", NULL },     { "Zg==", NULL },      { "Zm8=", NULL },
        { "Zh", NULL },       { "Zv", NULL },        { "Zm9", NULL },       { "Zm+v", NULL },
        { "Zm/v", NULL },     { "Zm9v\n", NULL },    { " Zm9v", NULL },     { "Zm 9v", NULL },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = { .arena = arena_new() };
        struct bytes out = { 0 };
        bool good = base64url_decode(s.arena, rows[i].text, strlen(rows[i].text), &out);
        CHECK_INT(rows[i].text, good, rows[i].bytes != NULL);
        CHECK_INT(rows[i].text, out.length, rows[i].bytes ? strlen(rows[i].bytes) : 0);
        if (good)
            CHECK_TEXT(rows[i].text, (const char *)out.data, rows[i].bytes);
        arena_free(s.arena);
    }
}

static void the_alphabet_has_64_bytes(void **state)
{
    (void)state;
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int byte = 0; byte < 256; byte++)
        for (int place = 0; place < 4; place++) {
            struct scope s = { .arena = arena_new() };
            struct bytes out;
            char text[] = "AAAA";
            text[place] = (char)byte;
            CHECK_INT(text, base64url_decode(s.arena, text, 4, &out), memchr(alphabet, byte, 64) != NULL);
            arena_free(s.arena);
        }
}

static void objects(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool object, repeats;
    } rows[] = {
        { "{}", true, false },
        { "{\"a\":{\"a\":[1,{\"a\":null}]}}", true, false },
        { "{\"a\":1,\"a\":1}", false, true },
        { "{\"a\":{\"b\":1,\"b\":2}}", false, true },
        { "{\"a\":1,\"\\u0061\":1}", false, true },
        { "[]", false, false },
        { "\"a\"", false, false },
        { "", false, false },
        { "{\"a\":1,}", false, false },
        { "{\"a\":\"\\u0000\"}", false, false },
        { "{\"a\":\"\\ud800\"}", false, false },
        { "{\"a\":01}", false, false },
        { "{} {}", false, false },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = { .arena = arena_new() };
        bool repeats = false;
        const struct bytes text = { (const unsigned char *)rows[i].text, strlen(rows[i].text) };
        CHECK_INT(rows[i].text, json_object_decode(&s, text, &repeats) != NULL, rows[i].object);
        CHECK_INT(rows[i].text, repeats, rows[i].repeats);
        CHECK_INT(rows[i].text, s.errors || s.detail, false);
        arena_free(s.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(spellings),
                                        cmocka_unit_test(the_alphabet_has_64_bytes),
                                        cmocka_unit_test(objects) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
