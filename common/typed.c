/* SPDX-License-Identifier: EUPL-1.2 */
/* What stands between the signs of a number is no part of it, whether or not one can see it. */
#include "common/typed.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Unicode's White_Space and Default_Ignorable_Code_Point, its dashes (Pd, minus) and the full stop, in order. */
static const struct {
    uint32_t first, last;
} nothing[] = {
    { 0x09, 0x0d },     { 0x20, 0x20 },     { '-', '.' },       { 0x85, 0x85 },     { 0xa0, 0xa0 },
    { 0xad, 0xad },     { 0x34f, 0x34f },   { 0x58a, 0x58a },   { 0x5be, 0x5be },   { 0x61c, 0x61c },
    { 0x115f, 0x1160 }, { 0x1400, 0x1400 }, { 0x1680, 0x1680 }, { 0x17b4, 0x17b5 }, { 0x1806, 0x1806 },
    { 0x180b, 0x180f }, { 0x2000, 0x2015 }, { 0x2028, 0x202f }, { 0x2043, 0x2043 }, { 0x205f, 0x206f },
    { 0x2212, 0x2212 }, { 0x2e17, 0x2e17 }, { 0x2e3a, 0x2e3b }, { 0x3000, 0x3000 }, { 0x3164, 0x3164 },
    { 0xfe00, 0xfe0f }, { 0xfe58, 0xfe58 }, { 0xfe63, 0xfe63 }, { 0xfeff, 0xfeff }, { 0xff0d, 0xff0e },
    { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
};

static bool is_nothing(uint32_t point)
{
    for (size_t i = 0; i < sizeof(nothing) / sizeof(*nothing); i++)
        if (point >= nothing[i].first && point <= nothing[i].last)
            return true;
    return false;
}

/* The code point of length bytes, which are well-formed. */
static uint32_t point_of(const unsigned char *at, size_t length)
{
    uint32_t point = length == 1 ? *at : *at & (0x7fu >> length);
    for (size_t i = 1; i < length; i++)
        point = point << 6 | (at[i] & 0x3fu);
    return point;
}

char *typed_signs(struct arena *a, const char *text)
{
    size_t size = text ? strlen(text) : 0, length;
    char *out = arena_alloc(a, size + 1), *end = out;
    for (const char *at = text; at && *at; at += length) {
        for (length = 1; (at[length] & 0xc0) == 0x80;)
            length++;
        uint32_t point = point_of((const unsigned char *)at, length);
        if (is_nothing(point))
            continue;
        if (point > 0xff00 && point < 0xff5f)
            point -= 0xfee0;
        if (point < 0x80)
            *end++ = (char)(point >= 'a' && point <= 'z' ? point - 32 : point);
        else
            end = (char *)memcpy(end, at, length) + length;
    }
    *end = '\0';
    return out;
}
