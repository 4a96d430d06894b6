/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_BASE_TEXT_RANGE_H
#define COMMON_BASE_TEXT_RANGE_H
/* Unicode's properties as ranges of code points. */
#include <stddef.h>
#include <stdint.h>

struct text_range {
    int32_t from, to; /* both are in it */
    int value;
};

/* The value of the point's range, by a search of ranges that are in order; none if it is in no range. */
int text_range_value(const struct text_range *ranges, size_t count, int32_t point, int none);

#endif
