/* SPDX-License-Identifier: EUPL-1.2 */
/* The table of the kinds of letters, and looking in it. */
#include "common/letter/kinds.h"

#include <string.h>

size_t letter_language(const char *wanted)
{
    return strcmp(wanted, "nn") == 0;
}

#define IN_ANY_ORDER(...) false, (const char *const[]){ __VA_ARGS__, NULL }
#define IN_ORDER(...) true, (const char *const[]){ __VA_ARGS__, NULL }

const struct letter_kind letter_kinds[] = {
#define LETTER_KIND(kind, event, version, nb, nn, must_say)                                    \
    { #kind, &event, version, { nb, nn }, must_say, &letter_##kind },
#include "common/letter/kinds.def"
#undef LETTER_KIND
    { 0 },
};

const char *const letter_kind_names[] = {
#define LETTER_KIND(kind, ...) #kind,
#include "common/letter/kinds.def"
#undef LETTER_KIND
    NULL,
};

const struct letter_kind *letter_kind_find(const char *name)
{
    for (const struct letter_kind *kind = letter_kinds; kind->name && name; kind++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    return NULL;
}

const struct letter_kind *letter_kind_caused_by(const struct event_type *cause)
{
    for (const struct letter_kind *kind = letter_kinds; kind->name; kind++)
        if (kind->cause == cause)
            return kind;
    return NULL;
}
