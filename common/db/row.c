/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows into structs, and structs into arrays, by the table of their fields. */
#include "common/db/row.h"

static bool in_row(const struct field *f)
{
    return f->kind != KIND_LIST && f->kind != KIND_NESTED && !(f->flags & MADE);
}

static void read_member(struct scope *s, const struct field *f, const struct result *r, int row,
                        void *member)
{
    struct bytes bytes;
    switch (f->kind) {
    case KIND_TEXT:
        *(const char **)member = result_text(r, row, f->name);
        break;
    case KIND_BOOL:
        *(bool *)member = result_flag(r, row, f->name);
        break;
    case KIND_INTEGER:
        *(int64_t *)member = result_integer(r, row, f->name);
        break;
    case KIND_MAYBE:
        *(struct maybe *)member = (struct maybe){ !result_null(r, row, f->name),
                                                  result_integer(r, row, f->name) };
        break;
    case KIND_INSTANT:
        *(struct instant *)member = (struct instant){ result_time(r, row, f->name) };
        break;
    case KIND_BYTES:
        bytes.data = result_bytes(s, r, row, f->name, &bytes.length);
        *(struct bytes *)member = bytes;
        break;
    case KIND_TEXTS:
        *(struct texts *)member = result_texts(s, r, row, f->name);
        break;
    case KIND_LIST:
    case KIND_NESTED:
        break;
    }
}

/* Whether the row lacks what the member can't do without. */
static bool lacks(const struct field *f, const struct result *r, int row)
{
    bool needed = f->kind == KIND_TEXT || f->kind == KIND_INSTANT || f->kind == KIND_INTEGER;
    return needed && !(f->flags & (OPTIONAL | NULLABLE)) && result_null(r, row, f->name);
}

enum problem record_from_row(struct scope *s, const struct record *record, const struct result *r,
                             int row, void *out)
{
    for (const struct field *f = record->fields; f->name; f++) {
        if (!in_row(f))
            continue;
        if (lacks(f, r, row))
            return scope_fail(s, PROBLEM_BUG, "%s: there is no %s", record->name, f->name);
        read_member(s, f, r, row, (char *)out + f->offset);
    }
    return OK;
}

enum problem records_into(struct scope *s, const struct record *record, const struct result *r,
                          void *items)
{
    for (int i = 0; i < r->count; i++)
        TRY(record_from_row(s, record, r, i, (char *)items + (size_t)i * record->size));
    return OK;
}

enum problem records_from_result(struct scope *s, const struct record *record,
                                 const struct result *r, struct list *out)
{
    void *items = arena_array(s->arena, (size_t)r->count, record->size);
    *out = (struct list){ .items = items, .count = (size_t)r->count };
    return records_into(s, record, r, items);
}

static enum array_of array_kind(const struct field *f)
{
    static const enum array_of kinds[] = {
        [KIND_TEXT] = ARRAY_OF_TEXT,       [KIND_BOOL] = ARRAY_OF_FLAGS,
        [KIND_INTEGER] = ARRAY_OF_INTEGERS, [KIND_MAYBE] = ARRAY_OF_INTEGERS,
        [KIND_INSTANT] = ARRAY_OF_TIMES,   [KIND_BYTES] = ARRAY_OF_BYTES,
        [KIND_TEXTS] = ARRAY_OF_TEXT,
    };
    return f->kind == KIND_TEXT && f->format == FORMAT_UUID ? ARRAY_OF_UUID : kinds[f->kind];
}

static void add_member(struct scope *s, struct array *array, const struct field *f, const void *member)
{
    const struct bytes *bytes = member;
    const struct texts *texts = member;
    const struct maybe *maybe = member;
    const struct instant *instant = member;
    switch (f->kind) {
    case KIND_TEXT:
        if (f->format == FORMAT_UUID)
            array_add_uuid(array, *(const char *const *)member);
        else
            array_add_text(array, *(const char *const *)member);
        break;
    case KIND_BOOL:
        array_add_flag(array, *(const bool *)member);
        break;
    case KIND_INTEGER:
        array_add_integer(array, *(const int64_t *)member);
        break;
    case KIND_MAYBE:
        maybe->known ? array_add_integer(array, maybe->value) : array_add_null(array);
        break;
    case KIND_INSTANT:
        instant->us ? array_add_time(array, instant->us) : array_add_null(array);
        break;
    case KIND_BYTES:
        array_add_bytes(array, bytes->data, bytes->length);
        break;
    case KIND_TEXTS:
        array_add_text(array, array_literal(s, texts->items, texts->count));
        break;
    case KIND_LIST:
    case KIND_NESTED:
        break;
    }
}

/* Bytes are the bulk of a batch; the rest grows by itself. */
static size_t room_for(const struct field *f, const void *const *items, size_t count)
{
    enum { USUAL = 64 };
    size_t room = count * USUAL;
    for (size_t i = 0; i < count && f->kind == KIND_BYTES; i++)
        room += ((const struct bytes *)((const char *)items[i] + f->offset))->length;
    return room;
}

int params_from_records(struct scope *s, const struct record *record, const void *const *items,
                        size_t count, struct param *params)
{
    int n = 0;
    for (const struct field *f = record->fields; f->name; f++) {
        if (!in_row(f))
            continue;
        struct array array = array_new(s, array_kind(f), room_for(f, items, count));
        for (size_t i = 0; i < count; i++)
            add_member(s, &array, f, (const char *)items[i] + f->offset);
        params[n++] = param_array(&array);
    }
    return n;
}

enum problem db_run_records(struct scope *s, const struct statement *statement, struct result *out,
                            const struct record *record, struct list items, const struct param *more,
                            int count)
{
    struct param params[PARAMS_MOST];
    const void **each = arena_array(s->arena, items.count, sizeof(*each));
    for (size_t i = 0; i < items.count; i++)
        each[i] = (const char *)items.items + i * record->size;
    int n = params_from_records(s, record, each, items.count, params);
    for (int i = 0; i < count; i++)
        params[n++] = more[i];
    return db_run(s, statement, out, params, n);
}
