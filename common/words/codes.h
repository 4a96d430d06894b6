/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORDS_CODES_H
#define COMMON_WORDS_CODES_H
/* The closed vocabularies of codes.def: <vocabulary>_codes, ended by NULL, for the choices of a field; and enum
 * <vocabulary>, whose enumerators are their indexes. */

#define ENUMERATORS(...) __VA_ARGS__
#define CODES(vocabulary, words, ...) extern const char *const vocabulary##_codes[];
#define NAMED(vocabulary, words, names, ...)                                                   \
    enum vocabulary { ENUMERATORS names };                                                     \
    extern const char *const vocabulary##_codes[];
#include "common/words/codes.def"
#undef CODES
#undef NAMED

/* The index of a code in codes; -1 if it is none of them, or NULL. */
int code_index(const char *const codes[], const char *code);

#endif
