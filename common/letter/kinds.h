/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_LETTER_KINDS_H
#define COMMON_LETTER_KINDS_H
/* The kinds of letters (kinds.def), as pages, packs and the program that makes them know them. */
#include "common/event/types.h"
#include "common/letter/facts.h"

/* What a letter of a kind is made of. Templates name the members of its facts, and of its head, by their
 * names, a day in words; view adds what is worked out of them. */
struct letter_made_of {
    const struct record *facts; /* each field with an example: templates are tried on them */
    enum problem (*read)(struct scope *s, const struct letter_source *from, void *facts);
    json_t *(*view)(struct scope *s, const void *facts); /* a new one */
};

enum { LETTER_LANGUAGES = 2 }; /* letter_language_codes */
/* The one for who wants that: others than nn get nb. */
size_t letter_language(const char *wanted);

struct letter_kind {
    const char *name;
    const struct event_type *cause;
    const char *version;
    const char *titles[LETTER_LANGUAGES];
    bool in_order;
    const char *const *must_say; /* NULL ends them */
    const struct letter_made_of *of;
};

extern const struct letter_kind letter_kinds[]; /* ended by a row without name */
extern const char *const letter_kind_names[]; /* the same, for records' choices */
#define LETTER_KIND(kind, ...) extern const struct letter_made_of letter_##kind;
#include "common/letter/kinds.def"
#undef LETTER_KIND

/* NULL if there is none. */
const struct letter_kind *letter_kind_find(const char *name);
const struct letter_kind *letter_kind_caused_by(const struct event_type *cause);

#endif
