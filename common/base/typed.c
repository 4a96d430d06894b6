/* SPDX-License-Identifier: EUPL-1.2 */
/* What stands between the signs of a number is no part of it, whether or not one can see it. */
#include "common/base/typed.h"

#include <string.h>

#include "common/base/arena.h"
#include "common/base/text.h"

bool typed_parts(int32_t point)
{
    static const char parting[] = "-.,:;/()[]<>\"'";
    return point > 0 && point < 0x80 && strchr(parting, (char)point);
}

char *typed_signs(struct arena *a, const char *text)
{
    struct buffer b = buffer_sized(a, text ? strlen(text) + 1 : 1);
    while (text && *text) {
        int32_t point = text_ascii(text_next(&text));
        if (text_showing(point) != SHOWS_ITSELF || typed_parts(point))
            continue;
        text_put(&b, point >= 'a' && point <= 'z' ? point - 'a' + 'A' : point);
    }
    return b.text;
}
