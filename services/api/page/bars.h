/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_PAGE_BARS_H
#define SERVICES_API_PAGE_BARS_H
/*
 * Values as bars on one scale that begins at 0, each beside its words in a table: who does not see the picture reads the same.
 * templates/bar.html draws one.
 */
#include "common/problem/scope.h"

struct maybe;
struct record;

/* How far a scale for values up to largest goes: a round number of that unit (permille: the whole; seconds; else pieces). */
int64_t bar_scale(const char *unit, int64_t largest);

/* The words under the scale, as axis.html shows them. */
struct axis {
    const char *least, *half, *most;
};
extern const struct record axis_record;
struct axis *bar_axis(struct scope *s, const char *unit, int64_t most);

/* How long a bar is, of 1000; known is false where there is no value: then there is no bar. */
struct bar {
    bool known;
    int64_t length;
};
extern const struct record bar_record;
struct bar *bar_of(struct scope *s, const struct maybe *value, int64_t most); /* 0 <= value <= most */

/* The value as people say it: "84 %", "under 1 s", "12". */
const char *bar_words(struct scope *s, const char *unit, int64_t value);

#endif
