/* SPDX-License-Identifier: EUPL-1.2 */
/* Decoding: from JSON into a struct, with every fault at once. */
#include "common/record/record.h"

#include <math.h>
#include <string.h>

#include "common/record/check.h"
#include "common/record/scan.h"

struct decoding {
    struct scope *s;
    enum strictness strictness;
};

/* Where a value stands. Most values have no fault: the pointer is written when one is found. */
struct place {
    const struct place *in; /* NULL: the document itself */
    const char *name;       /* NULL: an item */
    size_t index;
};

static void write_place(struct buffer *b, const struct place *place)
{
    if (!place->in)
        return;
    write_place(b, place->in);
    buffer_char(b, '/');
    if (!place->name)
        buffer_printf(b, "%zu", place->index);
    for (const char *c = place->name; c && *c; c++) {
        if (*c == '~' || *c == '/')
            buffer_text(b, *c == '~' ? "~0" : "~1");
        else
            buffer_char(b, *c);
    }
}

/* RFC 6901: ~ and / in a name are escaped. */
static void refuse(struct decoding *d, const struct place *place, enum fault fault)
{
    struct buffer b = buffer_new(d->s->arena);
    write_place(&b, place);
    scope_fault(d->s, b.text, fault);
}

static bool chosen(const struct field *f, const char *text)
{
    if (!f->choices)
        return true;
    for (const char *const *choice = f->choices; *choice; choice++)
        if (strcmp(*choice, text) == 0)
            return true;
    return false;
}

/* The fault of a text, FAULT_COUNT if it has none. */
static enum fault text_fault(const struct field *f, const char *text, size_t length)
{
    struct date day;
    if (!text_well_formed(text, length))
        return FAULT_FORMAT;
    if (!chosen(f, text))
        return FAULT_CHOICE;
    if (f->max && text_characters(text) > f->max)
        return FAULT_LENGTH;
    if (!text_has_format(text, f->kind == KIND_INSTANT ? FORMAT_TIME : f->format))
        return FAULT_FORMAT;
    if (f->format == FORMAT_DATE && !date_parse(text, &day))
        return FAULT_DATE;
    return FAULT_COUNT;
}

/* The text of a JSON string that has no fault, else NULL after noting it. */
static const char *checked_text(struct decoding *d, const struct field *f, json_t *value,
                                const struct place *place)
{
    if (!json_is_string(value)) {
        refuse(d, place, FAULT_TYPE);
        return NULL;
    }
    const char *text = json_string_value(value);
    enum fault fault = text_fault(f, text, json_string_length(value));
    if (fault == FAULT_COUNT)
        return text;
    refuse(d, place, fault);
    return NULL;
}

static void decode_text(struct decoding *d, const struct field *f, json_t *value,
                        const struct place *place, void *member)
{
    const char *text = json_string_value(value);
    bool optional = f->flags & OPTIONAL;
    /* What was taken once is not judged again by what we know of blanks today. */
    bool judged = optional || d->strictness == RECORD_BODY || (text && !*text);
    if (text && judged && text_blank(text) && text_well_formed(text, json_string_length(value))) {
        if (!optional)
            refuse(d, place, FAULT_MISSING);
        return;
    }
    *(const char **)member = checked_text(d, f, value, place);
}

static void decode_instant(struct decoding *d, const struct field *f, json_t *value,
                           const struct place *place, void *member)
{
    const char *text = NULL;
    struct instant *at = member;
    decode_text(d, f, value, place, &text);
    if (text && instant_parse(text, &at->us) && !at->us)
        refuse(d, place, FAULT_RANGE); /* 1970 on the stroke: it could not be told from none */
}

static void decode_bool(struct decoding *d, const struct field *f, json_t *value,
                        const struct place *place, void *member)
{
    if (!json_is_boolean(value))
        refuse(d, place, FAULT_TYPE);
    else if ((f->flags & TRUE_ONLY) && !json_is_true(value))
        refuse(d, place, FAULT_CHOICE);
    *(bool *)member = json_is_true(value);
}

static void decode_integer(struct decoding *d, const struct field *f, json_t *value,
                           const struct place *place, void *member)
{
    if (!json_is_integer(value)) {
        bool beyond = json_is_real(value) && fabs(json_real_value(value)) >= 0x1p63;
        refuse(d, place, beyond ? FAULT_RANGE : FAULT_TYPE);
        return;
    }
    if (f->kind == KIND_MAYBE)
        *(struct maybe *)member =
            (struct maybe){ .known = true, .value = json_integer_value(value) };
    else
        *(int64_t *)member = json_integer_value(value);
}

static bool repeated(const struct texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->items[i], text) == 0)
            return true;
    return false;
}

static bool array_fits(struct decoding *d, const struct field *f, json_t *value,
                       const struct place *place)
{
    if (!json_is_array(value)) {
        refuse(d, place, FAULT_TYPE);
        return false;
    }
    if (f->max_items && json_array_size(value) > f->max_items) {
        refuse(d, place, FAULT_LENGTH);
        return false;
    }
    return true;
}

static void decode_texts(struct decoding *d, const struct field *f, json_t *value,
                         const struct place *place, void *member)
{
    if (!array_fits(d, f, value, place))
        return;
    const char **items =
        arena_array(d->s->arena, json_array_size(value), sizeof(*items));
    struct texts texts = { .items = items };
    for (size_t i = 0; i < json_array_size(value); i++) {
        const struct place at = { .in = place, .index = i };
        const char *text = checked_text(d, f, json_array_get(value, i), &at);
        if (text && (f->flags & UNIQUE) && repeated(&texts, text))
            refuse(d, &at, FAULT_REPEAT);
        else if (text)
            items[texts.count++] = text;
    }
    *(struct texts *)member = texts;
}

static void decode_object(struct decoding *d, const struct record *record, json_t *value,
                          const struct place *place, void *out);

static void decode_nested(struct decoding *d, const struct field *f, json_t *value,
                          const struct place *place, void *member)
{
    void *out = arena_alloc(d->s->arena, f->record->size);
    decode_object(d, f->record, value, place, out);
    *(void **)member = out;
}

static void decode_list(struct decoding *d, const struct field *f, json_t *value,
                        const struct place *place, void *member)
{
    if (!array_fits(d, f, value, place))
        return;
    size_t count = json_array_size(value);
    char *items = arena_array(d->s->arena, count, f->record->size);
    for (size_t i = 0; i < count; i++)
        decode_object(d, f->record, json_array_get(value, i),
                      &(struct place){ .in = place, .index = i }, items + i * f->record->size);
    *(struct list *)member = (struct list){ .items = items, .count = count };
}

static void (*const decoders[])(struct decoding *, const struct field *, json_t *,
                                const struct place *, void *) = {
    [KIND_TEXT] = decode_text,   [KIND_BOOL] = decode_bool,   [KIND_INTEGER] = decode_integer,
    [KIND_MAYBE] = decode_integer, [KIND_INSTANT] = decode_instant, [KIND_TEXTS] = decode_texts,
    [KIND_LIST] = decode_list,   [KIND_NESTED] = decode_nested,
};

static const struct field *field_named(const struct record *record, const char *name)
{
    for (const struct field *f = record->fields; f->name; f++)
        if (field_said(f) && strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

static void refuse_unknown(struct decoding *d, const struct record *record, json_t *value,
                           const struct place *place)
{
    const char *name;
    json_t *member;
    json_object_foreach(value, name, member)
        if (!field_named(record, name))
            refuse(d, &(struct place){ .in = place, .name = name }, FAULT_UNKNOWN);
}

static void decode_object(struct decoding *d, const struct record *record, json_t *value,
                          const struct place *place, void *out)
{
    if (!json_is_object(value)) {
        refuse(d, place, FAULT_TYPE);
        return;
    }
    for (const struct field *f = record->fields; f->name; f++) {
        json_t *member = json_object_get(value, f->name);
        const struct place at = { .in = place, .name = f->name };
        if (!field_said(f))
            continue;
        if (!member) {
            if (!(f->flags & OPTIONAL))
                refuse(d, &at, FAULT_MISSING);
        } else if (!json_is_null(member)) {
            decoders[f->kind](d, f, member, &at, (char *)out + f->offset);
        } else if (!(f->flags & NULLABLE)) {
            refuse(d, &at, FAULT_TYPE);
        } else if (f->kind == KIND_TEXT) {
            *(const char **)((char *)out + f->offset) = "";
        }
    }
    if (d->strictness == RECORD_BODY)
        refuse_unknown(d, record, value, place);
}

enum problem record_from_value(struct scope *s, const struct record *record,
                               enum strictness strictness, json_t *value, void *out)
{
    struct decoding d = { .s = s, .strictness = strictness };
    decode_object(&d, record, value, &(struct place){ 0 }, out);
    if (json_is_object(value))
        record_check(s, record, out);
    return scope_faults(s);
}

enum problem record_from_json(struct scope *s, const struct record *record,
                              enum strictness strictness, const char *text, size_t length,
                              void *out)
{
    json_error_t error;
    TRY(record_scan(s, text, length, &text));
    /* The scan has named duplicates; the rest of the document is checked all the same. A NUL in a
     * body is its text's own fault, as half a surrogate pair is. */
    size_t flags = (s->errors ? 0 : JSON_REJECT_DUPLICATES) |
                   (strictness == RECORD_BODY ? JSON_ALLOW_NUL : 0);
    json_t *value = arena_value(s->arena, json_loadb(text, length, flags, &error));
    if (!value)
        return scope_fail(s, PROBLEM_MALFORMED, "the body is not well-formed JSON (line %d)",
                          error.line);
    return record_from_value(s, record, strictness, value, out);
}
