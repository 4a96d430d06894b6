/* SPDX-License-Identifier: EUPL-1.2 */
/* Secrets over libsodium. */
#include "common/seal/secret.h"

#include <sodium.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/base64.h"

enum { SECRET_BYTES = 32 };

const char *secret_new(struct arena *a)
{
    unsigned char bytes[SECRET_BYTES];
    randombytes_buf(bytes, sizeof(bytes));
    return base64url_encode(a, bytes, sizeof(bytes));
}

bool secret_well_formed(const char *text)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return text && strlen(text) == SECRET_LENGTH && strspn(text, alphabet) == SECRET_LENGTH;
}

struct bytes secret_hash(struct arena *a, const char *text)
{
    unsigned char *hash = arena_alloc(a, crypto_hash_sha256_BYTES);
    crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
    return (struct bytes){ .data = hash, .length = crypto_hash_sha256_BYTES };
}

const char *secret_derive(struct arena *a, const char *text, const char *purpose)
{
    unsigned char derived[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)text, strlen(text));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)purpose, strlen(purpose));
    crypto_auth_hmacsha256_final(&state, derived);
    sodium_memzero(&state, sizeof(state));
    return base64url_encode(a, derived, sizeof(derived));
}

bool secret_same(const char *one, const char *other)
{
    size_t length = one ? strlen(one) : 0;
    return one && other && strlen(other) == length &&
           sodium_memcmp(one, other, length) == 0;
}
