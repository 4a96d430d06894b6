/* SPDX-License-Identifier: EUPL-1.2 */
/* What the guard refuses, and what the form parser makes of bytes. */
#include "tests/unit/table.h"

#include "common/guard.h"
#include "common/http.h"

#define HOST { "Host", "localhost" }

static const struct {
    const char *name, *method, *target;
    struct guard_header headers[4];
    size_t count;
    enum problem want;
    size_t length;
} rows[] = {
    { "a plain request", "GET", "/", { HOST }, 1, OK, 0 },
    { "with a body", "POST", "/", { HOST, { "Content-Length", "10" } }, 2, OK, 10 },
    { "exactly the limit", "POST", "/", { HOST, { "Content-Length", "1000" } }, 2, OK, 1000 },
    { "over the limit", "POST", "/", { HOST, { "Content-Length", "1001" } }, 2, PROBLEM_TOO_LARGE, 0 },
    { "nine digits", "POST", "/", { HOST, { "Content-Length", "100000000" } }, 2, PROBLEM_TOO_LARGE, 0 },
    { "letters in the length", "POST", "/", { HOST, { "Content-Length", "5abc" } }, 2, PROBLEM_MALFORMED, 0 },
    { "a sign in the length", "POST", "/", { HOST, { "Content-Length", "+5" } }, 2, PROBLEM_MALFORMED, 0 },
    { "an empty length", "POST", "/", { HOST, { "Content-Length", "" } }, 2, PROBLEM_MALFORMED, 0 },
    { "two lengths", "POST", "/", { HOST, { "Content-Length", "5" }, { "content-length", "5" } }, 3, PROBLEM_MALFORMED, 0 },
    { "transfer encoding", "POST", "/", { HOST, { "Transfer-Encoding", "identity" } }, 2, PROBLEM_MALFORMED, 0 },
    { "no host", "GET", "/", { { "Accept", "*/*" } }, 1, PROBLEM_MALFORMED, 0 },
    { "two hosts", "GET", "/", { HOST, HOST }, 2, PROBLEM_MALFORMED, 0 },
    { "an empty host", "GET", "/", { { "Host", "" } }, 1, PROBLEM_MALFORMED, 0 },
    { "a header name with a blank", "GET", "/", { HOST, { "A b", "x" } }, 2, PROBLEM_MALFORMED, 0 },
    { "a control byte in a value", "GET", "/", { HOST, { "A", "x\x01" } }, 2, PROBLEM_MALFORMED, 0 },
    { "%00 in the path", "GET", "/a%00b", { HOST }, 1, PROBLEM_MALFORMED, 0 },
    { "an absolute target", "GET", "http://x/", { HOST }, 1, PROBLEM_MALFORMED, 0 },
    { "a method that we do not know", "PROPFIND", "/", { HOST }, 1, PROBLEM_NOT_IMPLEMENTED, 0 },
    { "OPTIONS", "OPTIONS", "/", { HOST }, 1, PROBLEM_NOT_IMPLEMENTED, 0 },
};

static void every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        size_t length = 0;
        CHECK_INT(rows[i].name,
                  guard_check(&(struct guarded){ rows[i].method, rows[i].target, rows[i].headers,
                                                 rows[i].count, 1000 }, &length),
                  rows[i].want);
        if (!rows[i].want)
            CHECK_INT(rows[i].name, length, rows[i].length);
    }
}

static void forms(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        size_t length;
        const char *a; /* the value of a; NULL = refused */
    } forms[] = {
        { "plain", "a=1&b=2", 7, "1" },          { "plus is a blank", "a=x+y", 5, "x y" },
        { "escaped", "a=%C3%A6", 8, "æ" },       { "CR LF", "a=x%0D%0Ay", 10, "x\ny" },
        { "a lone CR", "a=x%0Dy", 7, "x\ny" },   { "empty", "a=", 2, "" },
        { "no value", "a", 1, "" },              { "bad escape", "a=%G1", 5, NULL },
        { "cut escape", "a=%1", 4, NULL },       { "escaped NUL", "a=%00", 5, NULL },
        { "a NUL", "a=1\0b", 5, NULL },          { "ill-formed", "a=%FF", 5, NULL },
        { "the first counts", "a=1&a=2", 7, "1" },
    };
    for (size_t i = 0; i < ROWS(forms); i++) {
        struct scope s = { .arena = arena_new() };
        struct pairs pairs = { 0 };
        enum problem p = pairs_parse(&s, forms[i].text, forms[i].length, &pairs);
        CHECK_INT(forms[i].name, p, forms[i].a ? OK : PROBLEM_MALFORMED);
        if (forms[i].a)
            CHECK_TEXT(forms[i].name, pairs_get(&pairs, "a"), forms[i].a);
        arena_free(s.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_row), cmocka_unit_test(forms) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
