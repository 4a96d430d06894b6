/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_TYPED_H
#define COMMON_TYPED_H
/* What people write, copy and read aloud, read as they meant it. */
#include "common/arena.h"

/* The signs of text (well-formed UTF-8) without blanks, dashes, full stops and what nobody sees, with
 * a to z in capitals and full-width signs as their usual ones. Empty for NULL. */
char *typed_signs(struct arena *a, const char *text);

#endif
