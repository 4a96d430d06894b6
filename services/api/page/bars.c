/* SPDX-License-Identifier: EUPL-1.2 */
/* Bars that can be compared: whatever is drawn beside one another is drawn on the same scale. */
#include "services/api/page/bars.h"

#include <string.h>

#include "common/record/record.h"
#include "services/api/page/texts.h"

enum { WHOLE = 1000 };

static bool is(const char *unit, const char *other)
{
    return strcmp(unit, other) == 0;
}

int64_t bar_scale(const char *unit, int64_t largest)
{
    static const int64_t spans[] = { 2, 10, 20, 60, 120, 600, 1200, 3600, 7200, 21600, 43200, 86400, 172800, 604800 };
    int64_t most = 10;
    if (is(unit, "permille"))
        return WHOLE;
    for (size_t i = 0; is(unit, "seconds") && i < sizeof(spans) / sizeof(*spans); i++)
        if (largest <= spans[i])
            return spans[i];
    for (int i = 0; most < largest; i++) /* 10 20 50 100 200 ... */
        most = i % 3 == 1 ? most * 5 / 2 : most * 2;
    return most;
}

/* Nobody reads "100 %" where one was missing, nor "0 %" where one was there. */
static const char *share_words(struct scope *s, int64_t permille)
{
    if (permille > 0 && permille < 10)
        return "under 1 %";
    if (permille > 990 && permille < WHOLE)
        return "over 99 %";
    return arena_printf(s->arena, "%lld %%", (long long)(permille + 5) / 10);
}

const char *bar_words(struct scope *s, const char *unit, int64_t value)
{
    if (is(unit, "permille"))
        return share_words(s, value);
    if (is(unit, "seconds"))
        return span_words(s, value);
    return arena_printf(s->arena, "%lld", (long long)value);
}

static const struct field axis_fields[] = {
    FIELD(struct axis, least),
    FIELD(struct axis, half),
    FIELD(struct axis, most),
    { 0 },
};
const struct record axis_record = RECORD("axis", struct axis, axis_fields);

struct axis *bar_axis(struct scope *s, const char *unit, int64_t most)
{
    struct axis *axis = ARENA_NEW(s->arena, struct axis);
    *axis = (struct axis){ .least = is(unit, "seconds") ? "0 s" : bar_words(s, unit, 0),
                           .half = bar_words(s, unit, most / 2), .most = bar_words(s, unit, most) };
    return axis;
}

static const struct field bar_fields[] = {
    FIELD(struct bar, known),
    FIELD(struct bar, length),
    { 0 },
};
const struct record bar_record = RECORD("bar", struct bar, bar_fields);

struct bar *bar_of(struct scope *s, const struct maybe *value, int64_t most)
{
    struct bar *bar = ARENA_NEW(s->arena, struct bar);
    *bar = (struct bar){ value->known, value->known ? value->value * WHOLE / most : 0 };
    return bar;
}
