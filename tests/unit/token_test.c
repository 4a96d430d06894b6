/* SPDX-License-Identifier: EUPL-1.2 */
/* Whom a token must come from, for whom and when: every claim and header that is refused. */
#include "tests/unit/table.h"

#include "common/token/key_set.h"
#include "common/token/token.h"
#include "tests/unit/issuer.h"
#include "tests/unit/signer.h"

static void headers(void **state)
{
    static const struct {
        const char *name;
        enum jws_algorithm signed_as;
        const char *header;
        enum token_fault want;
    } rows[] = {
        { "RS256", JWS_RS256, "{\"alg\":\"RS256\",\"kid\":\"rsa\"}", TOKEN_GOOD },
        { "ES256", JWS_ES256, EC_HEADER, TOKEN_GOOD },
        { "PS256", JWS_PS256, "{\"alg\":\"PS256\",\"kid\":\"rsa\"}", TOKEN_GOOD },
        { "a key for RS256", JWS_RS256, "{\"alg\":\"RS256\",\"kid\":\"rs\"}", TOKEN_GOOD },
        { "a key for PS256", JWS_PS256, "{\"alg\":\"PS256\",\"kid\":\"ps\"}", TOKEN_GOOD },
        { "white space and members more", JWS_ES256, "{ \"typ\" : \"JWT\",\n\t\"alg\":\"ES256\", \"kid\":\"ec\" }", TOKEN_GOOD },
        { "spelled otherwise", JWS_ES256, "{\"\\u0061lg\":\"E\\u0053256\",\"kid\":\"ec\"}", TOKEN_GOOD },
        { "jku and x5u point elsewhere", JWS_ES256, "{\"alg\":\"ES256\",\"kid\":\"ec\",\"jku\":\"https://evil.example\",\"x5u\":\"https://evil.example\"}", TOKEN_GOOD },
        { "none", JWS_ES256, "{\"alg\":\"none\",\"kid\":\"ec\"}", TOKEN_ALGORITHM },
        { "None", JWS_ES256, "{\"alg\":\"None\",\"kid\":\"ec\"}", TOKEN_ALGORITHM },
        { "lower case", JWS_ES256, "{\"alg\":\"es256\",\"kid\":\"ec\"}", TOKEN_ALGORITHM },
        { "HS256", JWS_ES256, "{\"alg\":\"HS256\",\"kid\":\"ec\"}", TOKEN_ALGORITHM },
        { "RS384", JWS_RS256, "{\"alg\":\"RS384\",\"kid\":\"rsa\"}", TOKEN_ALGORITHM },
        { "ES256K", JWS_ES256, "{\"alg\":\"ES256K\",\"kid\":\"ec\"}", TOKEN_ALGORITHM },
        { "EdDSA", JWS_ES256, "{\"alg\":\"EdDSA\",\"kid\":\"ec\"}", TOKEN_ALGORITHM },
        { "no alg", JWS_ES256, "{\"kid\":\"ec\"}", TOKEN_ALGORITHM },
        { "alg is null", JWS_ES256, "{\"alg\":null,\"kid\":\"ec\"}", TOKEN_ALGORITHM },
        { "alg is a list", JWS_ES256, "{\"alg\":[\"ES256\"],\"kid\":\"ec\"}", TOKEN_ALGORITHM },
        { "alg is empty", JWS_ES256, "{\"alg\":\"\",\"kid\":\"ec\"}", TOKEN_ALGORITHM },
        { "crit", JWS_ES256, "{\"alg\":\"ES256\",\"kid\":\"ec\",\"crit\":[\"b64\"],\"b64\":false}", TOKEN_CRITICAL },
        { "crit is empty", JWS_ES256, "{\"alg\":\"ES256\",\"kid\":\"ec\",\"crit\":[]}", TOKEN_CRITICAL },
        { "crit is null", JWS_ES256, "{\"alg\":\"ES256\",\"kid\":\"ec\",\"crit\":null}", TOKEN_CRITICAL },
        { "no kid", JWS_ES256, "{\"alg\":\"ES256\"}", TOKEN_NO_KEY_ID },
        { "kid is a number", JWS_ES256, "{\"alg\":\"ES256\",\"kid\":1}", TOKEN_NO_KEY_ID },
        { "kid is empty", JWS_ES256, "{\"alg\":\"ES256\",\"kid\":\"\"}", TOKEN_NO_KEY_ID },
        { "another kid", JWS_ES256, "{\"alg\":\"ES256\",\"kid\":\"ec2\"}", TOKEN_UNKNOWN_KEY },
        { "kid in upper case", JWS_ES256, "{\"alg\":\"ES256\",\"kid\":\"EC\"}", TOKEN_UNKNOWN_KEY },
        { "brings its own key", JWS_ES256, "{\"alg\":\"ES256\",\"kid\":\"mine\",\"jwk\":{\"kty\":\"EC\",\"kid\":\"mine\"}}", TOKEN_UNKNOWN_KEY },
        { "an unfit key", JWS_RS256, "{\"alg\":\"RS256\",\"kid\":\"weak\"}", TOKEN_UNFIT_KEY },
        { "RS256 with a curve's key", JWS_RS256, "{\"alg\":\"RS256\",\"kid\":\"ec\"}", TOKEN_WRONG_KEY },
        { "ES256 with an RSA key", JWS_ES256, "{\"alg\":\"ES256\",\"kid\":\"rsa\"}", TOKEN_WRONG_KEY },
        { "RS256 with a key for PS256", JWS_RS256, "{\"alg\":\"RS256\",\"kid\":\"ps\"}", TOKEN_WRONG_KEY },
        { "PS256 with a key for RS256", JWS_PS256, "{\"alg\":\"PS256\",\"kid\":\"rs\"}", TOKEN_WRONG_KEY },
        { "says RS256, is PS256", JWS_PS256, "{\"alg\":\"RS256\",\"kid\":\"rsa\"}", TOKEN_SIGNATURE },
        { "says PS256, is RS256", JWS_RS256, "{\"alg\":\"PS256\",\"kid\":\"rsa\"}", TOKEN_SIGNATURE },
        { "says ES256, is RS256", JWS_RS256, EC_HEADER, TOKEN_SIGNATURE },
        { "alg twice", JWS_ES256, "{\"alg\":\"ES256\",\"alg\":\"ES256\",\"kid\":\"ec\"}", TOKEN_REPEATED_MEMBER },
        { "alg twice, spelled otherwise", JWS_ES256, "{\"alg\":\"ES256\",\"\\u0061lg\":\"none\",\"kid\":\"ec\"}", TOKEN_REPEATED_MEMBER },
        { "twice, deeper", JWS_ES256, "{\"alg\":\"ES256\",\"kid\":\"ec\",\"x\":[{\"y\":1,\"y\":1}]}", TOKEN_REPEATED_MEMBER },
        { "a list", JWS_ES256, "[{\"alg\":\"ES256\",\"kid\":\"ec\"}]", TOKEN_HEADER },
        { "no JSON", JWS_ES256, "{alg:\"ES256\",kid:\"ec\"}", TOKEN_HEADER },
        { "more behind", JWS_ES256, EC_HEADER "x", TOKEN_HEADER },
        { "two objects", JWS_ES256, EC_HEADER EC_HEADER, TOKEN_HEADER },
        { "a byte order mark", JWS_ES256, "\xef\xbb\xbf" EC_HEADER, TOKEN_HEADER },
        { "no UTF-8", JWS_ES256, "{\"alg\":\"ES256\",\"kid\":\"ec\",\"x\":\"\xff\"}", TOKEN_HEADER },
        { "a NUL in a text", JWS_ES256, "{\"alg\":\"ES256\\u0000\",\"kid\":\"ec\"}", TOKEN_HEADER },
        { "empty", JWS_ES256, "", TOKEN_HEADER },
    };
    struct issuer *issuer = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *a = arena_new();
        check(issuer, rows[i].name,
              signer_token(a, &issuer->signer, rows[i].signed_as, rows[i].header, GOOD_CLAIMS),
              rows[i].want);
        arena_free(a);
    }
}

#define BRACKETS_8 "[[[[[[[["
#define SKETCARB_8 "]]]]]]]]"
#define BRACKETS_31 BRACKETS_8 BRACKETS_8 BRACKETS_8 "[[[[[[["
#define SKETCARB_31 SKETCARB_8 SKETCARB_8 SKETCARB_8 "]]]]]]]"
#define WITH(more) "{\"iss\":\"" ISSUER "\",\"aud\":\"tillit\"," more "}"
#define FROM(issuer) "{\"iss\":" issuer ",\"aud\":\"tillit\",\"exp\":1800000060}"
#define TO(audience) "{\"iss\":\"" ISSUER "\",\"aud\":" audience ",\"exp\":1800000060}"

static void claims(void **state)
{
    static const struct {
        const char *name, *claims;
        enum token_fault want;
    } rows[] = {
        { "all there is", WITH("\"exp\":1800000060,\"nbf\":1799999990,\"iat\":1799999990"), TOKEN_GOOD },
        { "what we do not know", WITH("\"exp\":1800000060,\"pid\":\"13097248022\",\"amr\":[\"BankID\"]"), TOKEN_GOOD },
        { "32 deep", WITH("\"exp\":1800000060,\"x\":" BRACKETS_31 SKETCARB_31), TOKEN_GOOD },
        { "33 deep", WITH("\"exp\":1800000060,\"x\":[" BRACKETS_31 SKETCARB_31 "]"), TOKEN_CLAIMS },
        { "no JSON", "tillit", TOKEN_CLAIMS },
        { "empty", "", TOKEN_CLAIMS },
        { "a list", "[" GOOD_CLAIMS "]", TOKEN_CLAIMS },
        { "more behind", GOOD_CLAIMS ",", TOKEN_CLAIMS },
        { "no UTF-8", WITH("\"exp\":1800000060,\"x\":\"\xc3\""), TOKEN_CLAIMS },
        { "exp past 64 bits", WITH("\"exp\":9223372036854775808"), TOKEN_CLAIMS },
        { "exp past what a float holds", WITH("\"exp\":1e400"), TOKEN_CLAIMS },
        { "exp twice", WITH("\"exp\":1800000060,\"exp\":1900000000"), TOKEN_REPEATED_MEMBER },
        { "a slash more", FROM("\"" ISSUER "/\""), TOKEN_WRONG_ISSUER },
        { "a letter less", FROM("\"https://idporten.n\""), TOKEN_WRONG_ISSUER },
        { "in upper case", FROM("\"HTTPS://IDPORTEN.NO\""), TOKEN_WRONG_ISSUER },
        { "issuers", FROM("[\"" ISSUER "\"]"), TOKEN_WRONG_ISSUER },
        { "iss is null", FROM("null"), TOKEN_WRONG_ISSUER },
        { "no iss", "{\"aud\":\"tillit\",\"exp\":1800000060}", TOKEN_WRONG_ISSUER },
        { "for us among others", TO("[\"other\",7,\"tillit\"]"), TOKEN_GOOD },
        { "for another", TO("\"other\""), TOKEN_WRONG_AUDIENCE },
        { "for others", TO("[\"other\",\"tillit2\",\"\"]"), TOKEN_WRONG_AUDIENCE },
        { "for nobody", TO("[]"), TOKEN_WRONG_AUDIENCE },
        { "for us, too deep", TO("[[\"tillit\"]]"), TOKEN_WRONG_AUDIENCE },
        { "we are a member", TO("{\"tillit\":\"tillit\"}"), TOKEN_WRONG_AUDIENCE },
        { "our name begins it", TO("\"tillit other\""), TOKEN_WRONG_AUDIENCE },
        { "no aud", "{\"iss\":\"" ISSUER "\",\"exp\":1800000060}", TOKEN_WRONG_AUDIENCE },
        { "no exp", WITH("\"nbf\":1799999990"), TOKEN_NO_EXPIRY },
        { "expired within the skew", WITH("\"exp\":1799999971"), TOKEN_GOOD },
        { "expired by the skew", WITH("\"exp\":1799999970"), TOKEN_EXPIRED },
        { "expired in 1970", WITH("\"exp\":0"), TOKEN_EXPIRED },
        { "till the end of 9999", WITH("\"exp\":253402300799"), TOKEN_GOOD },
        { "till the year 10000", WITH("\"exp\":253402300800"), TOKEN_TIME },
        { "in milliseconds", WITH("\"exp\":1800000060000"), TOKEN_TIME },
        { "all of 63 bits", WITH("\"exp\":9223372036854775807"), TOKEN_TIME },
        { "before 1970", WITH("\"exp\":-1"), TOKEN_TIME },
        { "least of 64 bits", WITH("\"exp\":-9223372036854775808"), TOKEN_TIME },
        { "exp with decimals", WITH("\"exp\":1800000060.5"), TOKEN_TIME },
        { "exp with a nought behind", WITH("\"exp\":1800000060.0"), TOKEN_TIME },
        { "exp as a power", WITH("\"exp\":18e8"), TOKEN_TIME },
        { "exp as text", WITH("\"exp\":\"1800000060\""), TOKEN_TIME },
        { "exp is null", WITH("\"exp\":null"), TOKEN_TIME },
        { "exp is true", WITH("\"exp\":true"), TOKEN_TIME },
        { "valid from the skew on", WITH("\"exp\":1800000060,\"nbf\":1800000030"), TOKEN_GOOD },
        { "valid a second later", WITH("\"exp\":1800000060,\"nbf\":1800000031"), TOKEN_NOT_YET_VALID },
        { "nbf as text", WITH("\"exp\":1800000060,\"nbf\":\"0\""), TOKEN_TIME },
        { "nbf before 1970", WITH("\"exp\":1800000060,\"nbf\":-1"), TOKEN_TIME },
        { "issued within the skew", WITH("\"exp\":1800000060,\"iat\":1800000030"), TOKEN_GOOD },
        { "issued a second later", WITH("\"exp\":1800000060,\"iat\":1800000031"), TOKEN_ISSUED_LATER },
        { "iat is null", WITH("\"exp\":1800000060,\"iat\":null"), TOKEN_TIME },
        { "iat is absurd", WITH("\"exp\":1800000060,\"iat\":999999999999"), TOKEN_TIME },
    };
    struct issuer *issuer = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *a = arena_new();
        check(issuer, rows[i].name, ec_token(a, issuer, rows[i].claims), rows[i].want);
        arena_free(a);
    }
}

static void what_is_no_token(void **state)
{
    static const struct {
        const char *text;
        enum token_fault want;
    } rows[] = {
        { "", TOKEN_NOT_COMPACT },     { "tillit", TOKEN_NOT_COMPACT }, { "a.b", TOKEN_NOT_COMPACT },
        { "..", TOKEN_HEADER },        { "....", TOKEN_ENCRYPTED },     { "e30.e30.e30", TOKEN_ALGORITHM },
        { "a.e30.e30", TOKEN_ENCODING }, /* six bits are no byte */
        { "e31.e30.e30", TOKEN_ENCODING }, /* an unused bit is set: {} has one spelling */
        { "{\"payload\":\"e30\",\"signatures\":[]}", TOKEN_NOT_COMPACT },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        check(*state, rows[i].text, rows[i].text, rows[i].want);
}

static void every_algorithm_is_refused_where_the_rules_lack_it(void **state)
{
    static const char *const headers_of[] = { [JWS_RS256] = "{\"alg\":\"RS256\",\"kid\":\"rsa\"}",
                                              [JWS_ES256] = EC_HEADER,
                                              [JWS_PS256] = "{\"alg\":\"PS256\",\"kid\":\"rsa\"}" };
    struct issuer *issuer = *state;
    for (unsigned allowed = 0; allowed <= ALL; allowed++)
        for (enum jws_algorithm i = 0; i < JWS_ALGORITHM_COUNT; i++) {
            struct arena *a = arena_new();
            struct token_rules few = rules;
            few.algorithms = allowed;
            const char *text = signer_token(a, &issuer->signer, i, headers_of[i], GOOD_CLAIMS);
            check_within(issuer, headers_of[i], &few, text, strlen(text),
                         allowed & 1u << i ? TOKEN_GOOD : TOKEN_ALGORITHM);
            arena_free(a);
        }
}

static void audience_is_not_looked_at_without_a_rule(void **state)
{
    static const char *const rows[] = { TO("\"other\""), TO("null"), GOOD_CLAIMS };
    const struct token_rules open = { .issuer = ISSUER, .algorithms = ALL };
    struct issuer *issuer = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *a = arena_new();
        const char *text = ec_token(a, issuer, rows[i]);
        check_within(issuer, rows[i], &open, text, strlen(text), TOKEN_GOOD);
        arena_free(a);
    }
}

/* 8 KB are taken, a byte more is not; and the text needs no NUL. */
static void length_has_a_limit(void **state)
{
    struct issuer *issuer = *state;
    struct arena *a = arena_new();
    const char *text = "";
    for (int filler = 5900; strlen(text) < TOKEN_LONGEST; filler++)
        text = signer_token(a, &issuer->signer, JWS_ES256, EC_HEADER " ",
                            arena_printf(a, WITH("\"exp\":1800000060,\"x\":\"%0*d\""), filler, 0));
    assert_int_equal(strlen(text), TOKEN_LONGEST);
    check(issuer, "8192", text, TOKEN_GOOD);
    check(issuer, "8193", arena_printf(a, "%sA", text), TOKEN_TOO_LONG);
    check_within(issuer, "without NUL", &rules, arena_printf(a, "%sA", text), TOKEN_LONGEST, TOKEN_GOOD);
    arena_free(a);
}

static void no_key_set_knows_no_key(void **state)
{
    struct issuer *issuer = *state, none = { .keys = NULL };
    struct arena *a = arena_new();
    check(&none, "no set", ec_token(a, issuer, GOOD_CLAIMS), TOKEN_UNKNOWN_KEY);
    arena_free(a);
}

/* Last: the tables above leave out no row of token.def. */
static void every_fault_was_met(void **state)
{
    const struct issuer *issuer = *state;
    for (enum token_fault fault = TOKEN_GOOD; fault < TOKEN_FAULT_COUNT; fault++)
        CHECK_INT(token_fault_name(fault), issuer->met[fault], true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers),
        cmocka_unit_test(claims),
        cmocka_unit_test(what_is_no_token),
        cmocka_unit_test(every_algorithm_is_refused_where_the_rules_lack_it),
        cmocka_unit_test(audience_is_not_looked_at_without_a_rule),
        cmocka_unit_test(length_has_a_limit),
        cmocka_unit_test(no_key_set_knows_no_key),
        cmocka_unit_test(every_fault_was_met),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
