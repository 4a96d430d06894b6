/* SPDX-License-Identifier: EUPL-1.2 */
/* What a text may be: strict UTF-8 without control characters, and the named formats. */
#include "common/base/text.h"

#include <string.h>

#include "common/base/arena.h"
#include "common/base/text_range.h"

/* The code point at *text, which moves past it; -1 if it is ill-formed (overlong, surrogate, past
 * U+10FFFF, cut). */
static int32_t next_point(const unsigned char **text, const unsigned char *end)
{
    static const struct {
        unsigned char mask, lead;
        int more;
        int32_t least;
    } forms[] = { { 0xe0, 0xc0, 1, 0x80 }, { 0xf0, 0xe0, 2, 0x800 }, { 0xf8, 0xf0, 3, 0x10000 } };
    unsigned char first = *(*text)++;
    if (first < 0x80)
        return first;
    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        if ((first & forms[i].mask) != forms[i].lead)
            continue;
        int32_t point = first & ~forms[i].mask;
        for (int k = 0; k < forms[i].more; k++) {
            if (*text == end || (**text & 0xc0) != 0x80)
                return -1;
            point = point << 6 | (*(*text)++ & 0x3f);
        }
        bool good = point >= forms[i].least && point <= 0x10ffff &&
                    (point < 0xd800 || point > 0xdfff);
        return good ? point : -1;
    }
    return -1;
}

static bool allowed(int32_t point)
{
    if (point < 0x20)
        return point == '\n' || point == '\t';
    if (point >= 0x7f && point <= 0x9f)
        return false;
    return (point < 0xfdd0 || point > 0xfdef) && (point & 0xfffe) != 0xfffe;
}

bool text_well_formed(const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + length;
    while (at < end)
        if (!allowed(next_point(&at, end)))
            return false;
    return true;
}

size_t text_characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += (*text & 0xc0) != 0x80;
    return count;
}

int text_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int32_t text_next(const char **text)
{
    if (!**text)
        return 0;
    const unsigned char *at = (const unsigned char *)*text;
    int32_t point = next_point(&at, at + strnlen(*text, 4));
    *text = (const char *)at;
    return point;
}

void text_put(struct buffer *b, int32_t point)
{
    static const struct {
        int32_t below;
        unsigned char lead;
        int more;
    } forms[] = { { 0x80, 0, 0 }, { 0x800, 0xc0, 1 }, { 0x10000, 0xe0, 2 }, { 0x110000, 0xf0, 3 } };
    size_t i = 0;
    while (point >= forms[i].below)
        i++;
    buffer_char(b, (char)(forms[i].lead | point >> 6 * forms[i].more));
    for (int k = forms[i].more - 1; k >= 0; k--)
        buffer_char(b, (char)(0x80 | (point >> 6 * k & 0x3f)));
}

/*
 * Unicode 15.1: White_Space (PropList.txt), Default_Ignorable_Code_Point (DerivedCoreProperties.txt), format
 * controls (General_Category Cf) but those with a sign of their own (Prepended_Concatenation_Mark), and what is by
 * its name without a sign: blanks of Braille and hieroglyphs, joiners, fillers, a note without a head, the place
 * of an object. Of these, those that shape what stands beside them are part of how people write.
 */
static const struct text_range showings[] = {
    { 0x0000, 0x0008, SHOWS_NOTHING }, { 0x0009, 0x000d, SHOWS_BLANK },
    { 0x000e, 0x001f, SHOWS_NOTHING }, { 0x0020, 0x0020, SHOWS_BLANK },
    { 0x007f, 0x0084, SHOWS_NOTHING }, { 0x0085, 0x0085, SHOWS_BLANK },
    { 0x0086, 0x009f, SHOWS_NOTHING }, { 0x00a0, 0x00a0, SHOWS_BLANK },
    { 0x00ad, 0x00ad, SHOWS_NOTHING }, { 0x034f, 0x034f, SHOWS_JOINED },
    { 0x061c, 0x061c, SHOWS_NOTHING }, { 0x115f, 0x1160, SHOWS_JOINED },
    { 0x1680, 0x1680, SHOWS_BLANK },   { 0x17b4, 0x17b5, SHOWS_JOINED },
    { 0x180b, 0x180f, SHOWS_JOINED }, { 0x2000, 0x200a, SHOWS_BLANK },
    { 0x200b, 0x200b, SHOWS_NOTHING }, { 0x200c, 0x200d, SHOWS_JOINED },
    { 0x200e, 0x200f, SHOWS_NOTHING }, { 0x2028, 0x2029, SHOWS_BLANK },
    { 0x202a, 0x202e, SHOWS_NOTHING }, { 0x202f, 0x202f, SHOWS_BLANK },
    { 0x205f, 0x205f, SHOWS_BLANK },   { 0x2060, 0x206f, SHOWS_NOTHING },
    { 0x2800, 0x2800, SHOWS_BLANK },   { 0x3000, 0x3000, SHOWS_BLANK },
    { 0x3164, 0x3164, SHOWS_JOINED }, { 0xfdd0, 0xfdef, SHOWS_NOTHING },
    { 0xfe00, 0xfe0f, SHOWS_JOINED }, { 0xfeff, 0xfeff, SHOWS_NOTHING },
    { 0xffa0, 0xffa0, SHOWS_JOINED }, { 0xfff0, 0xfff8, SHOWS_NOTHING },
    { 0xfff9, 0xfffc, SHOWS_NOTHING }, { 0x1107f, 0x1107f, SHOWS_JOINED },
    { 0x13430, 0x13440, SHOWS_JOINED }, { 0x13441, 0x13442, SHOWS_BLANK },
    { 0x13447, 0x1345f, SHOWS_JOINED }, { 0x16fe4, 0x16fe4, SHOWS_JOINED },
    { 0x1bca0, 0x1bca3, SHOWS_JOINED }, { 0x1d159, 0x1d159, SHOWS_NOTHING },
    { 0x1d173, 0x1d17a, SHOWS_JOINED },
    { 0xe0000, 0xe0fff, SHOWS_JOINED }, /* flags of regions among them */
};

enum showing text_showing(int32_t point)
{
    bool none = (point & 0xfffe) == 0xfffe;
    return (enum showing)text_range_value(showings, sizeof(showings) / sizeof(*showings), point,
                                          none ? SHOWS_NOTHING : SHOWS_ITSELF);
}

/* Unicode's Dash (PropList.txt), a letter of the syllabics that looks like one, double quotes, and digits of the scripts that
 * keyboards and pages here have. */
int32_t text_ascii(int32_t point)
{
    static const int32_t dashes[] = { 0x058a, 0x05be, 0x1400, 0x1806, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014,
                                      0x2015, 0x2043, 0x2212, 0x2e17, 0x2e3a, 0x2e3b, 0xfe58, 0xfe63 };
    static const int32_t quotes[] = { 0xab, 0xbb, 0x201c, 0x201d, 0x201e, 0x201f, 0x2039, 0x203a };
    static const int32_t zeros[] = { 0x0660, 0x06f0, 0x0966 };
    for (size_t i = 0; i < sizeof(dashes) / sizeof(*dashes); i++)
        if (point == dashes[i])
            return '-';
    for (size_t i = 0; i < sizeof(quotes) / sizeof(*quotes); i++)
        if (point == quotes[i])
            return '"';
    for (size_t i = 0; i < sizeof(zeros) / sizeof(*zeros); i++)
        if (point >= zeros[i] && point <= zeros[i] + 9)
            return '0' + point - zeros[i];
    return point > 0xff00 && point < 0xff5f ? point - 0xfee0 : point;
}

/* What is ill-formed can be seen: it is no text, but not for being blank. */
size_t text_visible(const char *text)
{
    size_t count = 0;
    while (*text) {
        int32_t point = text_next(&text);
        count += point < 0 || text_showing(point) == SHOWS_ITSELF;
    }
    return count;
}

bool text_blank(const char *text)
{
    while (text && *text) {
        int32_t point = text_next(&text);
        if (point < 0 || text_showing(point) == SHOWS_ITSELF)
            return false;
    }
    return true;
}

bool text_lists(const char *list, char between, const char *item)
{
    size_t length = item ? strlen(item) : 0;
    const char end[] = { between, '\0' };
    for (; length && list && *list; list += *list == between) {
        size_t here = strcspn(list, end);
        if (here == length && memcmp(list, item, length) == 0)
            return true;
        list += here;
    }
    return false;
}
