/* SPDX-License-Identifier: EUPL-1.2 */
/* application/x-www-form-urlencoded, parsed by ourselves: the library's parser loops on a NUL. */
#include "common/http/pairs.h"

#include <string.h>

#include "common/base/text.h"

enum { MOST_PAIRS = 500 };

/* The byte that stands there, past which *at moves; -1 for an escape that is none, of which the % is read. */
static int next_byte(const char **at, const char *to)
{
    const char *from = (*at)++;
    if (*from == '+')
        return ' ';
    if (*from != '%')
        return (unsigned char)*from;
    if (to - from < 3 || text_hex(from[1]) < 0 || text_hex(from[2]) < 0)
        return -1;
    *at += 2;
    return text_hex(from[1]) << 4 | text_hex(from[2]);
}

/* Control characters are the fields' own check. */
static const char *only_utf8(struct scope *s, const char *text, bool *broken)
{
    struct buffer b = buffer_sized(s->arena, strlen(text) + 1);
    while (*text) {
        int32_t point = text_next(&text);
        if (point < 0)
            *broken = true;
        else
            text_put(&b, point);
    }
    return b.text;
}

/* Decodes [from, to) into a fresh text. What can be no text is left out, and an escape that is none stays as it is
 * written; *broken says so. CR LF and a lone CR become \n. */
static const char *decode(struct scope *s, const char *from, const char *to, bool *broken)
{
    char *text = arena_alloc(s->arena, (size_t)(to - from) + 1);
    size_t length = 0;
    while (from < to) {
        int c = next_byte(&from, to);
        *broken = *broken || c <= 0;
        if (!c)
            continue;
        if (c == '\n' && length > 0 && text[length - 1] == '\r')
            length--;
        text[length++] = (char)(c < 0 ? '%' : c);
    }
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\r')
            text[i] = '\n';
    text[length] = '\0';
    return only_utf8(s, text, broken);
}

static enum problem parse_pair(struct scope *s, const char *from, const char *to,
                               struct pair *out)
{
    const char *equals = memchr(from, '=', (size_t)(to - from));
    bool broken = false;
    *out = (struct pair){ .name = decode(s, from, equals ? equals : to, &broken), .value = "" };
    if (broken)
        return scope_fail(s, PROBLEM_MALFORMED, "the name of a field is no text");
    if (equals)
        out->value = decode(s, equals + 1, to, &broken);
    if (broken)
        scope_fault(s, arena_printf(s->arena, "/%s", out->name), FAULT_FORMAT);
    return OK;
}

enum problem pairs_parse(struct scope *s, const char *text, size_t length, struct pairs *out)
{
    struct pair *items = arena_array(s->arena, MOST_PAIRS, sizeof(*items));
    const char *end = text + length;
    size_t count = 0;
    while (text < end) {
        const char *stop = memchr(text, '&', (size_t)(end - text));
        if (!stop)
            stop = end;
        if (stop > text) {
            if (count == MOST_PAIRS)
                return scope_fail(s, PROBLEM_MALFORMED, "the form has too many fields");
            TRY(parse_pair(s, text, stop, &items[count++]));
        }
        text = stop + 1;
    }
    *out = (struct pairs){ .items = items, .count = count };
    return OK;
}

const char *pairs_get(const struct pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->items[i].name, name) == 0)
            return pairs->items[i].value;
    return NULL;
}
