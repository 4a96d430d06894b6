/* SPDX-License-Identifier: EUPL-1.2 */
/* How often someone may come, and who someone is. */
#include "tests/unit/table.h"

#include "common/http/limit.h"

static void a_bucket(void **state)
{
    (void)state;
    static const struct {
        const char *name, *who;
        int64_t per_minute, at_ms;
        int want; /* seconds to wait */
    } rows[] = {
        { "the first of three", "a", 3, 0, 0 },
        { "the second", "a", 3, 0, 0 },
        { "the third", "a", 3, 10, 0 },
        { "no fourth at once", "a", 3, 20, 20 },
        { "another one is not held back", "b", 3, 20, 0 },
        { "nor one without a limit", "a", 0, 20, 0 },
        { "it is still too early", "a", 3, 19000, 1 },
        { "a token has come", "a", 3, 20000, 0 },
        { "and was taken", "a", 3, 20001, 20 },
        { "who waited for long gets no more than a bucket", "a", 3, 600000, 0 },
        { "two", "a", 3, 600000, 0 },
        { "three", "a", 3, 600000, 0 },
        { "and no more", "a", 3, 600000, 20 },
        { "a clock that stands still gives nothing", "a", 3, 600000, 20 },
    };
    struct limits *limits = limits_new(100);
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].name, limit_take(limits, rows[i].who, rows[i].per_minute, rows[i].at_ms), rows[i].want);
    limits_free(limits);
}

/* A crowd of others fills the table: who is out of tokens stays out of them. */
static void a_full_table_keeps_those_who_are_limited(void **state)
{
    (void)state;
    struct limits *limits = limits_new(64);
    char other[32];
    for (int i = 0; i < 10; i++)
        limit_take(limits, "greedy", 10, 0);
    for (int i = 0; i < 100000; i++) {
        snprintf(other, sizeof(other), "other %d", i);
        CHECK_INT(other, limit_take(limits, other, 10, 0), 0);
    }
    CHECK_INT("greedy", limit_take(limits, "greedy", 10, 0), 6);
    limits_free(limits);
}

static void whose_request_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *name, *peer, *proxies, *forwarded, *want;
    } rows[] = {
        { "as it comes", "203.0.113.7", NULL, NULL, "::ffff:203.0.113.7" },
        { "what anyone may write is not believed", "203.0.113.7", NULL, "198.51.100.1", "::ffff:203.0.113.7" },
        { "nor of another than the proxy", "203.0.113.7", "192.0.2.1", "198.51.100.1", "::ffff:203.0.113.7" },
        { "by way of the proxy", "192.0.2.1", "192.0.2.1", "198.51.100.1", "::ffff:198.51.100.1" },
        { "by way of one of two", "192.0.2.2", "192.0.2.1,192.0.2.2", "198.51.100.1", "::ffff:198.51.100.1" },
        { "the last hop is what the proxy saw", "192.0.2.1", "192.0.2.1", "10.0.0.1, 198.51.100.1", "::ffff:198.51.100.1" },
        { "with blanks", "192.0.2.1", "192.0.2.1", "10.0.0.1 ,  198.51.100.1 ", "::ffff:198.51.100.1" },
        { "with a port", "192.0.2.1", "192.0.2.1", "203.0.113.17:50001", "::ffff:203.0.113.17" },
        { "with a port, by way of this machine", "127.0.0.1", "127.0.0.1", "10.0.0.1, 203.0.113.17:50001", "::ffff:203.0.113.17" },
        { "with a hidden port", "192.0.2.1", "192.0.2.1", "203.0.113.17:_x7", "::ffff:203.0.113.17" },
        { "a new one between brackets", "192.0.2.1", "192.0.2.1", "[2001:db8:1:2:3::4]", "2001:db8:1:2::" },
        { "and with a port", "192.0.2.1", "192.0.2.1", "[2001:db8:1:2:3::4]:50001", "2001:db8:1:2::" },
        { "as RFC 7239 quotes it", "192.0.2.1", "192.0.2.1", "\"[2001:db8:1:2:3::4]:50001\"", "2001:db8:1:2::" },
        { "a new one with nothing around it", "192.0.2.1", "192.0.2.1", "2001:db8:1:2:3::4", "2001:db8:1:2::" },
        { "an old one in new clothes with a port", "192.0.2.1", "192.0.2.1", "[::ffff:203.0.113.7]:1", "::ffff:203.0.113.7" },
        { "the proxy in another spelling", "::ffff:192.0.2.1", " 198.51.100.9 , 192.0.2.1", "198.51.100.1", "::ffff:198.51.100.1" },
        { "a new proxy in another spelling", "2001:db8::1", "2001:DB8:0:0::1", "198.51.100.1", "::ffff:198.51.100.1" },
        { "a proxy that names no address", "192.0.2.1", "192.0.2.1", "unknown", "unreadable" },
        { "on this machine too", "127.0.0.1", "127.0.0.1", "unknown", "unreadable" },
        { "a proxy that names nothing", "127.0.0.1", "127.0.0.1", "", "unreadable" },
        { "brackets that do not end", "127.0.0.1", "127.0.0.1", "[::1", "unreadable" },
        { "an old one between brackets", "127.0.0.1", "127.0.0.1", "[192.0.2.7]:1", "unreadable" },
        { "a port that is none", "127.0.0.1", "127.0.0.1", "192.0.2.7:x", "unreadable" },
        { "nothing behind the colon", "127.0.0.1", "127.0.0.1", "192.0.2.7:", "unreadable" },
        { "something behind the brackets", "127.0.0.1", "127.0.0.1", "[2001:db8::1]x", "unreadable" },
        { "a name", "127.0.0.1", "127.0.0.1", "localhost", "unreadable" },
        { "a proxy that is silent", "192.0.2.1", "192.0.2.1", NULL, "silent" },
        { "a proxy that is silent on this machine", "127.0.0.1", "127.0.0.1", NULL, "silent" },
        { "a new address stands for its network", "2001:db8:1:2:3:4:5:6", NULL, NULL, "2001:db8:1:2::" },
        { "so does its neighbour", "2001:db8:1:2::ffff", NULL, NULL, "2001:db8:1:2::" },
        { "an old one in new clothes", "::ffff:203.0.113.7", NULL, NULL, "::ffff:203.0.113.7" },
        { "this machine", "127.0.0.1", NULL, NULL, NULL },
        { "this machine, newly", "::1", NULL, NULL, NULL },
        { "this machine, mapped", "::ffff:127.0.0.1", NULL, NULL, NULL },
        { "a proxy on this machine", "127.0.0.1", "127.0.0.1", "198.51.100.1", "::ffff:198.51.100.1" },
        { "a header on this machine", "127.0.0.1", NULL, "198.51.100.1", NULL },
        { "no address at all", "somewhere", NULL, NULL, "unreadable" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char text[LIMIT_ADDRESS];
        const char *got = limit_address(rows[i].peer, rows[i].proxies, rows[i].forwarded, NULL, text);
        CHECK_TEXT(rows[i].name, got ? got : "this machine", rows[i].want ? rows[i].want : "this machine");
    }
}

/* As RFC 7239 writes it; of two words for it neither is believed that the other contradicts. */
static void whose_request_forwarded_says_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *forwarded, *forwarded_for, *want;
    } rows[] = {
        { "for=203.0.113.45", NULL, "::ffff:203.0.113.45" },
        { "For=\"203.0.113.45:4711\"", NULL, "::ffff:203.0.113.45" },
        { "for=\"[2001:db8:1:2:3::4]:4711\"", NULL, "2001:db8:1:2::" },
        { "for=[2001:db8:1:2:3::4]", NULL, "2001:db8:1:2::" },
        { "proto=https;for=203.0.113.45;by=192.0.2.1", NULL, "::ffff:203.0.113.45" },
        { "for=203.0.113.45 ; host=\"a;for=b, for=c\"", NULL, "::ffff:203.0.113.45" },
        { "for=10.0.0.1, for=203.0.113.45;proto=https", NULL, "::ffff:203.0.113.45" },
        { "for=10.0.0.1,,for=203.0.113.45;", NULL, "::ffff:203.0.113.45" },
        { "host=\"a\\\"b\", for=203.0.113.45", NULL, "::ffff:203.0.113.45" },
        { "for=203.0.113.45, proto=https", NULL, "unreadable" },
        { "for=unknown", NULL, "unreadable" },
        { "for=_hidden", NULL, "unreadable" },
        { "for=10.0.0.1;for=203.0.113.45", NULL, "unreadable" },
        { "203.0.113.45", NULL, "unreadable" },
        { "for", NULL, "unreadable" },
        { "for=", NULL, "unreadable" },
        { "", NULL, "unreadable" },
        { "for=10.0.0.1;a=\", for=203.0.113.45", NULL, "unreadable" },
        { "for=10.0.0.1;a=\", for=\"[2001:db8::1]\"", NULL, "unreadable" },
        { "for=10.0.0.1;a=\", for=\"[2001:db8::1]\";host=\"b\"", NULL, "unreadable" },
        { "for=203.0.113.45 for=10.0.0.1", NULL, "unreadable" },
        { "for=203.0.113.45", "203.0.113.45:50001", "::ffff:203.0.113.45" },
        { "for=198.51.100.1", "203.0.113.45", "unreadable" },
        { "for=_hidden", "203.0.113.45", "unreadable" },
        { "for=203.0.113.45", "unknown", "unreadable" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char text[LIMIT_ADDRESS];
        CHECK_TEXT(rows[i].forwarded, limit_address("127.0.0.1", "127.0.0.1", rows[i].forwarded_for, rows[i].forwarded, text), rows[i].want);
        assert_null(limit_address("127.0.0.1", NULL, rows[i].forwarded_for, rows[i].forwarded, text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket),
        cmocka_unit_test(a_full_table_keeps_those_who_are_limited),
        cmocka_unit_test(whose_request_it_is),
        cmocka_unit_test(whose_request_forwarded_says_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
