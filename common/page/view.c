/* SPDX-License-Identifier: EUPL-1.2 */
/* Members of structs, and of JSON, as values that a template shows. */
#include "common/page/view.h"

#include <string.h>

struct value view_value(const struct view *view)
{
    return (struct value){ .record = view->record, .at = view->in, .json = view->record ? NULL : view->json };
}

static struct value value_of(const struct field *f, const void *in)
{
    const void *at = (const char *)in + f->offset;
    if (f->kind != KIND_NESTED)
        return (struct value){ .field = f, .at = at };
    const void *nested = *(const void *const *)at;
    return nested ? (struct value){ .record = f->record, .at = nested } : (struct value){ 0 };
}

bool value_member(struct value of, const char *name, size_t length, struct value *out)
{
    const struct field *fields = of.record ? of.record->fields : NULL;
    for (const struct field *f = fields; f && f->name; f++)
        if (strncmp(f->name, name, length) == 0 && !f->name[length]) {
            *out = value_of(f, of.at);
            return true;
        }
    *out = (struct value){ .json = json_object_getn(of.json, name, length) };
    return out->json != NULL;
}

static bool shown_json(const json_t *value)
{
    return value && !json_is_null(value) && !json_is_false(value) &&
           !(json_is_array(value) && json_array_size(value) == 0) &&
           !(json_is_string(value) && json_string_length(value) == 0);
}

static const char *text_in(struct value value)
{
    return value.field && value.field->kind == KIND_TEXT ? *(const char *const *)value.at : value.text;
}

bool value_true(struct value value)
{
    const char *text = text_in(value);
    if (!value.at)
        return text ? *text != '\0' : shown_json(value.json);
    if (value_is_list(value))
        return value_count(value) > 0;
    switch (value.field ? value.field->kind : KIND_NESTED) {
    case KIND_TEXT:
        return text && *text;
    case KIND_BOOL:
        return *(const bool *)value.at;
    case KIND_MAYBE:
        return ((const struct maybe *)value.at)->known;
    case KIND_INSTANT:
        return ((const struct instant *)value.at)->us;
    default:
        return true;
    }
}

bool value_is_list(struct value value)
{
    return json_is_array(value.json) ||
           (value.at && value.field && (value.field->kind == KIND_LIST || value.field->kind == KIND_TEXTS));
}

size_t value_count(struct value list)
{
    if (list.json)
        return json_array_size(list.json);
    return list.field->kind == KIND_LIST ? ((const struct list *)list.at)->count
                                         : ((const struct texts *)list.at)->count;
}

struct value value_item(struct value list, size_t i)
{
    if (list.json)
        return (struct value){ .json = json_array_get(list.json, i) };
    if (list.field->kind == KIND_TEXTS)
        return (struct value){ .field = list.field, .text = ((const struct texts *)list.at)->items[i] };
    const struct list *structs = list.at;
    return (struct value){ .record = list.field->record,
                           .at = (const char *)structs->items + i * list.field->record->size };
}

static const char *instant_text(struct scope *s, const struct field *f, struct instant at)
{
    if (!at.us)
        return NULL;
    if (f->flags & ENDS)
        return due_words(s->arena, at.us);
    return f->flags & DAY ? date_words(s->arena, oslo_date(at.us)) : moment_words(s->arena, at.us);
}

static const char *number_text(struct scope *s, int64_t number)
{
    return arena_printf(s->arena, "%lld", (long long)number);
}

static const char *json_text(struct scope *s, json_t *value)
{
    return json_is_integer(value) ? number_text(s, json_integer_value(value)) : json_string_value(value);
}

static const char *member_text(struct scope *s, const struct field *f, const void *at)
{
    switch (f->kind) {
    case KIND_INTEGER:
        return number_text(s, *(const int64_t *)at);
    case KIND_MAYBE:
        return ((const struct maybe *)at)->known ? number_text(s, ((const struct maybe *)at)->value) : NULL;
    case KIND_INSTANT:
        return instant_text(s, f, *(const struct instant *)at);
    default:
        return NULL;
    }
}

const char *value_text(struct scope *s, struct value value, coded_words *words)
{
    const char *text = text_in(value);
    if (value.json)
        return json_text(s, value.json);
    if (!value.field || value_is_list(value))
        return NULL;
    if (value.field->kind != KIND_TEXT && value.field->kind != KIND_TEXTS)
        return member_text(s, value.field, value.at);
    return value.field->words ? words(value.field->words, text) : text;
}

const char *view_text(const struct view *view, const char *name)
{
    struct value found = { 0 };
    for (; view; view = view->more)
        if (value_member(view_value(view), name, strlen(name), &found))
            break;
    return found.json ? json_string_value(found.json) : text_in(found);
}
