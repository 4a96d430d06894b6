/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORDS_WORDS_H
#define COMMON_WORDS_WORDS_H
/* Every word that people read, by key and language: texts/<group>.words, made to a table when the
 * programs are built. Who adds a key writes it in each language that its group must have. */
#include "common/words/codes.h"

/* NULL if there is no such key; in bokmål where its group is not said in the language yet. */
const char *words_of(enum language language, const char *key);

/* The same by a key in two parts, the one right behind the other: "status_", "READY". */
const char *words_for(enum language language, const char *kind, const char *code);

#endif
