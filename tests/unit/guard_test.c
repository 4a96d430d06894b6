/* SPDX-License-Identifier: EUPL-1.2 */
/* What the guard refuses, and what the form parser makes of bytes. */
#include "tests/unit/table.h"

#include "common/http/guard.h"
#include "common/http/message.h"
#include "common/http/pairs.h"

#define HOST "Host: localhost\r\n"
#define GET_WITH(lines) "GET / HTTP/1.1\r\n" HOST lines "\r\n"
#define POST_WITH(lines) "POST / HTTP/1.1\r\n" HOST lines "\r\n"
#define RAW(text) text, sizeof(text) - 1

static const struct {
    const char *name, *head;
    size_t head_length;
    enum problem want;
    size_t length; /* of the body */
} rows[] = {
    { "a plain request", RAW(GET_WITH("")), OK, 0 },
    { "with a body", RAW(POST_WITH("Content-Length: 10\r\n")), OK, 10 },
    { "exactly the limit", RAW(POST_WITH("Content-Length: 1000\r\n")), OK, 1000 },
    { "over the limit", RAW(POST_WITH("Content-Length: 1001\r\n")), PROBLEM_TOO_LARGE, 0 },
    { "nine digits", RAW(POST_WITH("Content-Length: 100000000\r\n")), PROBLEM_TOO_LARGE, 0 },
    { "letters in the length", RAW(POST_WITH("Content-Length: 5abc\r\n")), PROBLEM_MALFORMED, 0 },
    { "a sign in the length", RAW(POST_WITH("Content-Length: +5\r\n")), PROBLEM_MALFORMED, 0 },
    { "an empty length", RAW(POST_WITH("Content-Length:\r\n")), PROBLEM_MALFORMED, 0 },
    { "two lengths", RAW(POST_WITH("Content-Length: 5\r\ncontent-length: 5\r\n")), PROBLEM_MALFORMED, 0 },
    { "transfer encoding", RAW(POST_WITH("Transfer-Encoding: identity\r\n")), PROBLEM_MALFORMED, 0 },
    { "no host", RAW("GET / HTTP/1.1\r\nAccept: */*\r\n\r\n"), PROBLEM_MALFORMED, 0 },
    { "no host, and none is asked of 1.0", RAW("GET / HTTP/1.0\r\n\r\n"), OK, 0 },
    { "a host in 1.0", RAW("GET / HTTP/1.0\r\nHost: a\r\n\r\n"), OK, 0 },
    { "two hosts in 1.0", RAW("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"), PROBLEM_MALFORMED, 0 },
    { "two hosts", RAW(GET_WITH(HOST)), PROBLEM_MALFORMED, 0 },
    { "an empty host", RAW("GET / HTTP/1.1\r\nHost:\r\n\r\n"), OK, 0 },
    { "an empty host in 1.0", RAW("GET / HTTP/1.0\r\nHost: \r\n\r\n"), OK, 0 },
    { "two empty hosts", RAW("GET / HTTP/1.1\r\nHost:\r\nHost:\r\n\r\n"), PROBLEM_MALFORMED, 0 },
    { "a host with a port", RAW("GET / HTTP/1.1\r\nHost: a:8080\r\n\r\n"), OK, 0 },
    { "a port that is not told", RAW("GET / HTTP/1.1\r\nHost: a:\r\n\r\n"), OK, 0 },
    { "a port that is none", RAW("GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"), PROBLEM_MALFORMED, 0 },
    { "a host of two ports", RAW("GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n"), PROBLEM_MALFORMED, 0 },
    { "brackets that do not end", RAW("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"), PROBLEM_MALFORMED, 0 },
    { "a host of two words", RAW("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), PROBLEM_MALFORMED, 0 },
    { "a host with a path", RAW("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), PROBLEM_MALFORMED, 0 },
    { "a host that is an address", RAW("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"), OK, 0 },
    { "two who prove themselves", RAW(GET_WITH("Authorization: a\r\nAuthorization: b\r\n")), PROBLEM_MALFORMED, 0 },
    { "two cookies' lines", RAW(GET_WITH("Cookie: a=1\r\nCookie: b=2\r\n")), OK, 0 },
    { "a header name with a blank", RAW(GET_WITH("A b: x\r\n")), PROBLEM_MALFORMED, 0 },
    { "a blank before the colon", RAW(GET_WITH("A : x\r\n")), PROBLEM_MALFORMED, 0 },
    { "a tab before the colon", RAW(GET_WITH("A\t: x\r\n")), PROBLEM_MALFORMED, 0 },
    { "a line that begins with a colon", RAW(POST_WITH(": y\r\nTransfer-Encoding: chunked\r\n")), PROBLEM_MALFORMED, 0 },
    { "a line that begins with a blank", RAW(POST_WITH(" y: z\r\nTransfer-Encoding: chunked\r\n")), PROBLEM_MALFORMED, 0 },
    { "a line that begins with a byte over 126", RAW(POST_WITH("\xe6: y\r\nTransfer-Encoding: chunked\r\n")), PROBLEM_MALFORMED, 0 },
    { "a first line that is folded", RAW("GET / HTTP/1.1\r\n Host: a\r\n\r\n"), PROBLEM_MALFORMED, 0 },
    { "a value that goes on in the next line", RAW(GET_WITH("A: x\r\n y\r\n")), PROBLEM_MALFORMED, 0 },
    { "a line that is no header", RAW(GET_WITH("nothing\r\n")), PROBLEM_MALFORMED, 0 },
    { "a line feed alone", RAW(GET_WITH("A: x\nB: y\r\n")), PROBLEM_MALFORMED, 0 },
    { "a return alone", RAW(GET_WITH("A: x\rB: y\r\n")), PROBLEM_MALFORMED, 0 },
    { "line feeds alone all through", RAW("GET / HTTP/1.1\nHost: a\n\n"), PROBLEM_MALFORMED, 0 },
    { "a NUL in a value", RAW(GET_WITH("A: x\0y\r\n")), PROBLEM_MALFORMED, 0 },
    { "a control byte in a value", RAW(GET_WITH("A: x\x01\r\n")), PROBLEM_MALFORMED, 0 },
    { "a tab in a value", RAW(GET_WITH("A: x\ty\r\n")), OK, 0 },
    { "letters of the world in a value", RAW(GET_WITH("A: \xc3\xa6\r\n")), OK, 0 },
    { "an empty value", RAW(GET_WITH("A:\r\n")), OK, 0 },
    { "an empty line before", RAW("\r\n" GET_WITH("")), OK, 0 },
    { "a blank before", RAW(" " GET_WITH("")), PROBLEM_MALFORMED, 0 },
    { "%00 in the path", RAW("GET /a%00b HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "lines in the path", RAW("GET /a%0d%0ab HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "half an escape", RAW("GET /a%2 HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "bytes that are no text", RAW("GET /%ff HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "an absolute target", RAW("GET http://x/ HTTP/1.1\r\n" HOST "\r\n"), OK, 0 },
    { "an absolute target in 1.0, and no host", RAW("GET http://x/ HTTP/1.0\r\n\r\n"), OK, 0 },
    { "an absolute target and an empty host", RAW("GET http://x/ HTTP/1.1\r\nHost:\r\n\r\n"), OK, 0 },
    { "an absolute target and no host", RAW("GET http://x/ HTTP/1.1\r\n\r\n"), PROBLEM_MALFORMED, 0 },
    { "an absolute target without a path", RAW("GET https://x:8080?a HTTP/1.1\r\n" HOST "\r\n"), OK, 0 },
    { "an absolute target of an address", RAW("GET HTTP://[::1]:80/ HTTP/1.1\r\n" HOST "\r\n"), OK, 0 },
    { "an absolute target without a host", RAW("GET http:///a HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "an absolute target of a port alone", RAW("GET http://:80/a HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "an absolute target with who asks", RAW("GET http://me@x/ HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "an absolute target of another kind", RAW("GET ftp://x/ HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "an absolute target with %00", RAW("GET http://x/%00 HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "a target that is no path", RAW("GET a HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "two blanks", RAW("GET  / HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "a version to come is 1.1", RAW("GET / HTTP/1.2\r\n" HOST "\r\n"), OK, 0 },
    { "and has a host", RAW("GET / HTTP/1.9\r\n\r\n"), PROBLEM_MALFORMED, 0 },
    { "version 2.0", RAW("GET / HTTP/2.0\r\n" HOST "\r\n"), PROBLEM_VERSION, 0 },
    { "version 0.9", RAW("GET / HTTP/0.9\r\n\r\n"), PROBLEM_VERSION, 0 },
    { "a version of two digits", RAW("GET / HTTP/1.10\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "a version of one", RAW("GET / HTTP/1\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "HTTP in small letters", RAW("GET / http/1.1\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "an expectation that is not known", RAW(POST_WITH("Expect: foo\r\nContent-Length: 5\r\n")), PROBLEM_EXPECTATION, 0 },
    { "one of two", RAW(POST_WITH("Expect: 100-continue, foo\r\nContent-Length: 5\r\n")), PROBLEM_EXPECTATION, 0 },
    { "one of two, on a line of its own", RAW(POST_WITH("Expect: 100-continue\r\nExpect: foo\r\nContent-Length: 5\r\n")), PROBLEM_EXPECTATION, 0 },
    { "the known one with a parameter", RAW(POST_WITH("Expect: 100-continue;a=b\r\nContent-Length: 5\r\n")), PROBLEM_EXPECTATION, 0 },
    { "without a body too", RAW(GET_WITH("Expect: foo\r\n")), PROBLEM_EXPECTATION, 0 },
    { "the known one twice", RAW(POST_WITH("Expect: 100-continue,, 100-Continue\r\nContent-Length: 5\r\n")), OK, 5 },
    { "nothing is expected", RAW(POST_WITH("Expect: ,\r\nContent-Length: 5\r\n")), OK, 5 },
    { "1.0 expects nothing", RAW("POST / HTTP/1.0\r\nExpect: foo\r\nContent-Length: 5\r\n\r\n"), OK, 5 },
    { "no version", RAW("GET /\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
    { "the preface of HTTP/2", RAW("PRI * HTTP/2.0\r\n\r\n"), PROBLEM_VERSION, 0 },
    { "a method that we do not know", RAW("PROPFIND / HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_NOT_IMPLEMENTED, 0 },
    { "BREW", RAW("BREW / HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_NOT_IMPLEMENTED, 0 },
    { "TRACE", RAW("TRACE / HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_NOT_IMPLEMENTED, 0 },
    { "a method is spelt in capitals", RAW("get / HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_NOT_IMPLEMENTED, 0 },
    { "OPTIONS of all", RAW("OPTIONS * HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_NOT_IMPLEMENTED, 0 },
    { "CONNECT", RAW("CONNECT a:443 HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_NOT_IMPLEMENTED, 0 },
    { "a method that is no token", RAW("G@T / HTTP/1.1\r\n" HOST "\r\n"), PROBLEM_MALFORMED, 0 },
};

static void every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *a = arena_new();
        struct head head = { 0 };
        CHECK_INT(rows[i].name, guard_length(rows[i].head, rows[i].head_length), rows[i].head_length);
        CHECK_INT(rows[i].name, guard_head(a, rows[i].head, rows[i].head_length, 1000, &head), rows[i].want);
        if (!rows[i].want)
            CHECK_INT(rows[i].name, head.body_length, rows[i].length);
        arena_free(a);
    }
}

static void what_a_head_says(void **state)
{
    (void)state;
    static const char text[] = "POST /s%C3%B8k/a%2Fb?x=%41 HTTP/1.1\r\nHost: a\r\nX-One: \t one two \t\r\nexpect: 100-Continue\r\nContent-Length: 3\r\n\r\n";
    struct arena *a = arena_new();
    struct head head = { 0 };
    CHECK_INT("read", guard_head(a, text, sizeof(text) - 1, 10, &head), OK);
    CHECK_TEXT("method", head.method, "POST");
    CHECK_TEXT("path", head.path, "/søk/a/b");
    CHECK_TEXT("query", head.query, "x=%41");
    CHECK_TEXT("a name as it came", head.headers[1].name, "X-One");
    CHECK_TEXT("a value without the blanks around it", head.headers[1].value, "one two");
    CHECK_INT("headers", head.count, 4);
    CHECK_INT("it waits to be asked for its body", head.expects, true);
    arena_free(a);
}

static void what_a_whole_address_says(void **state)
{
    (void)state;
    static const struct {
        const char *head, *path, *query, *host;
        size_t count;
    } whole[] = {
        { "GET http://b:81/x%41?y HTTP/1.1\r\nA: b\r\nHost: a\r\n\r\n", "/xA", "y", "b:81", 2 },
        { "GET http://b HTTP/1.1\r\nHost:\r\n\r\n", "/", "", "b", 1 },
        { "GET http://b?y=http://c/ HTTP/1.1\r\nhost: a\r\n\r\n", "/", "y=http://c/", "b", 1 },
        { "GET http://b/ HTTP/1.0\r\nA: b\r\n\r\n", "/", "", "b", 2 },
    };
    for (size_t i = 0; i < ROWS(whole); i++) {
        struct arena *a = arena_new();
        struct head head = { 0 };
        CHECK_INT(whole[i].head, guard_head(a, whole[i].head, strlen(whole[i].head), 10, &head), OK);
        const struct http_request request = { .headers = head.headers, .header_count = head.count };
        CHECK_TEXT(whole[i].head, head.path, whole[i].path);
        CHECK_TEXT(whole[i].head, head.query, whole[i].query);
        CHECK_TEXT("its host stands in for Host", http_header(&request, "Host"), whole[i].host);
        CHECK_INT(whole[i].head, head.count, whole[i].count);
        arena_free(a);
    }
}

/* A head is over at the first empty line, however few bytes come at a time. */
static void a_head_that_comes_in_pieces(void **state)
{
    (void)state;
    static const char text[] = GET_WITH("A: b\r\n") "body";
    size_t whole = sizeof(text) - 1 - strlen("body");
    for (size_t n = 0; n < sizeof(text); n++)
        CHECK_INT("length", guard_length(text, n), n < whole ? 0 : whole);
}

/* Civetweb drops what is behind the 64th header: so many are refused long before. */
static void many_headers(void **state)
{
    (void)state;
    for (int count = 46; count <= 70; count++) {
        struct arena *a = arena_new();
        struct head head = { 0 };
        struct buffer b = buffer_new(a);
        buffer_text(&b, "GET / HTTP/1.1\r\n" HOST);
        for (int i = 1; i < count; i++)
            buffer_printf(&b, "X-%d: a\r\n", i);
        buffer_text(&b, "\r\n");
        CHECK_INT("so many", guard_head(a, b.text, b.length, 0, &head), count <= 47 ? OK : PROBLEM_MALFORMED);
        arena_free(a);
    }
}

static void forms(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        size_t length;
        const char *a; /* the value of a; NULL = refused */
        const char *faults; /* of what was no text */
    } forms[] = {
        { "plain", "a=1&b=2", 7, "1", "" },          { "plus is a blank", "a=x+y", 5, "x y", "" },
        { "escaped", "a=%C3%A6", 8, "æ", "" },       { "CR LF", "a=x%0D%0Ay", 10, "x\ny", "" },
        { "a lone CR", "a=x%0Dy", 7, "x\ny", "" },   { "empty", "a=", 2, "", "" },
        { "no value", "a", 1, "", "" },              { "bad escape", "a=%G1", 5, "%G1", "/a format;" },
        { "cut escape", "a=%1", 4, "%1", "/a format;" },       { "escaped NUL", "a=x%00y", 7, "xy", "/a format;" },
        { "a NUL", "a=1\0b", 5, "1b", "/a format;" },          { "ill-formed", "a=x%FFy", 7, "xy", "/a format;" },
        { "half a pair", "a=x%ED%A0%80y", 13, "xy", "/a format;" }, { "overlong", "a=%C0%AFy", 9, "y", "/a format;" },
        { "cut", "a=x%E2%82", 9, "x", "/a format;" },    { "a lone %", "a=100%", 6, "100%", "/a format;" },
        { "NUL between CR and LF", "a=x%0D%00%0Ay", 13, "x\ny", "/a format;" },
        { "another field's", "a=x&b=%00", 9, "x", "/b format;" },
        { "a name that is no text", "a=x&b%00=1", 10, NULL, "" }, { "a name that is ill-formed", "a=x&%FF=1", 9, NULL, "" },
        { "the first counts", "a=1&a=2", 7, "1", "" },
    };
    for (size_t i = 0; i < ROWS(forms); i++) {
        struct scope s = { .arena = arena_new() };
        struct pairs pairs = { 0 };
        enum problem p = pairs_parse(&s, forms[i].text, forms[i].length, &pairs);
        CHECK_INT(forms[i].name, p, forms[i].a ? OK : PROBLEM_MALFORMED);
        struct buffer b = buffer_new(s.arena);
        for (const struct field_error *e = s.errors; e; e = e->next)
            buffer_printf(&b, "%s %s;", e->pointer, fault_name(e->fault));
        CHECK_TEXT(forms[i].name, b.text, forms[i].faults);
        if (forms[i].a)
            CHECK_TEXT(forms[i].name, pairs_get(&pairs, "a"), forms[i].a);
        arena_free(s.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_row), cmocka_unit_test(what_a_head_says),
                                        cmocka_unit_test(what_a_whole_address_says),
                                        cmocka_unit_test(a_head_that_comes_in_pieces), cmocka_unit_test(many_headers),
                                        cmocka_unit_test(forms) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
