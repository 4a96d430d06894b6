/* SPDX-License-Identifier: EUPL-1.2 */
/* Log lines: JSON, one write(2) each, only the fields of log.def. */
#include "common/log.h"

#include <string.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/clock.h"
#include "common/record.h"

enum { LONGEST = 200 };

static const char *const names[LOG_FIELD_COUNT] = {
#define LOG_FIELD(symbol, name) [LOG_##symbol] = name,
#include "common/log.def"
#undef LOG_FIELD
};

static const char *const levels[] = { "debug", "info", "warn", "error" };

static size_t cut_at_character(const char *text)
{
    size_t length = strlen(text);
    if (length <= LONGEST)
        return length;
    length = LONGEST;
    while (length > 0 && (text[length] & 0xc0) == 0x80)
        length--;
    return length;
}

/* The bytes at text that are no ASCII, and how many they are. What is no UTF-8 must not break the
 * line: each such byte becomes U+FFFD. */
static size_t add_beyond_ascii(struct buffer *b, const char *text, size_t length)
{
    size_t run = 0;
    while (run < length && (unsigned char)text[run] >= 0x80)
        run++;
    if (text_well_formed(text, run))
        buffer_add(b, text, run);
    else
        for (size_t i = 0; i < run; i++)
            buffer_text(b, "\\ufffd");
    return run;
}

static void add_quoted(struct buffer *b, const char *text)
{
    size_t length = cut_at_character(text);
    buffer_char(b, '"');
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x80)
            i += add_beyond_ascii(b, text + i, length - i) - 1;
        else if (c == '"' || c == '\\')
            buffer_printf(b, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            buffer_printf(b, "\\u%04x", c);
        else
            buffer_char(b, (char)c);
    }
    buffer_char(b, '"');
}

void log_write(const char *svc, int64_t now, enum log_level level, const char *msg,
               const struct log_pair *pairs, size_t count)
{
    struct arena_room room;
    struct arena *a = arena_within(&room);
    struct buffer b = buffer_sized(a, 1024);
    buffer_printf(&b, "{\"ts\":\"%s\",\"level\":\"%s\",\"svc\":\"%s\",\"msg\":",
                  instant_rfc3339(a, now), levels[level], svc);
    add_quoted(&b, msg);
    for (size_t i = 0; i < count; i++) {
        if (!pairs[i].text)
            continue;
        buffer_text(&b, ",\"");
        buffer_text(&b, names[pairs[i].field]);
        buffer_text(&b, "\":");
        add_quoted(&b, pairs[i].text);
    }
    buffer_text(&b, "}\n");
    /* A log that can't be written must not stop the work. */
    ssize_t written = write(STDERR_FILENO, b.text, b.length);
    (void)written;
    arena_free(a);
}
