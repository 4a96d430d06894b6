/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_LETTER_RECEIPT_H
#define COMMON_LETTER_RECEIPT_H
/*
 * The receipt's words: a Markdown template filled with facts. A municipality may bring a template of
 * its own; whoever takes it in asks here whether a receipt can be made of it.
 */
#include <stdbool.h>
#include <stdint.h>

#include "common/problem/scope.h"
#include "common/time/calendar.h"

/* The languages that receipts are written in; NULL ends them. */
extern const char *const receipt_languages[];
/* The one for who wants that: others than nn get nb. */
const char *receipt_language(const char *wanted);

struct receipt_facts { /* borrowed, UTF-8 */
    const char *language; /* as wanted */
    const char *recipient_name;
    const char *applicant_name;
    bool for_another;
    const char *municipality_name;
    const char *phone; /* of the municipality, or NULL */
    const char *own_template; /* the municipality's Markdown in place of ours, or NULL */
    const char *reference;
    int64_t received_at;
    bool call_promised;
    struct date call_by;
    struct date reply_by;
    const char *what_matters; /* verbatim, or NULL */
};

/* PROBLEM_MALFORMED if the template asks for what there is not; the scope's detail says for what. */
enum problem receipt_fill(struct scope *s, const char *template, const struct receipt_facts *facts,
                          char **markdown);

/* Why no receipt can be made of the template, for some applicant or other: in English, in the scope.
 * NULL if it is good. */
const char *receipt_template_fault(struct scope *s, const char *template);

#endif
