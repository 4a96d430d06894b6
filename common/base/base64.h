/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_BASE_BASE64_H
#define COMMON_BASE_BASE64_H
/* base64url (RFC 4648 5), read as strictly as can be: a text says one thing or nothing. */
#include <stdbool.h>
#include <stddef.h>

struct bytes;

struct arena;

/* Decodes base64url without padding, white space or unused bits that are set. The bytes live in
 * the arena; a NUL follows them. False if it is not that; then out is untouched. */
bool base64url_decode(struct arena *a, const char *text, size_t length, struct bytes *out);

/* The one spelling of the bytes in base64url, without padding; NUL-terminated, in the arena. */
const char *base64url_encode(struct arena *a, const void *bytes, size_t length);

#endif
