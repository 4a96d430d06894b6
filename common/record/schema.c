/* SPDX-License-Identifier: EUPL-1.2 */
/* Describing: the JSON Schema of a record, and an example from its fields. */
#include "common/record/schema.h"

#include <string.h>

/* What a format is called in JSON Schema: a format, or a pattern. */
static const struct {
    const char *format;
    const char *pattern;
} formats[FORMAT_COUNT] = {
    [FORMAT_UUID] = { "uuid", NULL },
    [FORMAT_DATE] = { "date", NULL },
    [FORMAT_TIME] = { "date-time", NULL },
    [FORMAT_CODE] = { NULL, "^[A-Za-z0-9_.-]{1,64}$" },
    [FORMAT_MUNICIPALITY] = { NULL, "^[0-9]{4}$" },
    [FORMAT_POSTAL_CODE] = { NULL, "^[0-9]{4}$" },
    [FORMAT_PHONE] = { NULL, "^\\+?[0-9 ]{5,20}$" },
    [FORMAT_EMAIL] = { "email", NULL },
    [FORMAT_NATIONAL_ID] = { NULL, "^[0-9]{11}$" },
    [FORMAT_ORGANISATION] = { NULL, "^[0-9]{9}$" },
    [FORMAT_CLOCK] = { NULL, "^([01][0-9]|2[0-3]):[0-5][0-9]$" },
    [FORMAT_COLOUR] = { NULL, "^#[0-9a-f]{6}$" },
    [FORMAT_WEB] = { "uri", NULL },
};

static void set_text(json_t *schema, const char *key, const char *text)
{
    if (text)
        json_object_set_new(schema, key, json_string(text));
}

static json_t *type_of(const char *type, unsigned flags)
{
    return flags & NULLABLE ? json_pack("[s, s]", type, "null") : json_string(type);
}

static json_t *text_schema(const struct field *f, unsigned flags)
{
    json_t *schema = json_object();
    json_object_set_new(schema, "type", type_of("string", flags));
    set_text(schema, "format", formats[f->format].format);
    set_text(schema, "pattern", formats[f->format].pattern);
    if (f->max)
        json_object_set_new(schema, "maxLength", json_integer(f->max));
    if (f->choices) {
        json_t *words = json_array();
        for (const char *const *choice = f->choices; *choice; choice++)
            json_array_append_new(words, json_string(*choice));
        if (flags & NULLABLE)
            json_array_append_new(words, json_null());
        json_object_set_new(schema, "enum", words);
    }
    return schema;
}

static json_t *reference(const struct record *record, const char *refs)
{
    return json_pack("{s: s++}", "$ref", refs, record->name, "");
}

static json_t *array_schema(const struct field *f, json_t *items)
{
    json_t *schema = json_pack("{s: s, s: o}", "type", "array", "items", items);
    if (f->max_items)
        json_object_set_new(schema, "maxItems", json_integer(f->max_items));
    if (f->flags & UNIQUE)
        json_object_set_new(schema, "uniqueItems", json_true());
    return schema;
}

static json_t *nested_schema(const struct field *f, const char *refs)
{
    json_t *schema = reference(f->record, refs);
    return f->flags & NULLABLE ? json_pack("{s: [o, {s: s}]}", "anyOf", schema, "type", "null")
                               : schema;
}

static json_t *field_schema(const struct field *f, const char *refs)
{
    switch (f->kind) {
    case KIND_TEXT:
        return text_schema(f, f->flags);
    case KIND_BOOL:
        return f->flags & TRUE_ONLY ? json_pack("{s: b}", "const", 1)
                                    : json_pack("{s: s}", "type", "boolean");
    case KIND_INSTANT:
        return json_pack("{s: o, s: s}", "type", type_of("string", f->flags), "format", "date-time");
    case KIND_INTEGER:
    case KIND_MAYBE:
        return json_pack("{s: o}", "type", type_of("integer", f->flags));
    case KIND_TEXTS:
        return array_schema(f, text_schema(f, 0));
    case KIND_LIST:
        return array_schema(f, reference(f->record, refs));
    case KIND_NESTED:
        return nested_schema(f, refs);
    case KIND_BYTES:
        break;
    }
    return json_object();
}

json_t *record_schema(const struct record *record, enum strictness strictness,
                      const char *refs)
{
    json_t *members = json_object();
    json_t *required = json_array();
    for (const struct field *f = record->fields; f->name; f++) {
        if (!field_said(f))
            continue;
        json_t *schema = field_schema(f, refs);
        set_text(schema, "description", f->summary);
        json_object_set_new(members, f->name, schema);
        if (!(f->flags & OPTIONAL))
            json_array_append_new(required, json_string(f->name));
    }
    json_t *schema = json_pack("{s: s, s: o, s: o}", "type", "object", "properties", members,
                               "required", required);
    if (strictness == RECORD_BODY)
        json_object_set_new(schema, "additionalProperties", json_false());
    return schema;
}

json_t *record_example(const struct record *record)
{
    json_t *example = json_object();
    for (const struct field *f = record->fields; f->name; f++) {
        json_t *value = NULL;
        if (f->example)
            value = json_loads(f->example, JSON_DECODE_ANY, NULL);
        else if (f->kind == KIND_NESTED)
            value = record_example(f->record);
        else if (f->kind == KIND_LIST)
            value = json_pack("[o]", record_example(f->record));
        if (value)
            json_object_set_new(example, f->name, value);
    }
    return example;
}
