/* SPDX-License-Identifier: EUPL-1.2 */
/* UUIDv7: 48 bits of milliseconds, 12 of their thousandths, 62 of chance. */
#include "common/base/uuid.h"

#include <sodium.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/typed.h"

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { LETTERS_COUNT = 8, CHECK_BASE = 31 };

/* 8-4-4-4-12 */
static char *uuid_text(struct arena *a, const unsigned char b[16])
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc(a, UUID_LENGTH + 1), *at = text;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = digits[b[i] >> 4];
        *at++ = digits[b[i] & 15];
    }
    return text;
}

static void put_moment(unsigned char b[16], int64_t now)
{
    uint64_t ms = (uint64_t)(now / 1000);
    for (int i = 0; i < 6; i++)
        b[i] = (unsigned char)(ms >> (40 - 8 * i));
}

char *uuid_v7_least(struct arena *a, int64_t instant)
{
    unsigned char b[16] = { [6] = 0x70, [8] = 0x80 };
    put_moment(b, instant);
    return uuid_text(a, b);
}

char *uuid_v7(struct arena *a, int64_t now)
{
    unsigned char b[16];
    unsigned fraction = (unsigned)(now % 1000 * 4096 / 1000);
    randombytes_buf(b, sizeof(b));
    put_moment(b, now);
    b[6] = (unsigned char)(0x70 | fraction >> 8);
    b[7] = (unsigned char)fraction;
    b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
    return uuid_text(a, b);
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool uuid_parse(const char *text, unsigned char out[16])
{
    if (!text || strlen(text) != UUID_LENGTH)
        return false;
    int digit = 0;
    for (int i = 0; i < UUID_LENGTH; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash != (text[i] == '-') || (!dash && hex(text[i]) < 0))
            return false;
        if (!dash && out) {
            int value = hex(text[i]);
            out[digit / 2] = (unsigned char)(digit % 2 ? out[digit / 2] | value : value << 4);
        }
        digit += !dash;
    }
    return true;
}

const char *uuid_canonical(struct arena *a, const char *text)
{
    unsigned char id[16] = { 0 };
    return uuid_parse(text, id) ? uuid_text(a, id) : NULL;
}

char *reference_from_case(struct arena *a, const char *case_id)
{
    unsigned char id[16] = { 0 };
    char letters[LETTERS_COUNT + 1] = { 0 };
    uint64_t number = 0;
    uuid_parse(case_id, id);
    for (int i = 11; i < 16; i++)
        number = number << 8 | id[i];
    for (int i = 0; i < LETTERS_COUNT; i++)
        letters[i] = crockford[number >> (35 - 5 * i) & 31];
    return arena_printf(a, "T-%s%c", letters, crockford[number % CHECK_BASE]);
}

bool reference_valid(const char *reference)
{
    uint64_t number = 0;
    if (strlen(reference) != 3 + LETTERS_COUNT || reference[0] != 'T' || reference[1] != '-')
        return false;
    for (int i = 2; i < 2 + LETTERS_COUNT; i++) {
        const char *symbol = strchr(crockford, reference[i]);
        if (!symbol)
            return false;
        number = number << 5 | (uint64_t)(symbol - crockford);
    }
    return reference[2 + LETTERS_COUNT] == crockford[number % CHECK_BASE];
}

enum reference_reading reference_read(struct arena *a, const char *typed, char **out)
{
    char *signs = typed_signs(a, typed);
    signs += *signs == 'T'; /* whoever leaves it out has one that begins with another sign */
    if (strlen(signs) != 1 + LETTERS_COUNT)
        return REFERENCE_NONE;
    for (char *at = signs; *at; at++) {
        *at = (char)(*at == 'O' ? '0' : *at == 'I' || *at == 'L' ? '1' : *at);
        if (!strchr(crockford, *at))
            return REFERENCE_NONE;
    }
    *out = arena_printf(a, "T-%s", signs);
    return reference_valid(*out) ? REFERENCE_READ : REFERENCE_MISREAD;
}
