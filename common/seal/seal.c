/* SPDX-License-Identifier: EUPL-1.2 */
/* Sealing, blind index and request hashes, over libsodium. Layouts: seal.h. */
#include "common/seal/seal.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "common/program/program.h"
#include "common/seal/keyring.h"

enum {
    VERSION = 1,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HEAD = 1 + KEY_ID_BYTES + NONCE,
};
_Static_assert((int)HEAD == (int)SEAL_HEAD, "the layout is what seal.h says");

static const char *const labels[SEAL_LABEL_COUNT] = {
#define SEAL_LABEL(symbol, label) [SEAL_##symbol] = label,
#include "common/seal/seal.def"
#undef SEAL_LABEL
};

bool seal_label_find(const char *name, enum seal_label *out)
{
    for (int i = 0; i < SEAL_LABEL_COUNT; i++)
        if (strcmp(labels[i], name) == 0) {
            *out = (enum seal_label)i;
            return true;
        }
    return false;
}

/* A separator that none of the three can hold keeps "ab|c" and "a|bc" apart. */
static const char *associated(struct scope *s, enum seal_label label, const char *municipality,
                              const char *row_id)
{
    return arena_printf(s->arena, "%s\n%s\n%s", labels[label], municipality, row_id);
}

enum problem seal_close(struct scope *s, enum seal_label label, const char *municipality,
                        const char *row_id, const void *plain, size_t length,
                        struct bytes *out)
{
    const struct key *key = keyring_current(s->program->keyring, KEY_SEAL, municipality);
    if (!key)
        return scope_fail(s, PROBLEM_BUG, "the key ring has no seal key in use");
    const char *ad = associated(s, label, municipality, row_id);
    unsigned char *sealed = arena_alloc(s->arena, HEAD + length + TAG);
    unsigned char *nonce = sealed + 1 + KEY_ID_BYTES;
    sealed[0] = VERSION;
    memcpy(sealed + 1, key->id, KEY_ID_BYTES);
    randombytes_buf(nonce, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + HEAD, NULL, plain, length,
                                               (const unsigned char *)ad, strlen(ad), NULL, nonce,
                                               key->bytes);
    *out = (struct bytes){ .data = sealed, .length = HEAD + length + TAG };
    return OK;
}

enum problem seal_open(struct scope *s, enum seal_label label, const char *municipality,
                       const char *row_id, const void *sealed, size_t length,
                       struct bytes *out)
{
    const unsigned char *value = sealed;
    if (length < HEAD + TAG || value[0] != VERSION)
        return scope_fail(s, PROBLEM_DAMAGED, "a sealed %s is damaged", labels[label]);
    const struct key *key = keyring_find(s->program->keyring, KEY_SEAL, value + 1);
    if (!key)
        return scope_fail(s, PROBLEM_BUG, "the key of a sealed %s is not on the ring",
                          labels[label]);
    const char *ad = associated(s, label, municipality, row_id);
    unsigned char *plain = arena_alloc(s->arena, length - HEAD - TAG + 1);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            plain, NULL, NULL, value + HEAD, length - HEAD, (const unsigned char *)ad,
            strlen(ad), value + 1 + KEY_ID_BYTES, key->bytes) != 0)
        return scope_fail(s, PROBLEM_DAMAGED, "a sealed %s was changed or moved", labels[label]);
    *out = (struct bytes){ .data = plain, .length = length - HEAD - TAG };
    return OK;
}

static bool is_old(const struct scope *s, enum key_purpose purpose, const char *municipality,
                   const unsigned char *id)
{
    const struct key *key = keyring_current(s->program->keyring, purpose, municipality);
    return key && memcmp(key->id, id, KEY_ID_BYTES) != 0 &&
           keyring_find(s->program->keyring, purpose, id);
}

bool seal_key_is_old(const struct scope *s, const char *municipality, const unsigned char *id)
{
    return is_old(s, KEY_SEAL, municipality, id);
}

bool seal_index_key_is_old(const struct scope *s, const char *municipality,
                           const unsigned char *id)
{
    return is_old(s, KEY_INDEX, municipality, id);
}

static struct bytes keyed_hash(struct scope *s, const struct key *key, const char *prefix,
                               const void *data, size_t length)
{
    crypto_auth_hmacsha256_state state;
    unsigned char *value = arena_alloc(s->arena, KEY_ID_BYTES + crypto_auth_hmacsha256_BYTES);
    memcpy(value, key->id, KEY_ID_BYTES);
    crypto_auth_hmacsha256_init(&state, key->bytes, sizeof(key->bytes));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)prefix, strlen(prefix));
    crypto_auth_hmacsha256_update(&state, data, length);
    crypto_auth_hmacsha256_final(&state, value + KEY_ID_BYTES);
    sodium_memzero(&state, sizeof(state));
    return (struct bytes){ .data = value,
                           .length = KEY_ID_BYTES + crypto_auth_hmacsha256_BYTES };
}

enum problem seal_index(struct scope *s, const char *municipality, const char *number,
                        struct bytes *out)
{
    const struct key *key = keyring_current(s->program->keyring, KEY_INDEX, municipality);
    if (!key)
        return scope_fail(s, PROBLEM_BUG, "the key ring has no index key in use");
    const char *prefix = arena_printf(s->arena, "%s\n", municipality);
    *out = keyed_hash(s, key, prefix, number, strlen(number));
    return OK;
}

size_t seal_indexes(struct scope *s, const char *municipality, const char *number,
                    struct bytes **out)
{
    struct keyring *ring = s->program->keyring;
    const char *prefix = arena_printf(s->arena, "%s\n", municipality);
    const struct key *key = NULL;
    size_t count = 0;
    while ((key = keyring_next(ring, KEY_INDEX, municipality, key)))
        count++;
    *out = arena_array(s->arena, count, sizeof(**out));
    for (size_t i = 0; i < count; i++) {
        key = keyring_next(ring, KEY_INDEX, municipality, key);
        (*out)[i] = keyed_hash(s, key, prefix, number, strlen(number));
    }
    return count;
}

/* The key that a keyed hash names; NULL if it is none of ours. */
static const struct key *key_of(const struct scope *s, enum key_purpose purpose,
                                struct bytes hash)
{
    return hash.data && hash.length == KEY_ID_BYTES + crypto_auth_hmacsha256_BYTES
               ? keyring_find(s->program->keyring, purpose, hash.data)
               : NULL;
}

bool seal_index_matches(struct scope *s, struct bytes index, const char *municipality,
                        const char *number)
{
    const struct key *key = key_of(s, KEY_INDEX, index);
    if (!key)
        return false;
    const char *prefix = arena_printf(s->arena, "%s\n", municipality);
    struct bytes again = keyed_hash(s, key, prefix, number, strlen(number));
    return sodium_memcmp(again.data, index.data, index.length) == 0;
}

enum problem seal_request_hash(struct scope *s, const void *body, size_t length,
                               struct bytes *out)
{
    const struct key *key = keyring_current(s->program->keyring, KEY_IDEMPOTENCY, ANY_MUNICIPALITY);
    if (!key)
        return scope_fail(s, PROBLEM_BUG, "the key ring has no idempotency key in use");
    *out = keyed_hash(s, key, "", body, length);
    return OK;
}

bool seal_request_matches(struct scope *s, struct bytes hash, const void *body, size_t length)
{
    const struct key *key = key_of(s, KEY_IDEMPOTENCY, hash);
    if (!key)
        return false;
    struct bytes again = keyed_hash(s, key, "", body, length);
    return sodium_memcmp(again.data, hash.data, hash.length) == 0;
}
