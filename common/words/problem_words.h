/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORDS_PROBLEM_WORDS_H
#define COMMON_WORDS_PROBLEM_WORDS_H
/* Problems and faults in the language of who reads. */
#include "common/problem/scope.h"
#include "common/words/codes.h"

/* The title of a problem in the language. */
const char *problem_words(enum problem problem, enum language language);

/* What a refused field means in words, for the form's summary: "Fødselsnummeret stemmer ikke." */
const char *fault_words(enum fault fault, enum language language);

#endif
