/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PAGE_VIEW_H
#define COMMON_PAGE_VIEW_H
/*
 * What a template reads: structs by the field tables that JSON and rows are read and written by. How a member is said
 * follows from its field: words (the code as the reader's word), DAY (an instant's day alone), ENDS (the day that an
 * instant ends, as a deadline at 24:00).
 */
#include "common/record/record.h"

struct view {
    const struct record *record;
    const void *in;          /* a struct of the record */
    json_t *json;            /* where there is no record: an object */
    const struct view *more; /* asked for what this has not; or NULL */
};

/* What a name stands for in a view: a struct, a member, one text of several, or nothing. */
struct value {
    const struct record *record; /* with at: a struct */
    const struct field *field;   /* with at: a member; with text: one of a member's texts */
    const void *at;
    const char *text;
    json_t *json;
};

struct value view_value(const struct view *view);

/* The word of a code: by "status_" and "READY". */
typedef const char *coded_words(const char *kind, const char *code);

/* Finds the value of the first length bytes of name in a struct; false if it has no such member. */
bool value_member(struct value of, const char *name, size_t length, struct value *out);

/* Whether a section of it is shown: not what is absent, false, or empty. */
bool value_true(struct value value);

/* Whether it is a list, however short, and what is in it. */
bool value_is_list(struct value value);
size_t value_count(struct value list);
struct value value_item(struct value list, size_t i);

/* As it is shown; NULL if it is none that can be. */
const char *value_text(struct scope *s, struct value value, coded_words *words);

/* A member of the view, or of what is behind it, as it is; NULL if it is no text. */
const char *view_text(const struct view *view, const char *name);

#endif
