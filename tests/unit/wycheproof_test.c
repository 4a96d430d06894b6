/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Wycheproof's vectors for signed texts and key sets (tests/vectors/wycheproof/, from
 * github.com/C2SP/wycheproof at dac1dd4729fd, Apache-2.0): what they call valid is taken where its
 * algorithm is one of ours and refused for that where it is not; the rest is refused.
 */
#include "tests/unit/table.h"

#include "common/base/base64.h"
#include "common/token/jose.h"
#include "common/token/jws.h"
#include "common/token/key_set.h"

#define VECTORS "tests/vectors/wycheproof/"
#define ALL (1u << JWS_RS256 | 1u << JWS_ES256 | 1u << JWS_PS256)

/* A key that no vector is signed with, so that a set with none but foreign keys is a set. */
#define BYSTANDER                                                                              \
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"bystander\","                                 \
    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","                                   \
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"

struct tally {
    int seen, taken, refused[TOKEN_FAULT_COUNT];
};

/* The group's key or key set with the bystander. */
static struct key_set *keys_of(struct scope *s, const json_t *group)
{
    json_t *key = json_object_get(group, "public");
    if (!key)
        key = json_object_get(group, "private"); /* a MAC has no other */
    json_t *list = json_object_get(key, "keys");
    list = list ? json_copy(list) : json_pack("[O]", key);
    json_array_append_new(list, json_loads(BYSTANDER, 0, NULL));
    json_t *set = json_pack("{s: o}", "keys", list);
    char *text = json_dumps(set, 0);
    struct key_set *keys = NULL;
    enum problem p = key_set_parse(s, text, strlen(text), &keys);
    CHECK_TEXT(json_string_value(json_object_get(group, "comment")), problem_name(p), "OK");
    arena_release_foreign(text);
    json_decref(set);
    return keys;
}

/* Ours to verify by what the header says; a header that can't be read says nothing. */
static bool is_ours(struct scope *s, const char *jws)
{
    struct bytes text;
    bool repeats;
    return base64url_decode(s->arena, jws, strcspn(jws, "."), &text) &&
           jws_algorithm_named(json_member_text(json_object_decode(s, text, &repeats), "alg")) !=
               JWS_ALGORITHM_COUNT;
}

/* 372 puts a question mark into a header: its file takes what RFC 7515 forbids. */
static enum token_fault fault_of_foreign(json_int_t id)
{
    return id == 372 ? TOKEN_ENCODING : TOKEN_ALGORITHM;
}

static void check_vector(struct scope *s, const struct key_set *keys, const json_t *test,
                         struct tally *tally)
{
    const char *jws = json_member_text(test, "jws");
    json_int_t id = json_integer_value(json_object_get(test, "tcId"));
    const char *name = arena_printf(s->arena, "tcId %lld, %s", (long long)id,
                                    json_member_text(test, "comment"));
    bool valid = strcmp(json_member_text(test, "result"), "valid") == 0, ours = is_ours(s, jws);
    enum token_fault fault = TOKEN_GOOD;
    struct bytes payload;
    enum problem p = jws_open(s, ALL, keys, jws, strlen(jws), &fault, &payload);
    CHECK_TEXT(name, problem_name(p), valid && ours ? "OK" : "UNAUTHENTICATED");
    CHECK_INT(name, fault != TOKEN_GOOD, p != OK);
    if (valid && !ours)
        CHECK_TEXT(name, token_fault_name(fault), token_fault_name(fault_of_foreign(id)));
    tally->seen++;
    tally->taken += p == OK;
    tally->refused[fault] += p != OK;
}

static struct tally check_file(const char *path)
{
    struct tally tally = { 0 };
    size_t i, k;
    json_t *group, *test, *file = json_load_file(path, 0, NULL);
    json_array_foreach(json_object_get(file, "testGroups"), i, group)
    {
        struct scope s = { .arena = arena_new() };
        struct key_set *keys = keys_of(&s, group);
        json_array_foreach(json_object_get(group, "tests"), k, test)
            check_vector(&s, keys, test, &tally);
        key_set_free(keys);
        arena_free(s.arena);
    }
    CHECK_INT(path, json_integer_value(json_object_get(file, "numberOfTests")), tally.seen);
    json_decref(file);
    return tally;
}

static void signed_texts(void **state)
{
    (void)state;
    struct tally tally = check_file(VECTORS "json_web_signature_test.json");
    CHECK_INT("vectors", tally.seen, 401);
    CHECK_INT("taken", tally.taken, 16);
    CHECK_INT("for their algorithm", tally.refused[TOKEN_ALGORITHM], 63);
    CHECK_INT("for their signature", tally.refused[TOKEN_SIGNATURE], 287);
}

static void key_sets(void **state)
{
    (void)state;
    struct tally tally = check_file(VECTORS "json_web_key_test.json");
    CHECK_INT("vectors", tally.seen, 26);
    CHECK_INT("taken", tally.taken, 1);
    CHECK_INT("for their algorithm", tally.refused[TOKEN_ALGORITHM], 15);
    CHECK_INT("for their key", tally.refused[TOKEN_UNFIT_KEY], 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(signed_texts), cmocka_unit_test(key_sets) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
