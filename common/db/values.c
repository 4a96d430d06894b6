/* SPDX-License-Identifier: EUPL-1.2 */
/* Parameters on the way in, columns on the way out. */
#include "common/db/values.h"

#include <assert.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/time/instant.h"

struct param param_text(const char *text)
{
    return (struct param){ .data = text };
}

struct param param_bytes(const void *data, size_t length)
{
    return (struct param){ .data = data, .length = (int)length, .binary = true };
}

struct param param_integer(struct scope *s, int64_t value)
{
    return param_text(arena_printf(s->arena, "%lld", (long long)value));
}

struct param param_maybe(struct scope *s, bool known, int64_t value)
{
    return known ? param_integer(s, value) : param_text(NULL);
}

struct param param_flag(bool value)
{
    return param_text(value ? "t" : "f");
}

/* Microseconds, unlike what people and events are shown. */
static char *time_text(struct scope *s, int64_t instant)
{
    time_t seconds = (time_t)(instant / SECOND_US);
    int64_t rest = instant % SECOND_US;
    if (rest < 0) {
        rest += SECOND_US;
        seconds--;
    }
    struct tm utc;
    gmtime_r(&seconds, &utc);
    return arena_printf(s->arena, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", utc.tm_year + 1900,
                        utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                        (int)rest);
}

struct param param_time(struct scope *s, int64_t instant)
{
    return param_text(time_text(s, instant));
}

static void add_item(struct buffer *b, const char *item)
{
    if (!item) {
        buffer_text(b, "NULL");
        return;
    }
    buffer_char(b, '"');
    for (const char *c = item; *c; c++) {
        if (*c == '"' || *c == '\\')
            buffer_char(b, '\\');
        buffer_char(b, *c);
    }
    buffer_char(b, '"');
}

char *array_literal(struct scope *s, const char *const *items, size_t count)
{
    struct buffer b = buffer_new(s->arena);
    buffer_char(&b, '{');
    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_char(&b, ',');
        add_item(&b, items[i]);
    }
    buffer_char(&b, '}');
    return b.text;
}

struct param param_list(struct scope *s, const char *const *items, size_t count)
{
    return param_text(array_literal(s, items, count));
}

static int column_of(const struct result *r, const char *column)
{
    int c = PQfnumber(r->pg, column);
    if (c < 0)
        abort();
    return c;
}

bool result_null(const struct result *r, int row, const char *column)
{
    return PQgetisnull(r->pg, row, column_of(r, column));
}

const char *result_text(const struct result *r, int row, const char *column)
{
    int c = column_of(r, column);
    return PQgetisnull(r->pg, row, c) ? NULL : PQgetvalue(r->pg, row, c);
}

int64_t result_integer(const struct result *r, int row, const char *column)
{
    const char *text = result_text(r, row, column);
    return text ? strtoll(text, NULL, 10) : 0;
}

bool result_flag(const struct result *r, int row, const char *column)
{
    const char *text = result_text(r, row, column);
    return text && *text == 't';
}

/* PostgreSQL in UTC writes "2026-11-24 09:12:33.123456+00". */
static bool read_time(const char *text, int64_t *out)
{
    char rfc3339[48];
    if (snprintf(rfc3339, sizeof(rfc3339), "%s:00", text) < 20)
        return false;
    rfc3339[10] = 'T';
    return instant_parse(rfc3339, out);
}

bool result_time_readable(const struct result *r, int row, const char *column)
{
    const char *text = result_text(r, row, column);
    int64_t at;
    return text && read_time(text, &at);
}

int64_t result_time(const struct result *r, int row, const char *column)
{
    const char *text = result_text(r, row, column);
    int64_t instant = 0;
    if (!text || read_time(text, &instant))
        return instant;
    bool of_old = strlen(text) > 4 && text[4] == '-' && *text < '2';
    return *text == '-' || strstr(text, "BC") || of_old ? INSTANT_FIRST : INSTANT_LAST;
}

static unsigned hex_digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

const unsigned char *result_bytes(struct scope *s, const struct result *r, int row,
                                  const char *column, size_t *length)
{
    const char *text = result_text(r, row, column);
    *length = 0;
    if (!text)
        return NULL;
    assert(text[0] == '\\' && text[1] == 'x');
    *length = strlen(text + 2) / 2;
    unsigned char *bytes = arena_alloc(s->arena, *length + 1);
    for (size_t i = 0; i < *length; i++)
        bytes[i] = (unsigned char)(hex_digit(text[2 + 2 * i]) << 4 | hex_digit(text[3 + 2 * i]));
    return bytes;
}

/* One item of an array's text form; moves past it and its comma. */
static const char *next_item(struct scope *s, const char **at)
{
    struct buffer b = buffer_new(s->arena);
    bool quoted = **at == '"';
    const char *c = *at + quoted;
    while (*c && (quoted ? *c != '"' : *c != ',' && *c != '}')) {
        if (*c == '\\')
            c++;
        buffer_char(&b, *c++);
    }
    c += quoted;
    *at = *c == ',' ? c + 1 : c;
    return b.text;
}

struct texts result_texts(struct scope *s, const struct result *r, int row, const char *column)
{
    const char *text = result_text(r, row, column);
    if (!text || strcmp(text, "{}") == 0)
        return (struct texts){ 0 };
    size_t most = 1;
    for (const char *c = text; *c; c++)
        most += *c == ',';
    const char **items = arena_array(s->arena, most, sizeof(*items));
    size_t count = 0;
    for (const char *at = text + 1; *at && *at != '}';)
        items[count++] = next_item(s, &at);
    return (struct texts){ .items = items, .count = count };
}
