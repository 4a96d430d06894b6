/* SPDX-License-Identifier: EUPL-1.2 */
/* Relative luminance and contrast, as WCAG 2.2 defines them. */
#include "common/page/colour.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

static double linear(long byte)
{
    double c = (double)byte / 255;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

int colour_contrast_with_white(const char *colour)
{
    long rgb = strtol(colour + 1, NULL, 16);
    double luminance = 0.2126 * linear(rgb >> 16 & 255) + 0.7152 * linear(rgb >> 8 & 255) +
                       0.0722 * linear(rgb & 255);
    return (int)(100 * 1.05 / (luminance + 0.05));
}
