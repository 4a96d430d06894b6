/* SPDX-License-Identifier: EUPL-1.2 */
/* A search of ranges that are in order. */
#include "common/base/text_range.h"

int text_range_value(const struct text_range *ranges, size_t count, int32_t point, int none)
{
    size_t from = 0;
    while (from < count) {
        size_t middle = (from + count) / 2;
        if (point < ranges[middle].from)
            count = middle;
        else if (point > ranges[middle].to)
            from = middle + 1;
        else
            return ranges[middle].value;
    }
    return none;
}
