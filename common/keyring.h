/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_KEYRING_H
#define COMMON_KEYRING_H
/* The keys themselves, for seal.c and whoever adds another purpose; nobody else needs them. */
#include <stdint.h>

#include "common/seal.h"

enum key_purpose {
    KEY_SEAL,
    KEY_INDEX,
    KEY_IDEMPOTENCY,
    KEY_CHAIN,
    KEY_PURPOSE_COUNT,
};

enum { KEY_BYTES = 32, KEY_ID_BYTES = SEAL_KEY_ID };

struct key {
    unsigned char id[KEY_ID_BYTES];
    enum key_purpose purpose;
    char municipality[5]; /* "*" = every one */
    unsigned char bytes[KEY_BYTES];
};

/* The key in use: the last of the municipality's own, else the last of "*"; NULL if none. */
const struct key *keyring_current(const struct keyring *ring, enum key_purpose purpose,
                                  const char *municipality);
/* The key of that id and purpose; NULL if the ring has none. */
const struct key *keyring_find(const struct keyring *ring, enum key_purpose purpose,
                               const unsigned char *id);
/* All keys in the order of the file; NULL behind the last. */
const struct key *keyring_at(const struct keyring *ring, size_t i);
const char *key_purpose_name(enum key_purpose purpose);

#endif
