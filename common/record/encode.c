/* SPDX-License-Identifier: EUPL-1.2 */
/* Encoding: from a struct to compact JSON, written as it is walked. */
#include "common/record/encode.h"

#include <string.h>

#include "common/record/record.h"

static void add_object(struct buffer *b, const struct record *record, const void *in);

static void add_escaped(struct buffer *b, unsigned char c)
{
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* pairs: the character, its letter */
    for (const char *pair = letters; *pair; pair += 2)
        if (*pair == (char)c) {
            buffer_char(b, '\\');
            buffer_char(b, pair[1]);
            return;
        }
    buffer_printf(b, "\\u%04X", c);
}

static void add_text(struct buffer *b, const char *text)
{
    buffer_char(b, '"');
    while (*text) {
        size_t plain = 0;
        while ((unsigned char)text[plain] >= 0x20 && text[plain] != '"' && text[plain] != '\\')
            plain++;
        buffer_add(b, text, plain);
        text += plain;
        if (*text)
            add_escaped(b, (unsigned char)*text++);
    }
    buffer_char(b, '"');
}

static void add_texts(struct buffer *b, const struct texts *texts)
{
    buffer_char(b, '[');
    for (size_t i = 0; i < texts->count; i++) {
        if (i)
            buffer_char(b, ',');
        add_text(b, texts->items[i]);
    }
    buffer_char(b, ']');
}

static void add_list(struct buffer *b, const struct field *f, const struct list *list)
{
    buffer_char(b, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            buffer_char(b, ',');
        add_object(b, f->record, (const char *)list->items + i * f->record->size);
    }
    buffer_char(b, ']');
}

static bool absent(const struct field *f, const void *member)
{
    const char *text;
    switch (f->kind) {
    case KIND_TEXT:
        text = *(const char *const *)member;
        return !text || (!*text && f->flags & (OPTIONAL | NULLABLE));
    case KIND_MAYBE:
        return !((const struct maybe *)member)->known;
    case KIND_INSTANT:
        return !((const struct instant *)member)->us;
    case KIND_NESTED:
        return !*(void *const *)member;
    default:
        return false;
    }
}

static void add_instant(struct buffer *b, struct instant instant)
{
    buffer_char(b, '"');
    buffer_text(b, instant_rfc3339(b->arena, instant.us));
    buffer_char(b, '"');
}

static void add_value(struct buffer *b, const struct field *f, const void *member)
{
    if (absent(f, member)) {
        buffer_text(b, "null");
        return;
    }
    switch (f->kind) {
    case KIND_TEXT:
        add_text(b, *(const char *const *)member);
        break;
    case KIND_BOOL:
        buffer_text(b, *(const bool *)member ? "true" : "false");
        break;
    case KIND_INTEGER:
        buffer_printf(b, "%lld", (long long)*(const int64_t *)member);
        break;
    case KIND_MAYBE:
        buffer_printf(b, "%lld", (long long)((const struct maybe *)member)->value);
        break;
    case KIND_INSTANT:
        add_instant(b, *(const struct instant *)member);
        break;
    case KIND_TEXTS:
        add_texts(b, member);
        break;
    case KIND_LIST:
        add_list(b, f, member);
        break;
    case KIND_NESTED:
        add_object(b, f->record, *(void *const *)member);
        break;
    case KIND_BYTES:
        break;
    }
}

static void add_object(struct buffer *b, const struct record *record, const void *in)
{
    char before = '{';
    for (const struct field *f = record->fields; f->name; f++) {
        const void *member = (const char *)in + f->offset;
        if (!field_said(f) || (absent(f, member) && !(f->flags & NULLABLE)))
            continue;
        buffer_char(b, before);
        buffer_char(b, '"');
        buffer_text(b, f->name);
        buffer_text(b, "\":");
        add_value(b, f, member);
        before = ',';
    }
    buffer_text(b, before == '{' ? "{}" : "}");
}

char *record_to_json(struct scope *s, const struct record *record, const void *in)
{
    struct buffer b = buffer_new(s->arena);
    add_object(&b, record, in);
    return b.text;
}
