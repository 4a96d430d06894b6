/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_BASE_TYPED_H
#define COMMON_BASE_TYPED_H
/* What people write, copy and read aloud, read as they meant it. */
#include <stdbool.h>
#include <stdint.h>

struct arena;

/* Whether the sign of ASCII only parts a number or a reference, or stands about it: dashes, full stops, commas,
 * colons, slashes, brackets, quotes. */
bool typed_parts(int32_t point);

/* The signs of text (well-formed UTF-8) without blanks, what only parts it and what nobody sees, with
 * a to z in capitals and full-width signs as their usual ones. Empty for NULL. */
char *typed_signs(struct arena *a, const char *text);

#endif
