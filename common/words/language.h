/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORDS_LANGUAGE_H
#define COMMON_WORDS_LANGUAGE_H
/* The languages that people are answered in. */

enum language { NB, NN, EN };
const char *language_code(enum language language); /* "nb" */

#endif
