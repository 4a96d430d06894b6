/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What was typed or pasted, without what nobody sees. People are not to blame for a direction mark that
 * came along with a number from a web page; systems, which come by the API, are.
 */
#include "services/api/form/clean.h"

#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/base/typed.h"

/* By ask; what is not named is left as it was sent. */
static const struct {
    bool cleaned;
    bool code;           /* of ASCII: digits of other scripts are read, joiners are nothing */
    bool parted;         /* what stands between parts of a number is as a blank */
    char between;        /* what parts are kept apart by; '\0' = by nothing */
} manners[] = {
    [ASK_TEXT] = { .cleaned = true, .between = ' ' },
    [ASK_PHONE] = { .cleaned = true, .code = true, .parted = true, .between = ' ' },
    [ASK_NUMBER] = { .cleaned = true, .code = true, .parted = true },
    [ASK_EMAIL] = { .cleaned = true, .code = true },
    [ASK_DATE] = { .cleaned = true, .code = true },
    [ASK_TRUE] = { 0 },
};

/* A long text keeps what a person may have meant, lines and marks of direction, and loses what no text
 * may hold. */
static const char *clean_long(struct scope *s, const char *text)
{
    struct buffer b = buffer_new(s->arena);
    while (*text) {
        int32_t point = text_next(&text);
        bool line = point == 0x0b || point == 0x0c || point == 0x85;
        bool control = (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7f && point <= 0x9f);
        bool none = (point >= 0xfdd0 && point <= 0xfdef) || (point & 0xfffe) == 0xfffe;
        if (line || (!control && !none && point != 0xfeff))
            text_put(&b, line ? '\n' : point);
    }
    return b.text;
}

static const char *clean_short(struct scope *s, enum ask ask, const char *text)
{
    struct buffer b = buffer_new(s->arena);
    bool apart = false, code = manners[ask].code;
    while (*text) {
        int32_t read = text_next(&text), point = code ? text_ascii(read) : read;
        enum showing showing = text_showing(point);
        if (showing == SHOWS_NOTHING || (code && showing == SHOWS_JOINED))
            continue;
        if (showing == SHOWS_BLANK ||
            (manners[ask].parted && typed_parts(point))) {
            apart = true;
            continue;
        }
        if (apart && b.length > 0 && manners[ask].between)
            buffer_char(&b, manners[ask].between);
        apart = false;
        text_put(&b, point);
    }
    return b.text;
}

/* As people here write a day, 24.12.2026, where the browser has no calendar; as it is, if it is none. */
static const char *as_date(struct scope *s, const char *text)
{
    int day, month, year, length = 0;
    if (sscanf(text, "%2d%*1[./-]%2d%*1[./-]%4d%n", &day, &month, &year, &length) != 3 ||
        text[length] || year < 1000)
        return text;
    return arena_printf(s->arena, "%04d-%02d-%02d", year, month, day);
}

const char *form_clean(struct scope *s, enum ask ask, const char *text)
{
    if (ask == ASK_LONG)
        return clean_long(s, text);
    if (!manners[ask].cleaned)
        return text;
    text = clean_short(s, ask, text);
    return ask == ASK_DATE ? as_date(s, text) : text;
}
