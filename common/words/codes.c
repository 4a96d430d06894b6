/* SPDX-License-Identifier: EUPL-1.2 */
/* The arrays of codes.def. */
#include "common/words/codes.h"

#include <string.h>

#define CODES(vocabulary, words, ...)                                                          \
    const char *const vocabulary##_codes[] = { __VA_ARGS__, NULL };
#define NAMED(vocabulary, words, names, ...)                                                   \
    CODES(vocabulary, words, __VA_ARGS__)                                                      \
    _Static_assert(sizeof((enum vocabulary[]){ ENUMERATORS names }) / sizeof(enum vocabulary) ==   \
                       sizeof(vocabulary##_codes) / sizeof(*vocabulary##_codes) - 1,           \
                   "each code of " #vocabulary " has its enumerator");
#include "common/words/codes.def"

int code_index(const char *const codes[], const char *code)
{
    for (int i = 0; code && codes[i]; i++)
        if (strcmp(codes[i], code) == 0)
            return i;
    return -1;
}
