/* SPDX-License-Identifier: EUPL-1.2 */
/* What a key set may hold: keys taken, left out, and kept as unfit; and what is no key set. */

/* RFC 7515 A.2 and A.3: a modulus of 2048 bits, a point of P-256. */
#include "tests/unit/table.h"

#include "common/base/base64.h"
#include "common/token/key_set.h"
#include "tests/unit/signer.h"

#define N                                                                                      \
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0" \
    "Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXnd" \
    "S5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJ" \
    "H7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
#define X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"

#define RSA(n, e, more) "{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"" n "\",\"e\":\"" e "\"" more "}"
#define EC(x, y, more)                                                                         \
    "{\"kty\":\"EC\",\"kid\":\"a\",\"crv\":\"P-256\",\"x\":\"" x "\",\"y\":\"" y "\"" more "}"
#define SET(keys) "{\"keys\":[" keys "]}"

#define RS (1u << JWS_RS256)
#define PS (1u << JWS_PS256)
#define ES (1u << JWS_ES256)
#define UNFIT (1u << JWS_ALGORITHM_COUNT)

/* The bits of a key as key_set_find gives it, UNFIT, or 0 if it was left out. */
static unsigned found(const struct key_set *keys, const char *kid)
{
    const struct public_key *key = key_set_find(keys, kid);
    return !key ? 0 : key->handle ? key->algorithms : UNFIT;
}

/* Each beside a good key, so that the set is one. */
static void keys(void **state)
{
    (void)state;
    static const struct {
        const char *name, *key;
        unsigned want;
    } rows[] = {
        { "RSA", RSA(N, "AQAB", ""), RS | PS },
        { "RSA for RS256", RSA(N, "AQAB", ",\"alg\":\"RS256\",\"use\":\"sig\""), RS },
        { "RSA for PS256", RSA(N, "AQAB", ",\"alg\":\"PS256\""), PS },
        { "P-256", EC(X, Y, ""), ES },
        { "P-256 for ES256", EC(X, Y, ",\"alg\":\"ES256\",\"use\":\"sig\",\"key_ops\":[\"verify\"]"), ES },
        { "with a certificate", RSA(N, "AQAB", ",\"x5c\":[\"AAAA\"],\"x5t\":\"x\",\"iss\":[]"), RS | PS },
        { "a nought before", RSA("AAAA" N, "AAEAAQ", ""), RS | PS },
        { "an exponent of 64 bits", RSA(N, "gAAAAAAAAAE", ""), RS | PS },

        { "for encryption", RSA(N, "AQAB", ",\"use\":\"enc\""), 0 },
        { "use is null", RSA(N, "AQAB", ",\"use\":null"), 0 },
        { "for wrapping", RSA(N, "AQAB", ",\"key_ops\":[\"wrapKey\"]"), 0 },
        { "for nothing", RSA(N, "AQAB", ",\"key_ops\":[]"), 0 },
        { "key_ops is a text", RSA(N, "AQAB", ",\"key_ops\":\"verify\""), 0 },
        { "for RS512", RSA(N, "AQAB", ",\"alg\":\"RS512\""), 0 },
        { "RSA that says ES256", RSA(N, "AQAB", ",\"alg\":\"ES256\""), 0 },
        { "P-256 that says RS256", EC(X, Y, ",\"alg\":\"RS256\""), 0 },
        { "alg is null", EC(X, Y, ",\"alg\":null"), 0 },
        { "another curve", "{\"kty\":\"EC\",\"kid\":\"a\",\"crv\":\"P-384\",\"x\":\"" X "\",\"y\":\"" Y "\"}", 0 },
        { "no curve", "{\"kty\":\"EC\",\"kid\":\"a\",\"x\":\"" X "\",\"y\":\"" Y "\"}", 0 },
        { "a secret", "{\"kty\":\"oct\",\"kid\":\"a\",\"alg\":\"HS256\",\"k\":\"AAAA\"}", 0 },
        { "Ed25519", "{\"kty\":\"OKP\",\"kid\":\"a\",\"crv\":\"Ed25519\",\"x\":\"" X "\"}", 0 },
        { "a type in lower case", "{\"kty\":\"rsa\",\"kid\":\"a\",\"n\":\"" N "\",\"e\":\"AQAB\"}", 0 },
        { "no type", "{\"kid\":\"a\",\"n\":\"" N "\",\"e\":\"AQAB\"}", 0 },
        { "no kid", "{\"kty\":\"RSA\",\"n\":\"" N "\",\"e\":\"AQAB\"}", 0 },
        { "kid is a number", "{\"kty\":\"RSA\",\"kid\":1,\"n\":\"" N "\",\"e\":\"AQAB\"}", 0 },
        { "no object", "\"a\"", 0 },
        { "null", "null", 0 },

        { "e is 1", RSA(N, "AQ", ""), UNFIT },
        { "e is 3", RSA(N, "Aw", ""), UNFIT },
        { "e is even", RSA(N, "AQAC", ""), UNFIT },
        { "e has 65 bits", RSA(N, "AQAAAAAAAAAB", ""), UNFIT },
        { "e is nought", RSA(N, "AA", ""), UNFIT },
        { "no e", "{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"" N "\"}", UNFIT },
        { "n is empty", RSA("", "AQAB", ""), UNFIT },
        { "n is a number", "{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":7,\"e\":\"AQAB\"}", UNFIT },
        { "n is padded", RSA(N "==", "AQAB", ""), UNFIT },
        { "n is plain base64", RSA("+" N, "AQAB", ""), UNFIT },
        { "n is even", RSA(N "AA", "AQAB", ""), UNFIT },
        { "n has 1024 bits",
          RSA("rJBIp6T1YK-RtPyvYqFFlcucqewSAA_IReSFchE8qyiQrbARqRlXWkB2DR8j_pJQnIpYELbQWZC5Cd0PTGAU8rMbar2AW6zp"
              "mBbi7aQf17lUBdt8XI9M9rq7FPVQ1dDdUXm1SVH_9qqWhvMPR422SbfHBEzCAtzK0ANDRo6qz78", "AQAB", ""), UNFIT },
        { "with its private half", EC(X, Y, ",\"d\":\"AAAA\""), UNFIT },
        { "a point beside the curve", EC(X, X, ""), UNFIT },
        { "the point 0, 0", EC("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                               "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ""), UNFIT },
        { "a coordinate past the field", EC("__________________________________________8", Y, ""), UNFIT },
        { "a coordinate of 33 bytes", EC(X, "AMfxRM0bvZt-hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt", ""), UNFIT },
        { "a coordinate of 31 bytes", EC("zc4ncPbEXUGDy-5v20t7WAczNXvp7xO6z248e9FURQ", Y, ""), UNFIT },
        { "no y", "{\"kty\":\"EC\",\"kid\":\"a\",\"crv\":\"P-256\",\"x\":\"" X "\"}", UNFIT },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = { .arena = arena_new() };
        struct key_set *set = NULL;
        const char *text = arena_printf(
            s.arena, SET("{\"kty\":\"EC\",\"kid\":\"good\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y "\"},%s"),
            rows[i].key);
        CHECK_TEXT(rows[i].name, problem_name(key_set_parse(&s, text, strlen(text), &set)), "OK");
        CHECK_INT(rows[i].name, found(set, "a"), rows[i].want);
        CHECK_INT(rows[i].name, found(set, "good"), ES);
        CHECK_INT(rows[i].name, found(set, "") | found(set, "A"), 0);
        key_set_free(set);
        arena_free(s.arena);
    }
}

static void what_is_no_key_set(void **state)
{
    (void)state;
    static const struct {
        const char *text, *detail;
    } rows[] = {
        { "", "the key set is no JSON object with keys" },
        { "<html>", "the key set is no JSON object with keys" },
        { "{}", "the key set is no JSON object with keys" },
        { "[]", "the key set is no JSON object with keys" },
        { "{\"keys\":{}}", "the key set is no JSON object with keys" },
        { SET(EC(X, Y, "")) "x", "the key set is no JSON object with keys" },
        { "{\"keys\":[],\"keys\":[" EC(X, Y, "") "]}", "the key set is no JSON object with keys" },
        { SET(EC(X, Y, ",\"kid\":\"a\"")), "the key set is no JSON object with keys" },
        { SET(""), "the key set has no key that we can use" },
        { SET(EC(X, X, "")), "the key set has no key that we can use" },
        { SET(EC(X, Y, ",\"use\":\"enc\"")), "the key set has no key that we can use" },
        { SET(EC(X, Y, "") "," RSA(N, "AQAB", "")), "two keys of the key set have the same kid" },
        { SET(EC(X, Y, "") "," EC(X, X, "")), "two keys of the key set have the same kid" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = { .arena = arena_new() };
        struct key_set *set = NULL;
        enum problem p = key_set_parse(&s, rows[i].text, strlen(rows[i].text), &set);
        CHECK_TEXT(rows[i].text, problem_name(p), "MALFORMED");
        CHECK_TEXT(rows[i].text, s.detail, rows[i].detail);
        CHECK_INT(rows[i].text, set || s.errors, false);
        arena_free(s.arena);
    }
}

/* A key for another use may share a kid: it is not there. */
static void the_same_kid_for_encryption_is_no_second_key(void **state)
{
    (void)state;
    static const char text[] = SET(EC(X, Y, "") "," RSA(N, "AQAB", ",\"use\":\"enc\""));
    struct scope s = { .arena = arena_new() };
    struct key_set *set;
    assert_int_equal(key_set_parse(&s, text, strlen(text), &set), OK);
    assert_int_equal(found(set, "a"), ES);
    key_set_free(set);
    arena_free(s.arena);
}

static enum problem parse_bytes(size_t length)
{
    static const char text[] = SET(EC(X, Y, ""));
    struct scope s = { .arena = arena_new() };
    struct key_set *set = NULL;
    char *padded = memset(arena_alloc(s.arena, length), ' ', length);
    memcpy(padded, text, strlen(text));
    enum problem p = key_set_parse(&s, padded, length, &set);
    key_set_free(set);
    arena_free(s.arena);
    return p;
}

static enum problem parse_many(int count)
{
    struct scope s = { .arena = arena_new() };
    struct buffer b = buffer_new(s.arena);
    struct key_set *set = NULL;
    buffer_text(&b, "{\"keys\":[" EC(X, Y, ""));
    for (int i = 1; i < count; i++)
        buffer_text(&b, ",{}");
    buffer_text(&b, "]}");
    enum problem p = key_set_parse(&s, b.text, b.length, &set);
    key_set_free(set);
    arena_free(s.arena);
    return p;
}

static void limits(void **state)
{
    (void)state;
    CHECK_INT("bytes", parse_bytes(KEY_SET_LONGEST), OK);
    CHECK_INT("a byte more", parse_bytes(KEY_SET_LONGEST + 1), PROBLEM_MALFORMED);
    CHECK_INT("keys", parse_many(KEY_SET_MOST), OK);
    CHECK_INT("a key more", parse_many(KEY_SET_MOST + 1), PROBLEM_MALFORMED);
}

/* The sizes of RSA keys around the limits. */
static void rsa_has_2048_bits_or_more(void **state)
{
    (void)state;
    static const struct {
        size_t bytes;
        unsigned char first;
        unsigned want;
    } rows[] = { { 256, 0x7f, UNFIT }, { 256, 0x80, RS | PS }, { 1024, 0xff, RS | PS }, { 1025, 0x01, UNFIT } };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = { .arena = arena_new() };
        struct key_set *set = NULL;
        unsigned char *n = memset(arena_alloc(s.arena, rows[i].bytes), 0x55, rows[i].bytes);
        n[0] = rows[i].first;
        const char *text = arena_printf(
            s.arena, SET("{\"kty\":\"EC\",\"kid\":\"good\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y "\"},%s%s%s"),
            "{\"kty\":\"RSA\",\"kid\":\"a\",\"e\":\"AQAB\",\"n\":\"", base64url_encode(s.arena, n, rows[i].bytes), "\"}");
        CHECK_INT("parsed", key_set_parse(&s, text, strlen(text), &set), OK);
        CHECK_INT(arena_printf(s.arena, "%zu bytes from %02x on", rows[i].bytes, rows[i].first),
                  found(set, "a"), rows[i].want);
        key_set_free(set);
        arena_free(s.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys),
        cmocka_unit_test(what_is_no_key_set),
        cmocka_unit_test(the_same_kid_for_encryption_is_no_second_key),
        cmocka_unit_test(limits),
        cmocka_unit_test(rsa_has_2048_bits_or_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
