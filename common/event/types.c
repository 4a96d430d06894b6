/* SPDX-License-Identifier: EUPL-1.2 */
/* The records, the types and their list, made from the rows of events.def. */
#include "common/event/types.h"

#include <string.h>

#include "common/words/codes.h"

/* clang-format off */
#define EVENT(noun, happened, what) static const struct field noun##_##happened##_fields[] = {
#define MEMBER(event, type, name, ...) FIELD(struct event, name, __VA_ARGS__),
#define AS(event, type, name, said, ...) FIELD_AS(struct event, name, said, __VA_ARGS__),
#define END(event) { 0 } };                                                                    \
    static const struct record event##_record = RECORD(#event, struct event, event##_fields);
#define ALIKE(noun, happened, event, what)
#include "common/event/events.def"

#define EVENT(noun, happened, what) ALIKE(noun, happened, noun##_##happened, what)
#define MEMBER(event, type, name, ...)
#define AS(event, type, name, said, ...)
#define END(event)
#define ALIKE(noun, happened, event, what)                                                     \
    const struct event_type noun##_##happened = { #noun "." #happened, #noun "_" #happened,    \
                                                  "no.tillit." #noun "." #happened ".v1", &event##_record };
#include "common/event/events.def"

const struct event_type *const event_types[] = {
#define EVENT(noun, happened, what) &noun##_##happened,
#define MEMBER(event, type, name, ...)
#define AS(event, type, name, said, ...)
#define END(event)
#define ALIKE(noun, happened, event, what) &noun##_##happened,
#include "common/event/events.def"
    NULL,
};
/* clang-format on */

const struct event_type *event_type_find(const char *name)
{
    for (const struct event_type *const *type = event_types; *type; type++)
        if (strcmp((*type)->name, name) == 0 || strcmp((*type)->type, name) == 0)
            return *type;
    return NULL;
}
