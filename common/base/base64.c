/* SPDX-License-Identifier: EUPL-1.2 */
/* Strict base64url. */
#include "common/base/base64.h"

#include <sodium.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/bytes.h"

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/* Not libsodium's: 1.0.18 takes every byte above 0x7f for one of the alphabet. */
bool base64url_decode(struct arena *a, const char *text, size_t length, struct bytes *out)
{
    unsigned char *bytes = arena_alloc(a, length / 4 * 3 + 3);
    size_t decoded = 0;
    unsigned pending = 0, bits = 0; /* the low bits of pending are not yet a byte */
    for (size_t i = 0; i < length; i++) {
        int value = value_of(text[i]);
        if (value < 0)
            return false;
        pending = (pending << 6 | (unsigned)value) & 0xfff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes[decoded++] = (unsigned char)(pending >> bits);
        }
    }
    if (bits == 6 || (pending & ((1u << bits) - 1)))
        return false;
    *out = (struct bytes){ .data = bytes, .length = decoded };
    return true;
}

const char *base64url_encode(struct arena *a, const void *bytes, size_t length)
{
    const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    size_t room = sodium_base64_encoded_len(length, variant);
    return sodium_bin2base64(arena_alloc(a, room), room, bytes, length, variant);
}
