/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_SEAL_SECRET_H
#define COMMON_SEAL_SECRET_H
/*
 * A random text that opens something by itself: 256 bits in base64url, known to one browser
 * and nobody else. We keep its hash alone, so that whoever reads our database opens
 * nothing.
 */
#include <stdbool.h>

#include "common/base/bytes.h"

struct arena;

enum { SECRET_LENGTH = 43 }; /* characters */

const char *secret_new(struct arena *a);

/* Whether the text could be a secret: length and alphabet. NULL is none. */
bool secret_well_formed(const char *text);

/* SHA-256 of the text: 32 bytes, in the arena. */
struct bytes secret_hash(struct arena *a, const char *text);

/* Another secret that follows from this one: HMAC-SHA-256 of the purpose. Who knows the one
 * or several such learns neither the secret nor what follows for other purposes. */
const char *secret_derive(struct arena *a, const char *text, const char *purpose);

/* Whether both texts are the same, in a time that does not tell where they differ; NULL is
 * like nothing. */
bool secret_same(const char *one, const char *other);

#endif
