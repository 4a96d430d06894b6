/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_PAGE_BARS_H
#define SERVICES_API_PAGE_BARS_H
/*
 * Values as bars on one scale that begins at 0, each beside its words in a table: who does not see the picture reads the same.
 * templates/bar.html draws one.
 */
#include <jansson.h>
#include <stdint.h>

#include "common/problem/scope.h"

struct maybe;

/* How far a scale for values up to largest goes: a round number of that unit (permille: the whole; seconds; else pieces). */
int64_t bar_scale(const char *unit, int64_t largest);

/* The words under the scale: { "least", "half", "most" }. */
json_t *bar_axis(struct scope *s, const char *unit, int64_t most);

/* { "known", "length" }: how long the bar is, of 1000; 0 <= value <= most. known is false where there is no value: then there is no bar. */
json_t *bar_view(const struct maybe *value, int64_t most);

/* The value as people say it: "84 %", "under 1 s", "12". */
const char *bar_words(struct scope *s, const char *unit, int64_t value);

#endif
