/* SPDX-License-Identifier: EUPL-1.2 */
/* Checks that span fields run on what is there and sound, so that none has to think of the rest. */
#include "common/record/check.h"

#include <string.h>

#include "common/record/record.h"

static const struct field *field_at(const struct record *record, const char *name, size_t length)
{
    for (const struct field *f = record->fields; f->name; f++)
        if (strncmp(f->name, name, length) == 0 && f->name[length] == '\0')
            return f;
    return NULL;
}

const struct field *record_field(const struct record *record, const char *pointer)
{
    const struct field *f = NULL;
    for (const char *at = pointer; *at; record = f->record) {
        size_t length = strcspn(++at, "/");
        f = record ? field_at(record, at, length) : NULL;
        if (!f)
            return NULL;
        at += length;
    }
    return f;
}

/* Numbers, booleans and lists can't be told from none: they were refused if they had to be there. */
static bool is_there(const struct field *f, const char *member)
{
    switch (f->kind) {
    case KIND_TEXT:
    case KIND_NESTED:
        return *(const void *const *)member != NULL;
    case KIND_MAYBE:
        return ((const struct maybe *)member)->known;
    case KIND_INSTANT:
        return ((const struct instant *)member)->us != 0;
    default:
        return true;
    }
}

/* Whether the member at the pointer is there, and nothing of it was refused: of a record within, that
 * is the record itself, for its members are read by their own pointers. */
static bool readable(const struct scope *s, const struct record *record, const void *document,
                     const char *pointer)
{
    const char *out = document;
    const struct field *f = NULL;
    for (const char *at = pointer; *at; record = f->record) {
        size_t length = strcspn(++at, "/");
        f = field_at(record, at, length);
        out = f->kind == KIND_NESTED && at[length] ? *(const char *const *)(out + f->offset)
                                                   : out + f->offset;
        if (!out)
            return false;
        at += length;
    }
    return is_there(f, out) && !scope_faulted(s, pointer, f->kind != KIND_NESTED && f->kind != KIND_LIST);
}

void record_check(struct scope *s, const struct record *record, const void *document)
{
    for (const struct check *check = record->checks; check && check->run; check++) {
        const char *const *read = check->reads;
        while (*read && readable(s, record, document, *read))
            read++;
        if (!*read)
            check->run(s, document);
    }
}
