/* SPDX-License-Identifier: EUPL-1.2 */
/* What stands between the signs of a number is no part of it, whether or not one can see it. */
#include "common/typed.h"

#include <string.h>

#include "common/record.h"

char *typed_signs(struct arena *a, const char *text)
{
    struct buffer b = buffer_sized(a, text ? strlen(text) + 1 : 1);
    while (text && *text) {
        int32_t point = text_ascii(text_next(&text));
        if (text_showing(point) != SHOWS_ITSELF || point == '-' || point == '.')
            continue;
        text_put(&b, point >= 'a' && point <= 'z' ? point - 'a' + 'A' : point);
    }
    return b.text;
}
