/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Texts of people are compared as they read, not as they are stored: "é" is one character or two, by
 * who wrote it on what. Both are brought into the same form (Unicode 3.11, NFD), which compares as
 * NFC would.
 */
#include "common/base/text_same.h"

#include <string.h>

#include "common/base/arena.h"
#include "common/base/text.h"
#include "common/base/text_range.h"
#include "common/base/canonical.h"

/* Of Hangul (Unicode 3.12): a syllable is its first letter, its vowel, and its last letter or none. */
#define SYLLABLES 0xac00u
#define FIRSTS 0x1100u
#define VOWELS 0x1161u
#define LASTS 0x11a7u
#define VOWEL_COUNT 21u
#define LAST_COUNT 28u
#define SYLLABLE_COUNT 11172u

enum { LONGEST_DECOMPOSITION = 4 };

struct points {
    uint32_t *items;
    size_t count;
};

static void add(struct points *out, uint32_t point)
{
    out->items[out->count++] = point;
}

static void add_syllable(struct points *out, uint32_t index)
{
    uint32_t last = index % LAST_COUNT;
    add(out, FIRSTS + index / (VOWEL_COUNT * LAST_COUNT));
    add(out, VOWELS + index / LAST_COUNT % VOWEL_COUNT);
    if (last)
        add(out, LASTS + last);
}

static void add_decomposed(struct points *out, uint32_t point)
{
    size_t from = 0, to = sizeof(decompositions) / sizeof(*decompositions);
    if (point - SYLLABLES < SYLLABLE_COUNT) {
        add_syllable(out, point - SYLLABLES);
        return;
    }
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (decompositions[middle].point == point) {
            add_decomposed(out, decompositions[middle].first);
            if (decompositions[middle].second)
                add(out, decompositions[middle].second); /* none of these comes apart further */
            return;
        }
        if (decompositions[middle].point < point)
            from = middle + 1;
        else
            to = middle;
    }
    add(out, point);
}

static int class_of(uint32_t point)
{
    return text_range_value(classes, sizeof(classes) / sizeof(*classes), (int32_t)point, 0);
}

/* Marks on the same letter stand in the order of their classes; those of one class stay as they are. */
static void order(struct points *p)
{
    for (size_t i = 1; i < p->count; i++) {
        uint32_t point = p->items[i];
        int its = class_of(point);
        size_t k = i;
        for (; its && k > 0 && class_of(p->items[k - 1]) > its; k--)
            p->items[k] = p->items[k - 1];
        p->items[k] = point;
    }
}

static bool plain(const char *text)
{
    while (*text && (unsigned char)*text < 0x80)
        text++;
    return !*text;
}

const char *text_canonical(struct arena *a, const char *text)
{
    if (!text || plain(text))
        return text;
    struct points points = {
        .items = arena_array(a, text_characters(text) * LONGEST_DECOMPOSITION, sizeof(uint32_t))
    };
    for (const char *at = text; *at;) {
        int32_t point = text_next(&at);
        if (point < 0)
            return text;
        add_decomposed(&points, (uint32_t)point);
    }
    order(&points);
    struct buffer b = buffer_new(a);
    for (size_t i = 0; i < points.count; i++)
        text_put(&b, (int32_t)points.items[i]);
    return b.text;
}

bool text_same(struct arena *a, const char *one, const char *other)
{
    if (!one || !other)
        return one == other;
    return strcmp(one, other) == 0 ||
           strcmp(text_canonical(a, one), text_canonical(a, other)) == 0;
}
