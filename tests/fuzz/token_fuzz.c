/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a key set, a token and base64url: nobody forges a token, and what is decoded has one spelling. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/base64.h"
#include "common/base/bytes.h"
#include "common/token/key_set.h"
#include "common/token/token.h"
#include "tests/fuzz/scope.h"

#define KEYS                                                                                   \
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"," \
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct token_rules rules = { .issuer = "a", .algorithms = 1u << JWS_ES256 };
    struct scope s = { .arena = arena_new() }, other = { .arena = s.arena };
    const char *text = (const char *)data;
    struct key_set *keys = NULL, *read = NULL;
    struct token token;
    struct bytes bytes;
    const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    char *again = arena_alloc(s.arena, sodium_base64_encoded_len(size, variant));
    if (key_set_parse(&s, KEYS, strlen(KEYS), &keys) ||
        token_verify(&s, &rules, keys, text, size, &token) != PROBLEM_UNAUTHENTICATED)
        abort();
    if (base64url_decode(s.arena, text, size, &bytes)) {
        sodium_bin2base64(again, sodium_base64_encoded_len(size, variant), bytes.data, bytes.length, variant);
        if (strlen(again) != size || memcmp(again, text, size) != 0)
            abort();
    }
    key_set_parse(&other, text, size, &read);
    key_set_free(read);
    key_set_free(keys);
    arena_free(s.arena);
    return 0;
}
