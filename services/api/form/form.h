/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_FORM_FORM_H
#define SERVICES_API_FORM_FORM_H
/* The citizen's form as a table of questions: it makes the page, and the document from what is sent. */
#include <jansson.h>
#include <stdbool.h>

#include "common/problem/scope.h"

struct http_reply;
struct pairs;
struct request;

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

/* What was answered, without what nobody sees: of a code also without what only parts it, so that
 * what people paste is read as they mean it. Well-formed UTF-8 stays so. */
const char *form_clean(struct scope *s, enum ask ask, const char *text);

/* The application document from the form's fields: what is left empty is left out, and so is what
 * is not asked of the role that was chosen. The caller owns it (json_decref). */
json_t *form_document(struct scope *s, const struct pairs *fields);

/* The page for a form that was sent after its session had ended: nothing that was written is lost, and it stays
 * with whom it was drawn for. What they wrote comes back in the very answer to what this browser sent, and
 * nowhere else. */
enum problem form_again(struct scope *s, const struct request *request,
                        struct http_reply *reply);

/* The view for templates/form.html; fields may be empty. Errors come from the scope: each has at least
 * one line in the summary, which leads to a question on the page. The caller owns it. */
json_t *form_view(struct scope *s, const struct pairs *fields, const char *key);

#endif
