/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef TESTS_UNIT_SIGNER_H
#define TESTS_UNIT_SIGNER_H
/* An issuer of tokens for tests: keys made on the spot, their key set, and signatures over anything. */
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "common/base/arena.h"
#include "common/base/base64.h"
#include "common/token/key_set.h"

struct signer {
    EVP_PKEY *rsa, *ec;
};

static inline struct signer signer_new(void)
{
    return (struct signer){ .rsa = EVP_RSA_gen(2048), .ec = EVP_EC_gen("P-256") };
}

static inline void signer_free(struct signer *signer)
{
    EVP_PKEY_free(signer->rsa);
    EVP_PKEY_free(signer->ec);
}

/* A number of a key as a key set writes it: "n", "e", "qx", "qy". */
static inline const char *signer_number(struct arena *a, const EVP_PKEY *key, const char *name)
{
    unsigned char bytes[512];
    BIGNUM *number = NULL;
    EVP_PKEY_get_bn_param(key, name, &number);
    int length = *name == 'q' ? BN_bn2binpad(number, bytes, 32) : BN_bn2bin(number, bytes);
    BN_free(number);
    return base64url_encode(a, bytes, (size_t)length);
}

/* Kids: rsa and ec for whatever their type can, rs and ps for one algorithm, weak for none. */
static inline const char *signer_key_set(struct arena *a, const struct signer *signer)
{
    const char *n = signer_number(a, signer->rsa, "n");
    return arena_printf(
        a,
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"rsa\",\"n\":\"%s\",\"e\":\"AQAB\"},"
        "{\"kty\":\"RSA\",\"kid\":\"rs\",\"alg\":\"RS256\",\"n\":\"%s\",\"e\":\"AQAB\"},"
        "{\"kty\":\"RSA\",\"kid\":\"ps\",\"alg\":\"PS256\",\"n\":\"%s\",\"e\":\"AQAB\"},"
        "{\"kty\":\"RSA\",\"kid\":\"weak\",\"n\":\"%s\",\"e\":\"Aw\"},"
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"ec\",\"x\":\"%s\",\"y\":\"%s\"}]}",
        n, n, n, n, signer_number(a, signer->ec, "qx"), signer_number(a, signer->ec, "qy"));
}

static inline size_t signer_plain_ecdsa(unsigned char *signature, size_t length)
{
    const unsigned char *der = signature;
    ECDSA_SIG *numbers = d2i_ECDSA_SIG(NULL, &der, (long)length);
    BN_bn2binpad(ECDSA_SIG_get0_r(numbers), signature, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(numbers), signature + 32, 32);
    ECDSA_SIG_free(numbers);
    return 64;
}

/* Signs "header.payload", both encoded already: the whole token. */
static inline const char *signer_sign(struct arena *a, const struct signer *signer,
                                      enum jws_algorithm algorithm, const char *text)
{
    unsigned char signature[256];
    size_t length = sizeof(signature);
    EVP_PKEY_CTX *options;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_DigestSignInit_ex(context, &options, "SHA256", NULL, NULL,
                          algorithm == JWS_ES256 ? signer->ec : signer->rsa, NULL);
    if (algorithm == JWS_PS256) {
        EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
    }
    EVP_DigestSign(context, signature, &length, (const unsigned char *)text, strlen(text));
    EVP_MD_CTX_free(context);
    if (algorithm == JWS_ES256)
        length = signer_plain_ecdsa(signature, length);
    return arena_printf(a, "%s.%s", text, base64url_encode(a, signature, length));
}

/* A token of header and claims as JSON texts. */
static inline const char *signer_token(struct arena *a, const struct signer *signer,
                                       enum jws_algorithm algorithm, const char *header,
                                       const char *claims)
{
    return signer_sign(a, signer, algorithm,
                       arena_printf(a, "%s.%s", base64url_encode(a, header, strlen(header)),
                                    base64url_encode(a, claims, strlen(claims))));
}

#endif
