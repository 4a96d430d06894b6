/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_BASE_TEXT_H
#define COMMON_BASE_TEXT_H
/* Texts: NUL-terminated UTF-8. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

struct texts {
    const char *const *items;
    size_t count;
};

/* Checks for texts alone, used by the form as well. All take NUL-terminated UTF-8. */
bool text_well_formed(const char *text, size_t length); /* UTF-8, no control, no nonchar */
size_t text_characters(const char *text);                 /* code points */
size_t text_visible(const char *text);                    /* those of them that can be seen */
bool text_blank(const char *text);                        /* NULL, or nothing can be seen */
int text_hex(char c); /* 0 to 15, -1 for what is no digit of base 16 */

/* The next code point of the text, which moves past it; -1 if it is ill-formed. At its end, 0. */
int32_t text_next(const char **text);

/* Writes the code point as UTF-8. */
void text_put(struct buffer *b, int32_t point);

/* How a code point shows. */
enum showing {
    SHOWS_ITSELF,
    SHOWS_BLANK,   /* white space, and what looks like it */
    SHOWS_JOINED, /* not seen, but what stands beside it looks otherwise: ZWJ in emoji, ZWNJ in Persian */
    SHOWS_NOTHING, /* not seen at all: direction marks, zero-width space, controls, noncharacters */
};
enum showing text_showing(int32_t point);

/* The sign of ASCII that is meant where a number or an address is typed: dashes, quotes, full-width signs,
 * digits of other scripts. Any other point as it is. */
int32_t text_ascii(int32_t point);

/* Whether a list with that character between its items has the item; of no list (NULL) and for no
 * item it has not. */
bool text_lists(const char *list, char between, const char *item);

#endif
