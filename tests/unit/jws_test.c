/* SPDX-License-Identifier: EUPL-1.2 */
/* A token has one spelling, and a signature is good for that one alone. */

/* Each part of a good token with something before or behind it. */
#include "tests/unit/table.h"

#include "common/base/base64.h"
#include "common/base/bytes.h"
#include "common/time/calendar.h"
#include "common/token/key_set.h"
#include "common/token/token.h"
#include "tests/unit/issuer.h"
#include "tests/unit/signer.h"

static void texts(void **state)
{
    static const struct {
        const char *name;
        int part; /* 0-2 */
        const char *before, *behind;
        enum token_fault want;
    } rows[] = {
        { "as it is", 0, "", "", TOKEN_GOOD },
        { "a part more", 2, "", ".", TOKEN_NOT_COMPACT },
        { "a part before", 0, ".", "", TOKEN_NOT_COMPACT },
        { "five parts", 2, "..", "", TOKEN_ENCRYPTED },
        { "six parts", 2, "", "...", TOKEN_NOT_COMPACT },
        { "a blank before", 0, " ", "", TOKEN_ENCODING },
        { "a line break behind", 2, "", "\n", TOKEN_ENCODING },
        { "a padded header", 0, "", "=", TOKEN_ENCODING },
        { "padded claims", 1, "", "=", TOKEN_ENCODING },
        { "a padded signature", 2, "", "==", TOKEN_ENCODING },
        { "a blank in the claims", 1, " ", "", TOKEN_ENCODING },
        { "a character of plain base64", 1, "+", "", TOKEN_ENCODING },
        { "another one", 2, "/", "", TOKEN_ENCODING },
        { "a question mark", 1, "", "?", TOKEN_ENCODING },
        { "a letter of another alphabet", 1, "ø", "", TOKEN_ENCODING },
        { "bytes before the signature", 2, "AAAA", "", TOKEN_SIGNATURE },
        { "bytes behind the signature", 2, "", "AA", TOKEN_SIGNATURE },
        { "two tokens at once", 2, "", ",e30.e30.e30", TOKEN_ENCRYPTED },
    };
    struct issuer *issuer = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *a = arena_new();
        struct buffer b = buffer_new(a);
        const char *at = ec_token(a, issuer, GOOD_CLAIMS);
        for (int part = 0; part < 3; part++) {
            size_t length = strcspn(at, ".");
            buffer_text(&b, part ? "." : "");
            buffer_text(&b, part == rows[i].part ? rows[i].before : "");
            buffer_add(&b, at, length);
            buffer_text(&b, part == rows[i].part ? rows[i].behind : "");
            at += length + 1;
        }
        check(issuer, rows[i].name, b.text, rows[i].want);
        arena_free(a);
    }
}

/* Signed as it stands, so that nothing but the spelling is wrong. */
static void unused_bits_are_not_set(void **state)
{
    struct issuer *issuer = *state;
    struct arena *a = arena_new();
    const char *claims_twice[] = { "{\"a\":1}", "{\"a\":12}" };
    for (size_t i = 0; i < ROWS(claims_twice); i++) {
        char *text = arena_printf(a, "%s.%s", base64url_encode(a, EC_HEADER, strlen(EC_HEADER)),
                                  base64url_encode(a, claims_twice[i], strlen(claims_twice[i])));
        text[strlen(text) - 1]++;
        check(issuer, text, signer_sign(a, &issuer->signer, JWS_ES256, text), TOKEN_ENCODING);
    }
    arena_free(a);
}

/* Whatever is changed or cut, it is no token any more. */
static void every_change_is_refused(void **state)
{
    struct issuer *issuer = *state;
    struct arena *a = arena_new();
    const char *token = ec_token(a, issuer, GOOD_CLAIMS);
    struct scope s = { .arena = a, .now = NOW * SECOND_US };
    for (size_t i = 0; token[i]; i++) {
        struct token out = { 0 };
        char *text = arena_strdup(a, token);
        CHECK_INT("cut", token_verify(&s, &rules, issuer->keys, text, i, &out),
                  PROBLEM_UNAUTHENTICATED);
        text[i] = text[i] == 'Q' ? 'g' : 'Q';
        CHECK_INT(text, token_verify(&s, &rules, issuer->keys, text, strlen(text), &out),
                  PROBLEM_UNAUTHENTICATED);
        CHECK_INT(text, out.claims == NULL, true);
    }
    arena_free(a);
}

/* A signature that is a number with a nought before is one only with it, however OpenSSL reads it. */
static void a_leading_nought_belongs_to_the_signature(void **state)
{
    struct issuer *issuer = *state;
    struct arena *a = arena_new();
    const char *header = "{\"alg\":\"PS256\",\"kid\":\"ps\"}";
    struct scope s = { .arena = a };
    struct bytes signature = { (const unsigned char *)"\x01", 1 };
    char *token = NULL, *last = NULL;
    while (signature.data[0] != 0) { /* one in 256: its salt is another each time */
        token = arena_strdup(a, signer_token(a, &issuer->signer, JWS_PS256, header, GOOD_CLAIMS));
        last = strrchr(token, '.') + 1;
        assert_true(base64url_decode(s.arena, last, strlen(last), &signature));
    }
    check(issuer, "with it", token, TOKEN_GOOD);
    *last = '\0';
    check(issuer, "without", arena_printf(a, "%s%s", token, base64url_encode(a, signature.data + 1, 255)), TOKEN_SIGNATURE);
    arena_free(a);
}

static void another_issuers_signature_is_refused(void **state)
{
    struct issuer *issuer = *state;
    struct signer other = signer_new();
    struct arena *a = arena_new();
    check(issuer, "EC", signer_token(a, &other, JWS_ES256, EC_HEADER, GOOD_CLAIMS), TOKEN_SIGNATURE);
    check(issuer, "RSA",
          signer_token(a, &other, JWS_RS256, "{\"alg\":\"RS256\",\"kid\":\"rsa\"}", GOOD_CLAIMS),
          TOKEN_SIGNATURE);
    arena_free(a);
    signer_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(unused_bits_are_not_set),
        cmocka_unit_test(every_change_is_refused),
        cmocka_unit_test(a_leading_nought_belongs_to_the_signature),
        cmocka_unit_test(another_issuers_signature_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
