/* SPDX-License-Identifier: EUPL-1.2 */
/* Encoding: from a struct to compact JSON. */
#include <string.h>

#include "common/record.h"

static json_t *object_of(const struct record *record, const void *in, bool mask);

static json_t *texts_of(const struct texts *texts)
{
    json_t *array = json_array();
    for (size_t i = 0; i < texts->count; i++)
        json_array_append_new(array, json_string(texts->items[i]));
    return array;
}

static json_t *list_of(const struct field *f, const struct list *list, bool mask)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(
            array, object_of(f->record, (const char *)list->items + i * f->record->size, mask));
    return array;
}

static json_t *value_of(const struct field *f, const void *member, bool mask)
{
    const char *text;
    const void *nested;
    const struct maybe *maybe;
    switch (f->kind) {
    case KIND_TEXT:
        text = *(const char *const *)member;
        return text && *text ? json_string(text) : json_null();
    case KIND_BOOL:
        return json_boolean(*(const bool *)member);
    case KIND_INTEGER:
        return json_integer(*(const int64_t *)member);
    case KIND_MAYBE:
        maybe = member;
        return maybe->known ? json_integer(maybe->value) : json_null();
    case KIND_TEXTS:
        return texts_of(member);
    case KIND_LIST:
        return list_of(f, member, mask);
    case KIND_NESTED:
        nested = *(void *const *)member;
        return nested ? object_of(f->record, nested, mask) : json_null();
    }
    return json_null();
}

static json_t *object_of(const struct record *record, const void *in, bool mask)
{
    json_t *object = json_object();
    for (const struct field *f = record->fields; f->name; f++) {
        json_t *value = value_of(f, (const char *)in + f->offset, mask);
        if (mask && (f->flags & PERSONAL) && !json_is_null(value)) {
            json_decref(value);
            value = json_string("***");
        }
        if (json_is_null(value) && (f->flags & OPTIONAL) && !(f->flags & NULLABLE))
            json_decref(value);
        else
            json_object_set_new(object, f->name, value);
    }
    return object;
}

static int add_chunk(const char *chunk, size_t length, void *buffer)
{
    buffer_add(buffer, chunk, length);
    return 0;
}

static char *encode(struct scope *s, const struct record *record, const void *in, bool mask)
{
    struct buffer b = buffer_new(s->arena);
    json_t *object = object_of(record, in, mask);
    json_dump_callback(object, add_chunk, &b, JSON_COMPACT);
    json_decref(object);
    return b.text;
}

char *record_to_json(struct scope *s, const struct record *record, const void *in)
{
    return encode(s, record, in, false);
}

char *record_to_masked_json(struct scope *s, const struct record *record, const void *in)
{
    return encode(s, record, in, true);
}
