/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_BASE_TEXT_SAME_H
#define COMMON_BASE_TEXT_SAME_H
/* Texts that read the same, however they are written. */
#include <stdbool.h>

struct arena;

/* Whether two texts read the same: canonically equivalent, as "é" and "e" with its accent are. NULL is
 * like nothing but NULL. */
bool text_same(struct arena *a, const char *one, const char *other);

/* The form in which texts that read the same are the same bytes; for comparing, not for keeping. The
 * text itself if it is so, or ill-formed; NULL of NULL. */
const char *text_canonical(struct arena *a, const char *text);

#endif
