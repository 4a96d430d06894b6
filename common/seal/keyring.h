/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_SEAL_KEYRING_H
#define COMMON_SEAL_KEYRING_H
/* The keys themselves, for seal.c and whoever adds another purpose; nobody else needs them. */
#include <stdio.h>

#include "common/seal/seal.h"

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

const char *key_purpose_name(enum key_purpose purpose); /* "seal" */

/* The key in use: the last of the municipality's own, else the last of "*"; NULL if none. The file
 * is looked at again at most every second; a key lives as long as the ring. */
const struct key *keyring_current(struct keyring *ring, enum key_purpose purpose,
                                  const char *municipality);
/* Whether the file as it is now is refused, with why (no key material) in words, cut to room: it can not be
 * read, is no ring, or has other bytes for a known id, or lacks a key that is in use. What was read before
 * stays in use then, until a good file is there. Looks at most every second. */
bool keyring_refused(struct keyring *ring, char *words, size_t room);
/* Another key that is or was the municipality's, behind that one (NULL: the first); NULL if none. */
const struct key *keyring_next(struct keyring *ring, enum key_purpose purpose,
                               const char *municipality, const struct key *behind);
/* The key of that id and purpose; NULL if neither the ring nor the file, as it is now, has it. */
const struct key *keyring_find(struct keyring *ring, enum key_purpose purpose,
                               const unsigned char *id);
/* All keys of one reading, in the order of the file: the one behind that one (NULL: the first); NULL
 * behind the last. */
const struct key *keyring_walk(struct keyring *ring, const struct key *behind);

/* NULL after one line per fault on errors; refuses a file that others may read. A file that has
 * changed is read again while the program runs (keyring.h). */
struct keyring *keyring_read(const char *path, FILE *errors);

void keyring_free(struct keyring *ring);

#endif
