/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PAGE_COLOUR_H
#define COMMON_PAGE_COLOUR_H
/* Colours that text can be read against (WCAG 2.2). */

enum { CONTRAST_OF_TEXT = 450 };

/* The contrast of "#rrggbb" against white in hundredths: 100 (white) to 2100 (black), rounded down. */
int colour_contrast_with_white(const char *colour);

#endif
