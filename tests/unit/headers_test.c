/* SPDX-License-Identifier: EUPL-1.2 */
/* What the headers that we read mean (RFC 9110, RFC 6265), as others write them. */
#include "tests/unit/table.h"

#include "common/api/admit.h"
#include "common/api/api_private.h"
#include "common/api/match.h"
#include "common/base/address.h"
#include "common/http/cookie.h"
#include "common/http/guard.h"
#include "common/http/http_private.h"

static void content_types(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool want;
    } rows[] = {
        { "application/json", true },
        { "Application/JSON", true },
        { "application/json; charset=utf-8", true },
        { "application/json;charset=UTF-8", true },
        { "application/json ; charset=\"utf-8\"", true },
        { "application/json; charset=utf8", true },
        { "application/json; charset=us-ascii", true },
        { "application/json; charset=\"US-ASCII\"", true },
        { "application/json; charset=ascii", true },
        { "application/json; charset=ANSI_X3.4-1968", true },
        { "application/json; charset=", true },
        { "application/json; charset=\"\"", true },
        { "application/json; charset=utf-8x", false },
        { "application/json; charset=utf-7", false },
        { "application/json; charset=utf-32", false },
        { "application/json; charset=windows-1252", false },
        { "application/json; charset=ebcdic-no", false },
        { "application/json; v=1", true },
        { "application/json; v=\"a;b\"; charset=utf-8", true },
        { "application/json;", true },
        { "application/json; charset=iso-8859-1", false },
        { "application/json; v=1; charset=utf-16", false },
        { "application/jsonx", false },
        { "application/json-patch+json", false },
        { "text/plain", false },
        { "application/json, text/plain", false },
        { "", false },
        { NULL, false },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].header ? rows[i].header : "none", is_content_type(rows[i].header, "application/json"), rows[i].want);
}

static void qualities(void **state)
{
    (void)state;
    static const struct {
        const char *accept;
        int json, html;
        bool asks_for_html;
    } rows[] = {
        { NULL, 1000, 1000, false },
        { "", 1000, 1000, false },
        { "*/*", 1000, 1000, false },
        { "text/html", 0, 1000, true },
        { "TEXT/HTML", 0, 1000, true },
        { "text/*", 0, 1000, true },
        { "application/json", 1000, 0, false },
        { "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", 800, 1000, true },
        { "text/html;level=1;q=0.3, application/json;q=0.5", 500, 300, false },
        { "application/json;q=0, */*", 0, 1000, false },
        { "*/*, application/json;q=0.1, application/problem+json;q=0.1", 100, 1000, true },
        { "text/html;q=0", 0, 0, false },
        { "text/html ; Q=0.8 , application/json ; q=0.9", 900, 800, false },
        { "text/html;q=0.5;x=\"q=1, application/json\"", 0, 500, true },
        { "text/html;q=x", 0, 0, false },
        { "text/html;q=1.5", 0, 0, false },
        { ",, ,text/html", 0, 1000, true },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const char *name = rows[i].accept ? rows[i].accept : "none";
        CHECK_INT(name, quality_of(rows[i].accept, "application/json"), rows[i].json);
        CHECK_INT(name, quality_of(rows[i].accept, "text/html"), rows[i].html);
        CHECK_INT(name, asks_for_html(rows[i].accept), rows[i].asks_for_html);
    }
}

static void languages(void **state)
{
    (void)state;
    static const struct {
        const char *accept;
        enum language want;
    } rows[] = {
        { NULL, NB }, { "", NB }, { "nn", NN }, { "NN-no", NN }, { "en-GB,en;q=0.9", EN }, { "no", NB },
        { "sv, en;q=0.5", EN }, { "nn;q=0.5, en;q=0.9", EN }, { "en;q=0, nn;q=0.1", NN }, { "en;q=0", NB },
        { "*", NB }, { "*;q=0.5, en;q=0.1", NB }, { "nn\t;\tq=1.0", NN }, { "english", NB }, { "fr", NB }, { "nno", NB },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].accept ? rows[i].accept : "none", language_of(rows[i].accept), rows[i].want);
}

static void matches(void **state)
{
    (void)state;
    static const struct {
        const char *match;
        bool want;
    } rows[] = {
        { "\"5\"", true },   { "*", true },          { "\"1\", \"5\"", true }, { "\"1\",\"5\"", true }, { "\"1\",, \"5\" ", true },
        { "\"05\"", false }, { "\"5 \"", false },    { "5", false },           { "W/\"5\"", false },    { "\"1\", W/\"5\"", false },
        { "\"55\"", false }, { "\"1, 5\"", false }, { "", false },            { NULL, false },         { "\"5\"x", false },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].match ? rows[i].match : "none", match_names(rows[i].match, "\"5\""), rows[i].want);
}

static void cookies(void **state)
{
    (void)state;
    static const struct guard_header headers[] = {
        { "Cookie", "theme=dark; a=1" }, { "Accept", "*/*" }, { "cookie", "__Host-tillit=secret;\tb=2" },
    };
    struct arena *a = arena_new();
    struct http_request request = { .headers = headers, .header_count = ROWS(headers) };
    const char *all = http_header_list(a, &request, "Cookie", "; ");
    CHECK_TEXT("in the second of two lines", cookie_find(a, all, "__Host-tillit"), "secret");
    CHECK_TEXT("behind a tab", cookie_find(a, all, "b"), "2");
    CHECK_TEXT("in the first", cookie_find(a, all, "a"), "1");
    assert_null(cookie_find(a, all, "c"));
    assert_null(http_header_list(a, &request, "If-Match", ", "));
    arena_free(a);
}

static void who_sent_it(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct guard_header headers[3];
        bool want;
    } rows[] = {
        { "what is no browser", { { "Host", "a.no" } }, true },
        { "our page in a browser of today", { { "Host", "a.no" }, { "Origin", "null" }, { "Sec-Fetch-Site", "same-origin" } }, true },
        { "our page in Safari 15 or Firefox 88", { { "Host", "a.no" }, { "Origin", "null" } }, true },
        { "our page, and it says so", { { "Host", "a.no" }, { "Origin", "https://a.no" } }, true },
        { "our page with a port", { { "Host", "A.no:8080" }, { "Origin", "http://a.no:8080" } }, true },
        { "another's page", { { "Host", "a.no" }, { "Origin", "https://b.no" } }, false },
        { "a page whose host ends so", { { "Host", "a.no" }, { "Origin", "https://x.a.no" } }, false },
        { "another port", { { "Host", "a.no" }, { "Origin", "https://a.no:8443" } }, false },
        { "a site beside ours", { { "Host", "a.no" }, { "Origin", "null" }, { "Sec-Fetch-Site", "same-site" } }, false },
        { "another's page today", { { "Host", "a.no" }, { "Origin", "null" }, { "Sec-Fetch-Site", "cross-site" } }, false },
        { "an origin that is none", { { "Host", "a.no" }, { "Origin", "a.no" } }, false },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct http_request http = { .headers = rows[i].headers };
        while (http.header_count < 3 && rows[i].headers[http.header_count].name)
            http.header_count++;
        CHECK_INT(rows[i].name, api_own_site(&(struct request){ .http = &http }), rows[i].want);
    }
}

static void traces(void **state)
{
    (void)state;
#define TRACE "-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "00" TRACE, "00" TRACE },
        { "01" TRACE, "00" TRACE },
        { "cc" TRACE "-what-comes-later", "00" TRACE },
        { "00" TRACE "-more", "new" },
        { "01" TRACE "more", "new" },
        { "ff" TRACE, "new" },
        { "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", "new" },
        { "00-00000000000000000000000000000000-b7ad6b7169203331-01", "new" },
        { "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", "new" },
        { "00", "new" },
        { "", "new" },
        { NULL, "new" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *a = arena_new();
        const char *got = http_trace(a, rows[i].text);
        CHECK_TEXT(rows[i].text ? rows[i].text : "none", got ? got : "new", rows[i].want);
        arena_free(a);
    }
}

static void where_to_listen(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        { "127.0.0.1:8080", true },    { "[::1]:8080", true },   { "localhost:1", true },  { "tillit.example.no:65535", true },
        { "::1:8080", false },         { "[::1]", false },       { "[127.0.0.1]:1", false }, { "[::1]8080", false },
        { "127.0.0.1:0", false },      { "127.0.0.1:65536", false }, { "127.0.0.1", false }, { ":8080", false },
        { "127.0.0.1:80a", false },    { "[]:80", false },       { "[::1:80", false },     { "", false },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].text, !address_fault(rows[i].text), rows[i].good);
    CHECK_INT("two proxies", addresses_are_sound("192.0.2.1, 2001:db8::1"), true);
    CHECK_INT("a proxy that is misspelt", addresses_are_sound("192.0.2.1, 192.0.2.300"), false);
    CHECK_INT("a proxy with a port", addresses_are_sound("192.0.2.1:80"), false);
    CHECK_INT("two without a comma", addresses_are_sound("192.0.2.1 192.0.2.2"), false);
}

static void where_both_listen(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other;
        bool want;
    } rows[] = {
        { "127.0.0.1:8080", "127.0.0.1:8080", true }, { "127.0.0.1:8080", "127.0.0.1:8081", false },
        { "0.0.0.0:8080", "127.0.0.1:8080", true },   { "127.0.0.1:8080", "*:8080", true },
        { "localhost:8080", "127.1:8080", true },     { "0:8080", "127.0.0.1:8081", false },
        { "127.0.0.1:8080", "127.0.0.2:8080", false }, { "127.0.0.1:8080", "[::1]:8080", false },
        { "127.0.0.1:80", "127.0.0.1:080", true },
    };
    static const struct {
        const char *text, *want;
    } olds[] = { { "*:8080", "0.0.0.0:8080" }, { "0:8080", "0.0.0.0:8080" }, { "127.1:8080", "127.0.0.1:8080" }, { "[::1]:8080", NULL } };
    struct arena *a = arena_new();
    const char *why = NULL;
    for (size_t i = 0; i < ROWS(rows); i++) {
        CHECK_INT(rows[i].one, addresses_overlap(a, rows[i].one, rows[i].other), rows[i].want);
        CHECK_INT(rows[i].one, addresses_overlap(a, rows[i].other, rows[i].one), rows[i].want);
    }
    for (size_t i = 0; i < ROWS(olds); i++)
        CHECK_TEXT(olds[i].text, address_old(a, olds[i].text) ? address_old(a, olds[i].text) : "none", olds[i].want ? olds[i].want : "none");
    static const char *const nobodys[] = { "255.255.255.255:8080", "224.0.0.1:8080", "[ff02::1]:8080", "192.0.2.1:8080" };
    for (size_t i = 0; i < ROWS(nobodys); i++)
        CHECK_INT(nobodys[i], address_listen(a, nobodys[i], true, &why), -1);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_types), cmocka_unit_test(qualities),   cmocka_unit_test(languages),
        cmocka_unit_test(matches),       cmocka_unit_test(cookies),     cmocka_unit_test(who_sent_it),
        cmocka_unit_test(where_to_listen), cmocka_unit_test(where_both_listen), cmocka_unit_test(traces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
