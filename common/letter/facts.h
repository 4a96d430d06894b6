/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_LETTER_FACTS_H
#define COMMON_LETTER_FACTS_H
/* What letters are made of, whatever their kind. All is borrowed, and UTF-8. */
#include "common/case/deadline.h"
#include "common/record/record.h"

/* Whose letter it is, and about what. Templates of every kind may name what its record does. */
struct letter_head {
    const char *language; /* as wanted */
    const char *recipient_name;
    const char *municipality_name;
    const char *phone; /* of the municipality, or NULL */
    const char *reference;
    /* on the paper alone */
    const char *sender_where;  /* address, telephone and web address in a line, or NULL */
    const char *sender_colour; /* "#12405c", or NULL: black */
};
extern const struct record letter_head_record;

/* What is known of a case where a letter of it is made. */
struct letter_source {
    struct letter_head head;
    const char *case_id;
    struct deadline_cause cause;
    struct texts services; /* asked for */
    json_t *document;      /* the application */
};

/* A text of the document, or of a part of it; NULL if it is not there. */
const char *letter_source_text(const struct letter_source *from, const char *part, const char *name);

/* What a person wrote, as a view's items { line }: escaped, each with a hard break where another follows. */
json_t *letter_lines(struct scope *s, const char *text);

#endif
