/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Jansson says that a member is repeated, not which: this walk knows where it is. Names are compared
 * as they read, however they are spelled ("a" and "\u0061").
 */
#include "common/record_scan.h"

#include <stdbool.h>
#include <string.h>

#include "common/record.h"

/* No record has a tenth of so many members; each is compared with all before it. */
enum { DEEPEST = 32, MEMBERS_MOST = 256 };

struct name {
    struct name *previous;
    const char *text;
    size_t length;
};

struct level {
    bool object;
    bool expects_name;
    size_t index;
    struct name *names; /* of the object, so far; the first is the member we are in */
    unsigned members;
};

struct scan {
    struct scope *s;
    struct level levels[DEEPEST + 1];
    int depth;
};

static void write_pointer(struct buffer *b, const struct scan *scan)
{
    for (int i = 1; i <= scan->depth; i++) {
        const struct level *level = &scan->levels[i];
        buffer_char(b, '/');
        if (!level->object)
            buffer_printf(b, "%zu", level->index);
        for (size_t k = 0; level->object && level->names && k < level->names->length; k++) {
            char c = level->names->text[k];
            if (c == '~' || c == '/')
                buffer_text(b, c == '~' ? "~0" : "~1");
            else if (!c)
                buffer_text(b, "\xef\xbf\xbd"); /* as any reader shows it */
            else
                buffer_char(b, c);
        }
    }
}

/* A name as it reads: text is what stands between the quotes. What is no string stays as it is; the
 * parser will refuse it. */
static void unescape(struct scope *s, struct name *name)
{
    if (!memchr(name->text, '\\', name->length))
        return;
    json_t *value = arena_value(
        s->arena, json_loadb(name->text - 1, name->length + 2, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL));
    if (!value)
        return;
    name->text = json_string_value(value);
    name->length = json_string_length(value);
}

static void note_name(struct scan *scan, const char *text, size_t length)
{
    struct level *level = &scan->levels[scan->depth];
    struct name *name = ARENA_NEW(scan->s->arena, struct name);
    *name = (struct name){ .previous = level->names, .text = text, .length = length };
    unescape(scan->s, name);
    bool repeats = false;
    for (const struct name *n = level->names; n && !repeats; n = n->previous)
        repeats = n->length == name->length && memcmp(n->text, name->text, n->length) == 0;
    level->names = name;
    level->members++;
    level->expects_name = false;
    bool broken = memchr(name->text, '\0', name->length); /* the parser takes no such name */
    if (!repeats && !broken)
        return;
    struct buffer pointer = buffer_new(scan->s->arena);
    write_pointer(&pointer, scan);
    if (text_well_formed(pointer.text, pointer.length))
        scope_fault(scan->s, pointer.text, broken ? FAULT_FORMAT : FAULT_DUPLICATE);
}

/* Past the closing quote of the string whose first character is at `at`. */
static const char *end_of_string(const char *at, const char *end)
{
    for (; at < end && *at != '"'; at++)
        if (*at == '\\')
            at++;
    return at < end ? at : end;
}

static bool enter(struct scan *scan, bool object)
{
    if (scan->depth == DEEPEST)
        return false;
    scan->levels[++scan->depth] = (struct level){ .object = object, .expects_name = object };
    return true;
}

static const char *string(struct scan *scan, const char *at, const char *end)
{
    const char *stop = end_of_string(at + 1, end);
    struct level *level = &scan->levels[scan->depth];
    if (stop < end && level->object && level->expects_name)
        note_name(scan, at + 1, (size_t)(stop - at - 1));
    return stop;
}

static void separate(struct scan *scan)
{
    struct level *level = &scan->levels[scan->depth];
    level->expects_name = level->object;
    level->index++;
}

enum problem record_scan(struct scope *s, const char *text, size_t length)
{
    struct scan scan = { .s = s };
    if (length == 0 || memchr(text, '\0', length)) /* the parser would read past a NUL */
        return scope_fail(s, PROBLEM_MALFORMED, "the body is empty or holds a NUL byte");
    for (const char *at = text, *end = text + length; at < end; at++) {
        switch (*at) {
        case '"':
            at = string(&scan, at, end);
            if (scan.levels[scan.depth].members > MEMBERS_MOST)
                return scope_fail(s, PROBLEM_MALFORMED, "an object has more than %d members",
                                  MEMBERS_MOST);
            break;
        case '{':
        case '[':
            if (!enter(&scan, *at == '{'))
                return scope_fail(s, PROBLEM_MALFORMED, "the body nests deeper than %d", DEEPEST);
            break;
        case '}':
        case ']':
            scan.depth -= scan.depth > 0;
            break;
        case ',':
            separate(&scan);
            break;
        default:
            break;
        }
    }
    return OK;
}
