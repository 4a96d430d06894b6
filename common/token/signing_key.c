/* SPDX-License-Identifier: EUPL-1.2 */
/* Signing over OpenSSL, which alone holds the key's private half. */
#include "common/token/signing_key.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/base64.h"

enum { LEAST_RSA_BITS = 2048, P256_NUMBER = 32 };

struct signing_key {
    EVP_PKEY *handle;
    const char *algorithm; /* "RS256" */
    const char *kid;
};

static const char *algorithm_of(const EVP_PKEY *handle)
{
    char group[32] = "";
    EVP_PKEY_get_group_name(handle, group, sizeof(group), NULL);
    if (EVP_PKEY_is_a(handle, "RSA") && EVP_PKEY_get_bits(handle) >= LEAST_RSA_BITS)
        return "RS256";
    if (EVP_PKEY_is_a(handle, "EC") && strcmp(group, "prime256v1") == 0)
        return "ES256";
    return NULL;
}

/* Why it is none that we can sign with; NULL after filling in the key. */
static const char *read_file(FILE *file, struct signing_key *key)
{
    struct stat about;
    char no_password[] = "";
    if (fstat(fileno(file), &about) != 0)
        return "can not be read";
    if (about.st_mode & 077)
        return "may be read by others: chmod 600";
    key->handle = PEM_read_PrivateKey(file, NULL, NULL, no_password);
    ERR_clear_error();
    if (!key->handle)
        return "is no private key in PEM";
    key->algorithm = algorithm_of(key->handle);
    return key->algorithm ? NULL : "is neither RSA of 2048 bits or more nor EC on P-256";
}

struct signing_key *signing_key_read(struct arena *a, const char *path, const char *kid,
                                     FILE *errors)
{
    struct signing_key *key = ARENA_NEW(a, struct signing_key);
    FILE *file = fopen(path, "re");
    const char *why = file ? read_file(file, key) : "can not be read";
    if (file)
        fclose(file);
    key->kid = kid;
    if (!why)
        return key;
    fprintf(errors, "%s %s\n", path, why);
    signing_key_free(key);
    return NULL;
}

void signing_key_free(struct signing_key *key)
{
    if (key)
        EVP_PKEY_free(key->handle);
}

static void context_release(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
    ERR_clear_error();
}

/* ECDSA's two numbers side by side, as JOSE writes them. */
static size_t recode(unsigned char *signature, size_t length)
{
    const unsigned char *der = signature;
    ECDSA_SIG *numbers = d2i_ECDSA_SIG(NULL, &der, (long)length);
    BN_bn2binpad(ECDSA_SIG_get0_r(numbers), signature, P256_NUMBER);
    BN_bn2binpad(ECDSA_SIG_get0_s(numbers), signature + P256_NUMBER, P256_NUMBER);
    ECDSA_SIG_free(numbers);
    return 2 * P256_NUMBER;
}

static enum problem sign(struct scope *s, const struct signing_key *key, const char *text,
                         const char **out)
{
    size_t length = (size_t)EVP_PKEY_get_size(key->handle);
    unsigned char *signature = arena_alloc(s->arena, length);
    CLEANUP(context_release) EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context ||
        EVP_DigestSignInit_ex(context, NULL, "SHA256", NULL, NULL, key->handle, NULL) !=
            1 ||
        EVP_DigestSign(context, signature, &length, (const unsigned char *)text,
                       strlen(text)) != 1)
        return scope_fail(s, PROBLEM_BUG, "OpenSSL can not sign");
    if (strcmp(key->algorithm, "ES256") == 0)
        length = recode(signature, length);
    *out = arena_printf(s->arena, "%s.%s", text,
                        base64url_encode(s->arena, signature, length));
    return OK;
}

static const char *encoded(struct scope *s, json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    const char *out = base64url_encode(s->arena, text, strlen(text));
    arena_release_foreign(text);
    json_decref(object);
    return out;
}

enum problem signing_key_sign(struct scope *s, const struct signing_key *key,
                              json_t *claims, const char **out)
{
    json_t *header = json_pack("{s: s, s: s, s: s}", "alg", key->algorithm, "kid", key->kid,
                               "typ", "JWT");
    return sign(s, key,
                arena_printf(s->arena, "%s.%s", encoded(s, header), encoded(s, claims)),
                out);
}
