/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Opens signed texts, over OpenSSL. libjose would do all of this, but takes an algorithm that is not
 * the key's wherever its name sorts after that one's (RS256 with a key for PS256), and any exponent.
 */
#include "common/token/jws.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/base64.h"
#include "common/token/jose.h"
#include "common/token/key_set.h"

enum part { HEADER, PAYLOAD, SIGNATURE, PARTS };

enum { PARTS_OF_JWE = 5, P256_NUMBER = 32 };

struct opening {
    struct scope *s;
    enum token_fault *fault;
    struct {
        const char *text;
        size_t length;
    } parts[PARTS];
    const struct public_key *key;
    enum jws_algorithm algorithm;
};

static enum problem split(struct opening *o, const char *text, size_t length)
{
    if (length > TOKEN_LONGEST)
        return token_refuse(o->fault, TOKEN_TOO_LONG);
    const char *end = text + length;
    unsigned parts = 1;
    for (const char *at = text; at < end; at++)
        parts += *at == '.';
    if (parts != PARTS)
        return token_refuse(o->fault, parts == PARTS_OF_JWE ? TOKEN_ENCRYPTED
                                                            : TOKEN_NOT_COMPACT);
    for (enum part i = HEADER; i < PARTS; i++) {
        const char *dot = memchr(text, '.', (size_t)(end - text));
        o->parts[i].text = text;
        o->parts[i].length = (size_t)((dot ? dot : end) - text);
        text += o->parts[i].length + 1;
    }
    return OK;
}

static enum problem decode(struct opening *o, enum part part, struct bytes *out)
{
    bool good = base64url_decode(o->s->arena, o->parts[part].text, o->parts[part].length, out);
    return good ? OK : token_refuse(o->fault, TOKEN_ENCODING);
}

static enum problem choose_key(struct opening *o, const struct key_set *keys, const char *kid)
{
    if (!kid || !*kid)
        return token_refuse(o->fault, TOKEN_NO_KEY_ID);
    o->key = key_set_find(keys, kid);
    if (!o->key)
        return token_refuse(o->fault, TOKEN_UNKNOWN_KEY);
    if (!o->key->handle)
        return token_refuse(o->fault, TOKEN_UNFIT_KEY);
    if (!(o->key->algorithms & 1u << o->algorithm))
        return token_refuse(o->fault, TOKEN_WRONG_KEY);
    return OK;
}

static enum problem read_header(struct opening *o, unsigned allowed, const struct key_set *keys)
{
    struct bytes text;
    bool repeats;
    TRY(decode(o, HEADER, &text));
    const json_t *header = json_object_decode(o->s, text, &repeats);
    if (!header)
        return token_refuse(o->fault, repeats ? TOKEN_REPEATED_MEMBER : TOKEN_HEADER);
    o->algorithm = jws_algorithm_named(json_member_text(header, "alg"));
    if (o->algorithm == JWS_ALGORITHM_COUNT || !(allowed & 1u << o->algorithm))
        return token_refuse(o->fault, TOKEN_ALGORITHM);
    if (json_object_get(header, "crit"))
        return token_refuse(o->fault, TOKEN_CRITICAL);
    return choose_key(o, keys, json_member_text(header, "kid"));
}

static void ecdsa_release(ECDSA_SIG **signature)
{
    ECDSA_SIG_free(*signature);
}

/* JOSE writes the two numbers of ECDSA side by side, OpenSSL wants them in DER. False if they are
 * not two numbers of P-256. */
static bool recode_ecdsa(struct scope *s, struct bytes *signature)
{
    if (signature->length != 2 * P256_NUMBER)
        return false;
    CLEANUP(ecdsa_release) ECDSA_SIG *numbers = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature->data, P256_NUMBER, NULL);
    BIGNUM *n = BN_bin2bn(signature->data + P256_NUMBER, P256_NUMBER, NULL);
    if (!numbers || !r || !n)
        abort();
    ECDSA_SIG_set0(numbers, r, n);
    unsigned char *der = arena_alloc(s->arena, (size_t)i2d_ECDSA_SIG(numbers, NULL));
    unsigned char *end = der;
    i2d_ECDSA_SIG(numbers, &end);
    *signature = (struct bytes){ .data = der, .length = (size_t)(end - der) };
    return true;
}

static bool start(EVP_MD_CTX *context, const struct opening *o)
{
    EVP_PKEY_CTX *options; /* the context's own */
    if (EVP_DigestVerifyInit_ex(context, &options, "SHA256", NULL, NULL, o->key->handle, NULL) != 1)
        return false;
    return o->algorithm != JWS_PS256 ||
           (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1);
}

static void context_release(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
    ERR_clear_error(); /* or libpq would report what was wrong with a stranger's token */
}

static enum problem check_signature(struct opening *o, struct bytes signature)
{
    const char *signed_text = o->parts[HEADER].text; /* to the second dot: a part, a dot, a part */
    size_t length = o->parts[HEADER].length + 1 + o->parts[PAYLOAD].length;
    bool shaped = o->algorithm == JWS_ES256
                      ? recode_ecdsa(o->s, &signature)
                      : signature.length == (size_t)EVP_PKEY_get_size(o->key->handle);
    if (!shaped)
        return token_refuse(o->fault, TOKEN_SIGNATURE);
    CLEANUP(context_release) EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context || !start(context, o))
        return scope_fail(o->s, PROBLEM_BUG, "OpenSSL can not verify a signature");
    if (EVP_DigestVerify(context, signature.data, signature.length,
                         (const unsigned char *)signed_text, length) != 1)
        return token_refuse(o->fault, TOKEN_SIGNATURE);
    return OK;
}

enum problem jws_open(struct scope *s, unsigned algorithms, const struct key_set *keys,
                      const char *text, size_t length, enum token_fault *fault,
                      struct bytes *payload)
{
    struct opening o = { .s = s, .fault = fault };
    struct bytes signature, content;
    TRY(split(&o, text, length));
    TRY(read_header(&o, algorithms, keys));
    TRY(decode(&o, PAYLOAD, &content));
    TRY(decode(&o, SIGNATURE, &signature));
    TRY(check_signature(&o, signature));
    *payload = content;
    return OK;
}
