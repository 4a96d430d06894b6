/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_LETTER_COMPOSE_H
#define COMMON_LETTER_COMPOSE_H
/*
 * A letter's words: a Markdown template, ours or the municipality's own, filled with facts. Nothing is
 * read here but what is given, so that whoever takes in a template, and whoever shows a letter before
 * it is sent, gets the very same words.
 */
#include "common/letter/kinds.h"

/* facts: a struct of the kind's record. PROBLEM_MALFORMED if the template asks for what there is not,
 * or leaves out what a letter of the kind must say; the scope's detail says what. */
enum problem letter_compose(struct scope *s, const struct letter_kind *kind,
                            const struct letter_head *head, const void *facts,
                            const char *template, char **markdown);

/* Why no letter of the kind can be made of the template, for someone or other: in English, in the
 * scope. NULL if it is good. */
const char *letter_template_fault(struct scope *s, const struct letter_kind *kind,
                                  const char *template);

#endif
