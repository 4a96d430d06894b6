/* SPDX-License-Identifier: EUPL-1.2 */
/* Languages by their codes. */
#include "common/words/language.h"

static const char *const language_codes[] = { [NB] = "nb", [NN] = "nn", [EN] = "en" };

const char *language_code(enum language language)
{
    return language_codes[language];
}
