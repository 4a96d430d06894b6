/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef TESTS_UNIT_ISSUER_H
#define TESTS_UNIT_ISSUER_H
/* A signer whose key set is known, rules that its tokens meet, and a check of one token. */
#include "tests/unit/table.h"

#include "common/base/arena.h"
#include "common/problem/scope.h"
#include "common/time/calendar.h"
#include "common/token/token.h"
#include "tests/unit/signer.h"

enum { NOW = 1800000000 };

#define ALL (1u << JWS_RS256 | 1u << JWS_ES256 | 1u << JWS_PS256)
#define ISSUER "https://idporten.no"
#define GOOD_CLAIMS "{\"iss\":\"" ISSUER "\",\"aud\":\"tillit\",\"exp\":1800000060}"
#define EC_HEADER "{\"alg\":\"ES256\",\"kid\":\"ec\"}"

static const struct token_rules rules = { .issuer = ISSUER, .audience = "tillit", .algorithms = ALL };

struct issuer {
    struct signer signer;
    struct key_set *keys;
    bool met[TOKEN_FAULT_COUNT]; /* what its tokens were refused for */
};

static inline int set_up(void **state)
{
    struct scope s = { .arena = arena_new() };
    struct issuer *issuer = test_calloc(1, sizeof(*issuer));
    issuer->signer = signer_new();
    const char *text = signer_key_set(s.arena, &issuer->signer);
    enum problem p = key_set_parse(&s, text, strlen(text), &issuer->keys);
    arena_free(s.arena);
    *state = issuer;
    return (int)p;
}

static inline int tear_down(void **state)
{
    struct issuer *issuer = *state;
    key_set_free(issuer->keys);
    signer_free(&issuer->signer);
    test_free(issuer);
    return 0;
}

/* Verifies, and checks that a refusal says nothing but its fault. */
static inline void check_within(struct issuer *issuer, const char *name,
                                const struct token_rules *under, const char *text, size_t length,
                                enum token_fault want)
{
    struct scope s = { .arena = arena_new(), .now = NOW * SECOND_US };
    struct token token = { 0 };
    enum problem p = token_verify(&s, under, issuer->keys, text, length, &token);
    CHECK_TEXT(name, token_fault_name(token.fault), token_fault_name(want));
    CHECK_TEXT(name, problem_name(p), want ? "UNAUTHENTICATED" : "OK");
    CHECK_INT(name, json_is_object(token.claims), want == TOKEN_GOOD);
    CHECK_INT(name, s.detail || s.errors, false);
    issuer->met[want] = true;
    arena_free(s.arena);
}

static inline void check(struct issuer *issuer, const char *name, const char *text,
                         enum token_fault want)
{
    check_within(issuer, name, &rules, text, strlen(text), want);
}

static inline const char *ec_token(struct arena *a, const struct issuer *issuer, const char *said)
{
    return signer_token(a, &issuer->signer, JWS_ES256, EC_HEADER, said);
}

#endif
