/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Jansson says that a member is repeated, not which: this walk knows where it is. Names are compared
 * as they read, however they are spelled ("a" and "\u0061"). What JSON can say and Jansson can't hold
 * (RFC 8259 6 and 8.2) is put so that it can: else one such value would hide all that is wrong beside it.
 */
#include "common/record/scan.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

/* No record has a tenth of so many members; each is compared with all before it. */
enum { DEEPEST = 32, MEMBERS_MOST = 256, ESCAPE = 6 /* characters of \u0000 */ };

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

static void note_name(struct scan *scan, const char *text, size_t length, bool broken)
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

/* What the escape there stands for, "\\u" and four digits; -1 if there is none. */
static int unit_at(const char *at, const char *end)
{
    int unit = 0;
    if (end - at < ESCAPE || at[0] != '\\' || at[1] != 'u')
        return -1;
    for (int i = 2; i < ESCAPE && unit >= 0; i++)
        unit = text_hex(at[i]) < 0 ? -1 : unit << 4 | text_hex(at[i]);
    return unit;
}

static bool is_between(int unit, int from, int to)
{
    return unit >= from && unit <= to;
}

/* Puts a sign in the place of each half of a pair, in a name of each NUL too; whether there was one. */
static bool mend_string(char *at, const char *end, bool is_name)
{
    bool mended = false;
    while (at < end) {
        int unit = unit_at(at, end);
        bool pair = is_between(unit, 0xd800, 0xdbff) && is_between(unit_at(at + ESCAPE, end), 0xdc00, 0xdfff);
        bool none = !pair && (is_between(unit, 0xd800, 0xdfff) || (is_name && unit == 0));
        if (none)
            memcpy(at + 2, is_name ? "fffd" : "0000", 4);
        mended = mended || none;
        at += pair ? 2 * ESCAPE : unit >= 0 ? ESCAPE : *at == '\\' ? 2 : 1;
    }
    return mended;
}

static char *string(struct scan *scan, char *at, const char *end)
{
    const char *stop = end_of_string(at + 1, end);
    struct level *level = &scan->levels[scan->depth];
    bool is_name = level->object && level->expects_name;
    bool mended = stop < end && mend_string(at + 1, stop, is_name);
    if (stop < end && is_name)
        note_name(scan, at + 1, (size_t)(stop - at - 1), mended);
    return at + (stop - at);
}

static size_t digits(const char *at)
{
    return strspn(at, "0123456789");
}

/* How long the number is that stands there (RFC 8259 6), and whether it is a whole one; 0 if there is none. */
static size_t number_length(const char *at, bool *whole)
{
    const char *from = at;
    at += *at == '-';
    if (!digits(at) || (*at == '0' && digits(at) > 1))
        return 0;
    at += digits(at);
    *whole = true;
    if (*at == '.' && digits(at + 1)) {
        *whole = false;
        at += 1 + digits(at + 1);
    }
    if (*at == 'e' || *at == 'E') {
        size_t sign = at[1] == '+' || at[1] == '-', power = digits(at + 1 + sign);
        *whole = *whole && !power;
        at += power ? 1 + sign + power : 0;
    }
    return (size_t)(at - from);
}

/* Past the number or what looks like one; one that nothing of ours can hold is as large as the parser's may be.
 * The shortest that is too large, 1e309, has room for it. */
static char *number(char *at)
{
    static const char beyond[] = "9e300";
    bool whole;
    size_t length = number_length(at, &whole);
    errno = 0;
    bool large = length && (whole ? (strtoll(at, NULL, 10), errno == ERANGE) : isinf(strtod(at, NULL)));
    if (large) {
        memset(at, ' ', length);
        memcpy(at, beyond, strlen(beyond));
    }
    return at + (length ? length : strspn(at, "-+.eE0123456789"));
}

static void separate(struct scan *scan)
{
    struct level *level = &scan->levels[scan->depth];
    level->expects_name = level->object;
    level->index++;
}

static enum problem walk(struct scan *scan, char *at, const char *end)
{
    for (; at < end; at++) {
        switch (*at) {
        case '"':
            at = string(scan, at, end);
            if (scan->levels[scan->depth].members > MEMBERS_MOST)
                return scope_fail(scan->s, PROBLEM_MALFORMED, "an object has more than %d members",
                                  MEMBERS_MOST);
            break;
        case '{':
        case '[':
            if (!enter(scan, *at == '{'))
                return scope_fail(scan->s, PROBLEM_MALFORMED, "the body nests deeper than %d", DEEPEST);
            break;
        case '}':
        case ']':
            scan->depth -= scan->depth > 0;
            break;
        case ',':
            separate(scan);
            break;
        default:
            if (*at == '-' || (*at >= '0' && *at <= '9'))
                at = number(at) - 1;
            break;
        }
    }
    return OK;
}

enum problem record_scan(struct scope *s, const char *text, size_t length, const char **readable)
{
    struct scan scan = { .s = s };
    if (length == 0 || memchr(text, '\0', length)) /* the parser would read past a NUL */
        return scope_fail(s, PROBLEM_MALFORMED, "the body is empty or holds a NUL byte");
    char *copy = arena_strndup(s->arena, text, length);
    TRY(walk(&scan, copy, copy + length));
    if (readable)
        *readable = copy;
    return OK;
}
