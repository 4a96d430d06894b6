/* SPDX-License-Identifier: EUPL-1.2 */
/* The binary form of a one-dimensional array (PostgreSQL, array_recv): a head, then length and bytes
 * of each item, all big-endian. */
#include "common/db/array.h"

#include <arpa/inet.h>
#include <assert.h>
#include <endian.h>
#include <string.h>

#include "common/base/uuid.h"
#include "common/time/calendar.h"

/* pg_type.oid of the elements. */
static const uint32_t oids[] = {
    [ARRAY_OF_TEXT] = 25,  [ARRAY_OF_UUID] = 2950,  [ARRAY_OF_BYTES] = 17,
    [ARRAY_OF_FLAGS] = 16, [ARRAY_OF_TIMES] = 1184, [ARRAY_OF_INTEGERS] = 20,
};

static const int64_t epoch_2000 = INT64_C(946684800) * SECOND_US;

/* A batch's worth of ids: an array that grows by itself is copied a few times less. */
enum { USUAL_ROOM = 4096, ITEM_ROOM = 20 };

struct head {
    uint32_t dimensions, may_hold_nulls, oid, count, lower_bound;
};

struct array array_new(struct scope *s, enum array_of what, size_t room)
{
    const struct head head = { htonl(1), htonl(1), htonl(oids[what]), 0, htonl(1) };
    struct array array = { .bytes = buffer_sized(s->arena, sizeof(head) + (room ? room : USUAL_ROOM)) };
    buffer_add(&array.bytes, &head, sizeof(head));
    return array;
}

static void add(struct array *array, const void *data, size_t length)
{
    uint32_t wire = htonl(data ? (uint32_t)length : UINT32_MAX);
    buffer_add(&array->bytes, &wire, sizeof(wire));
    if (data)
        buffer_add(&array->bytes, data, length);
    array->count++;
}

void array_add_text(struct array *array, const char *text)
{
    add(array, text, text ? strlen(text) : 0);
}

void array_add_uuid(struct array *array, const char *uuid)
{
    unsigned char bytes[16];
    bool well_formed = !uuid || uuid_parse(uuid, bytes);
    assert(well_formed);
    add(array, uuid ? bytes : NULL, sizeof(bytes));
}

void array_add_bytes(struct array *array, const void *data, size_t length)
{
    add(array, data, length);
}

void array_add_flag(struct array *array, bool value)
{
    add(array, &(char){ value }, 1);
}

void array_add_time(struct array *array, int64_t instant)
{
    uint64_t wire = htobe64((uint64_t)(instant - epoch_2000));
    add(array, &wire, sizeof(wire));
}

void array_add_integer(struct array *array, int64_t value)
{
    uint64_t wire = htobe64((uint64_t)value);
    add(array, &wire, sizeof(wire));
}

void array_add_null(struct array *array)
{
    add(array, NULL, 0);
}

struct param param_array(struct array *array)
{
    uint32_t count = htonl(array->count);
    memcpy(array->bytes.text + offsetof(struct head, count), &count, sizeof(count));
    return param_bytes(array->bytes.text, array->bytes.length);
}

struct param param_ids(struct scope *s, const char *const *ids, size_t count)
{
    struct array array = array_new(s, ARRAY_OF_UUID, count * ITEM_ROOM);
    for (size_t i = 0; i < count; i++)
        array_add_uuid(&array, ids[i]);
    return param_array(&array);
}

struct param param_integers(struct scope *s, const int64_t *items, size_t count)
{
    struct array array = array_new(s, ARRAY_OF_INTEGERS, count * ITEM_ROOM);
    for (size_t i = 0; i < count; i++)
        array_add_integer(&array, items[i]);
    return param_array(&array);
}
