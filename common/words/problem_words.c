/* SPDX-License-Identifier: EUPL-1.2 */
/* Problems and faults in the reader's language. */
#include "common/words/problem_words.h"

#include "common/words/words.h"

/* English titles stand in problem.def; what only workers meet has no other. */
const char *problem_words(enum problem p, enum language language)
{
    const char *words = language == EN ? NULL : words_for(language, "problem.", problem_name(p));
    return words ? words : problem_title(p);
}

const char *fault_words(enum fault fault, enum language language)
{
    return words_for(language, "fault.", fault_name(fault));
}
