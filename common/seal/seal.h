/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_SEAL_SEAL_H
#define COMMON_SEAL_SEAL_H
/*
 * Sealed values: XChaCha20-Poly1305 (libsodium). Layout: version (1) | key id (4) | nonce (24) |
 * ciphertext and tag (16). Associated data = label | municipality | row id, so that a value can't
 * be moved. Keys come from a key-ring file outside the database, a line per key:
 *
 *      id purpose municipality|* base64        id = 8 hex digits, 32-byte keys
 *
 * purposes: seal, index, idempotency, chain. The last line of a purpose and municipality (its own
 * before *) is the one in use; all others still open.
 */
#include <stdio.h>

#include "common/base/bytes.h"
#include "common/problem/scope.h"

/* What a sealed value is; the label is stored in it and never renamed (seal.def). */
enum seal_label {
#define SEAL_LABEL(symbol, label) SEAL_##symbol,
#include "common/seal/seal.def"
#undef SEAL_LABEL
    SEAL_LABEL_COUNT,
};

bool seal_label_find(const char *name, enum seal_label *out);

/* What may be about anyone (a message that nobody could read, an operator's words) or of a person's in several
 * municipalities (their session) has a key that is no municipality's own. */
#define ANY_MUNICIPALITY "*"

struct keyring;

/* Seals into the scope's arena. PROBLEM_BUG if the ring has no key for the municipality. */
enum problem seal_close(struct scope *s, enum seal_label label, const char *municipality,
                        const char *row_id, const void *plain, size_t length,
                        struct bytes *out);

/* Opens into the scope's arena, NUL-terminated. PROBLEM_BUG if the key is missing,
 * PROBLEM_DAMAGED if the value was changed or moved. */
enum problem seal_open(struct scope *s, enum seal_label label, const char *municipality,
                       const char *row_id, const void *sealed, size_t length,
                       struct bytes *out);

/* A sealed value begins with its version, its key's id and its nonce. */
enum { SEAL_KEY_ID = 4, SEAL_HEAD = 1 + SEAL_KEY_ID + 24 };

/* Whether values of the municipality that name this key (SEAL_KEY_ID bytes) are to be made anew: the key
 * opens, and another one is in use. The first is of sealed values, the second of indexes. */
bool seal_key_is_old(const struct scope *s, const char *municipality, const unsigned char *id);
bool seal_index_key_is_old(const struct scope *s, const char *municipality,
                           const unsigned char *id);

/* key id (4) | HMAC-SHA-256(municipality | number): the same number gives the same index. */
enum problem seal_index(struct scope *s, const char *municipality, const char *number,
                        struct bytes *out);

/* The indexes of the number with every live key, to be searched for with = ANY; how many. */
size_t seal_indexes(struct scope *s, const char *municipality, const char *number,
                    struct bytes **out);

/* Whether the index (with whichever live key it names) is that of the number. */
bool seal_index_matches(struct scope *s, struct bytes index, const char *municipality,
                        const char *number);

/* key id (4) | HMAC-SHA-256 over a request's raw bytes. */
enum problem seal_request_hash(struct scope *s, const void *body, size_t length,
                               struct bytes *out);
/* Whether the hash (with whichever live key it names) is that of the bytes. */
bool seal_request_matches(struct scope *s, struct bytes hash, const void *body, size_t length);

#endif
