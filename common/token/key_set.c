/* SPDX-License-Identifier: EUPL-1.2 */
/* Reads JSON Web Key Sets. A key becomes OpenSSL's once, here, and not for every token. */
#include "common/token/key_set.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>

#include "common/base/base64.h"
#include "common/token/jose.h"

enum {
    RSA_BITS_LEAST = 2048, /* RFC 7518 3.3 */
    RSA_BITS_MOST = 8192,  /* a verification takes a millisecond */
    EXPONENT_BITS_LEAST = 17,
    EXPONENT_BITS_MOST = 64,
    COORDINATE_BYTES = 32,
};

struct key_set {
    struct arena *arena;
    size_t count;
    struct public_key keys[KEY_SET_MOST];
};

/* What a key must say of itself to be one of the algorithm. */
static const struct {
    const char *name; /* alg, if it is there */
    const char *type; /* kty */
    const char *curve; /* crv, or NULL */
} algorithms[JWS_ALGORITHM_COUNT] = {
    [JWS_RS256] = { "RS256", "RSA", NULL },
    [JWS_ES256] = { "ES256", "EC", "P-256" },
    [JWS_PS256] = { "PS256", "RSA", NULL },
};

enum jws_algorithm jws_algorithm_named(const char *name)
{
    enum jws_algorithm a = 0;
    while (a < JWS_ALGORITHM_COUNT && (!name || strcmp(name, algorithms[a].name) != 0))
        a++;
    return a;
}

static bool is_for_verifying(const json_t *jwk)
{
    const json_t *use = json_object_get(jwk, "use"), *operations = json_object_get(jwk, "key_ops");
    return (!use || json_is_text(use, "sig")) && (!operations || json_lists(operations, "verify"));
}

static bool says(const json_t *jwk, const char *name, const char *want)
{
    return json_is_text(json_object_get(jwk, name), want);
}

/* What the key may verify, by what it says of itself; 0 = nothing that we do. */
static unsigned algorithms_of(const json_t *jwk)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < JWS_ALGORITHM_COUNT; i++) {
        bool fits = says(jwk, "kty", algorithms[i].type) &&
                    (!algorithms[i].curve || says(jwk, "crv", algorithms[i].curve)) &&
                    (!json_object_get(jwk, "alg") || says(jwk, "alg", algorithms[i].name));
        bits |= fits ? 1u << i : 0;
    }
    return is_for_verifying(jwk) ? bits : 0;
}

static bool decode_member(struct scope *s, const json_t *jwk, const char *name, struct bytes *out)
{
    const json_t *value = json_object_get(jwk, name);
    return json_is_string(value) && json_string_length(value) > 0 &&
           base64url_decode(s->arena, json_string_value(value), json_string_length(value), out);
}

static void context_release(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
}

/* NULL if it is no key. A point is checked to be on its curve, which is all there is to check on
 * P-256. Whether a modulus is a product of two primes is not asked: its issuer could sign anyway,
 * and the answer takes milliseconds. */
static EVP_PKEY *key_from(const char *type, OSSL_PARAM *parameters)
{
    EVP_PKEY *key = NULL;
    CLEANUP(context_release) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (!context || EVP_PKEY_fromdata_init(context) <= 0 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) <= 0)
        return NULL;
    return key;
}

static unsigned remainder_by(struct bytes number, unsigned divisor)
{
    unsigned remainder = 0;
    for (size_t i = 0; i < number.length; i++)
        remainder = (remainder << 8 | number.data[i]) % divisor;
    return remainder;
}

static bool is_power_of_65537(unsigned number, unsigned prime)
{
    unsigned power = 1;
    do {
        if (power == number)
            return true;
        power = power * (65537 % prime) % prime;
    } while (power != 1);
    return false;
}

/* Infineon's generator (CVE-2017-15361) made primes that are powers of 65537 modulo each of the
 * first primes, and so are their products; a chance modulus passes once in 2^27 keys or so. */
static bool has_roca_fingerprint(struct bytes modulus)
{
    static const unsigned char primes[] = { 11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103,
                                            107, 109, 127, 151, 157 };
    for (size_t i = 0; i < sizeof(primes); i++)
        if (!is_power_of_65537(remainder_by(modulus, primes[i]), primes[i]))
            return false;
    return true;
}

static void number_release(BIGNUM **number)
{
    BN_free(*number);
}

static bool is_odd_within(const BIGNUM *number, int bits_least, int bits_most)
{
    return number && BN_is_odd(number) && BN_num_bits(number) >= bits_least &&
           BN_num_bits(number) <= bits_most;
}

/* OpenSSL takes numbers in the machine's own byte order, which only its own BIGNUM knows. */
static OSSL_PARAM number_parameter(struct scope *s, const char *name, const BIGNUM *number)
{
    int length = BN_num_bytes(number);
    unsigned char *bytes = arena_alloc(s->arena, (size_t)length);
    BN_bn2nativepad(number, bytes, length);
    return OSSL_PARAM_construct_BN(name, bytes, (size_t)length);
}

static EVP_PKEY *rsa_key(struct scope *s, const json_t *jwk)
{
    struct bytes n, e;
    if (!decode_member(s, jwk, "n", &n) || !decode_member(s, jwk, "e", &e))
        return NULL;
    CLEANUP(number_release) BIGNUM *modulus = BN_bin2bn(n.data, (int)n.length, NULL);
    CLEANUP(number_release) BIGNUM *exponent = BN_bin2bn(e.data, (int)e.length, NULL);
    if (!is_odd_within(modulus, RSA_BITS_LEAST, RSA_BITS_MOST) ||
        !is_odd_within(exponent, EXPONENT_BITS_LEAST, EXPONENT_BITS_MOST) ||
        has_roca_fingerprint(n))
        return NULL;
    OSSL_PARAM parameters[] = { number_parameter(s, OSSL_PKEY_PARAM_RSA_N, modulus),
                                number_parameter(s, OSSL_PKEY_PARAM_RSA_E, exponent),
                                OSSL_PARAM_construct_end() };
    return key_from("RSA", parameters);
}

static EVP_PKEY *ec_key(struct scope *s, const json_t *jwk)
{
    enum { UNCOMPRESSED = 4 };
    struct bytes x, y;
    unsigned char point[1 + 2 * COORDINATE_BYTES] = { UNCOMPRESSED };
    char group[] = "P-256";
    if (!decode_member(s, jwk, "x", &x) || !decode_member(s, jwk, "y", &y) ||
        x.length != COORDINATE_BYTES || y.length != COORDINATE_BYTES)
        return NULL;
    memcpy(point + 1, x.data, x.length);
    memcpy(point + 1 + COORDINATE_BYTES, y.data, y.length);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)),
        OSSL_PARAM_construct_end(),
    };
    return key_from("EC", parameters);
}

static EVP_PKEY *fit_key(struct scope *s, const json_t *jwk, unsigned algorithms_of_key)
{
    if (json_object_get(jwk, "d"))
        return NULL;
    return algorithms_of_key & 1u << JWS_ES256 ? ec_key(s, jwk) : rsa_key(s, jwk);
}

static void key_release(void *key)
{
    EVP_PKEY_free(key);
}

static enum problem take(struct scope *s, struct key_set *set, const json_t *jwk)
{
    const char *kid = json_member_text(jwk, "kid");
    struct public_key key = { .algorithms = algorithms_of(jwk) };
    if (!kid || !*kid || !key.algorithms)
        return OK;
    if (key_set_find(set, kid))
        return scope_fail(s, PROBLEM_MALFORMED, "two keys of the key set have the same kid");
    key.kid = arena_strdup(set->arena, kid);
    key.handle = fit_key(s, jwk, key.algorithms);
    if (key.handle)
        arena_defer(set->arena, key_release, key.handle);
    set->keys[set->count++] = key;
    return OK;
}

static enum problem fill(struct scope *s, struct key_set *set, const json_t *keys)
{
    size_t fit = 0;
    for (size_t i = 0; i < json_array_size(keys); i++)
        TRY(take(s, set, json_array_get(keys, i)));
    for (size_t i = 0; i < set->count; i++)
        fit += set->keys[i].handle != NULL;
    return fit ? OK : scope_fail(s, PROBLEM_MALFORMED, "the key set has no key that we can use");
}

enum problem key_set_parse(struct scope *s, const char *text, size_t length,
                           struct key_set **out)
{
    bool repeats;
    if (length > KEY_SET_LONGEST)
        return scope_fail(s, PROBLEM_MALFORMED, "the key set is longer than %d bytes",
                          KEY_SET_LONGEST);
    const struct bytes bytes = { .data = (const unsigned char *)text, .length = length };
    const json_t *keys = json_object_get(json_object_decode(s, bytes, &repeats), "keys");
    if (!json_is_array(keys))
        return scope_fail(s, PROBLEM_MALFORMED, "the key set is no JSON object with keys");
    if (json_array_size(keys) > KEY_SET_MOST)
        return scope_fail(s, PROBLEM_MALFORMED, "the key set has more than %d keys",
                          KEY_SET_MOST);
    struct arena *arena = arena_new();
    struct key_set *set = ARENA_NEW(arena, struct key_set);
    set->arena = arena;
    enum problem p = fill(s, set, keys);
    ERR_clear_error(); /* what OpenSSL said of an unfit key is nothing to who asks it next */
    if (p)
        key_set_free(set);
    else
        *out = set;
    return p;
}

void key_set_free(struct key_set *keys)
{
    if (keys)
        arena_free(keys->arena);
}

const struct public_key *key_set_find(const struct key_set *keys, const char *kid)
{
    for (size_t i = 0; keys && i < keys->count; i++)
        if (strcmp(keys->keys[i].kid, kid) == 0)
            return &keys->keys[i];
    return NULL;
}
