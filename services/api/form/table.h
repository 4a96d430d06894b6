/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_FORM_TABLE_H
#define SERVICES_API_FORM_TABLE_H
/* The citizen's form as a table of questions: it makes the page, and the document from what is sent. */
#include <stdbool.h>

struct scope;

enum ask {
    ASK_LONG,
    ASK_TEXT,
    ASK_PHONE,
    ASK_NUMBER, /* digits alone: a national id, a postal code */
    ASK_EMAIL,
    ASK_DATE,
    ASK_ONE,    /* one of the choices */
    ASK_YES_NO, /* a boolean */
    ASK_MANY,   /* a list of the choices */
    ASK_TRUE,   /* a box that must be ticked */
};

struct question {
    const char *name; /* the field's pointer in the document, without its first slash */
    enum ask ask;
    const char *const *choices;
    const char *autocomplete;
    bool other; /* asked only where the help is for another */
};

struct form_part {
    const char *name; /* its title is the text part_<name> */
    const struct question *questions; /* ends with a row without name */
};

extern const struct form_part form_parts[]; /* ends with a row without name */

/* Whether it needs no asking: who is logged in has said who they are. */
bool question_answered(const struct scope *s, const struct question *question);

#endif
