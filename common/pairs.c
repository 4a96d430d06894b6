/* SPDX-License-Identifier: EUPL-1.2 */
/* application/x-www-form-urlencoded, parsed by ourselves: the library's parser loops on a NUL. */
#include <string.h>

#include "common/http.h"
#include "common/record.h"

enum { MOST_PAIRS = 500 };

/* Decodes [from, to) into a fresh text; NULL on a bad escape, NUL or ill-formed UTF-8. CR LF and a
 * lone CR become \n. */
static const char *decode(struct scope *s, const char *from, const char *to)
{
    char *text = arena_alloc(s->arena, (size_t)(to - from) + 1);
    size_t length = 0;
    for (; from < to; from++) {
        int c = *from == '+' ? ' ' : (unsigned char)*from;
        if (c == '%') {
            if (to - from < 3 || text_hex(from[1]) < 0 || text_hex(from[2]) < 0)
                return NULL;
            c = text_hex(from[1]) << 4 | text_hex(from[2]);
            from += 2;
        }
        if (c == '\n' && length > 0 && text[length - 1] == '\r')
            length--;
        text[length++] = (char)c;
    }
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\r')
            text[i] = '\n';
    text[length] = '\0';
    return memchr(text, '\0', length) ? NULL : text;
}

/* Control characters are the fields' own check, so that the form can point at the field. */
static bool is_utf8(const char *text)
{
    while (*text)
        if (text_next(&text) < 0)
            return false;
    return true;
}

static enum problem parse_pair(struct scope *s, const char *from, const char *to,
                               struct pair *out)
{
    const char *equals = memchr(from, '=', (size_t)(to - from));
    out->name = decode(s, from, equals ? equals : to);
    out->value = equals ? decode(s, equals + 1, to) : "";
    if (!out->name || !out->value || !is_utf8(out->name) || !is_utf8(out->value))
        return scope_fail(s, PROBLEM_MALFORMED, "the form is not well-formed");
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
