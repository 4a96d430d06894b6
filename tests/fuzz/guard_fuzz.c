/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a request's head: refused, or every line of it is a header that was read, so that none is hidden from
 * us that another reader may see. What was read can be written and is read alike again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/arena.h"
#include "common/http/guard.h"
#include "tests/fuzz/scope.h"

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* Behind the request line and before the empty one. */
static size_t lines_of(const char *text, size_t length)
{
    size_t lines = 0;
    for (size_t i = 0; i < length; i++) {
        check(text[i] != '\0' && (text[i] == '\r') == (i + 1 < length && text[i + 1] == '\n'));
        lines += text[i] == '\n';
    }
    return lines - 2;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct head head = { 0 }, again = { 0 };
    const char *text = (const char *)data;
    size_t length = guard_length(text, size);
    check(length <= size && guard_length(text, length) == length);
    if (length && guard_head(a, text, length, 1000, &head) == OK) {
        for (; *text == '\r'; text += 2, length -= 2)
            continue;
        size_t lines = lines_of(text, length); /* a whole address brings its Host where there is none */
        check((lines == head.count || (head.authority && lines + 1 == head.count)) && head.body_length <= 1000);
        struct buffer b = buffer_new(a);
        const char *line_end = memchr(text, '\r', length);
        buffer_printf(&b, "%s %s HTTP/1.%c\r\n", head.method, head.target, line_end[-1]);
        for (size_t i = 0; i < head.count; i++) {
            check(strcasecmp(head.headers[i].name, "Transfer-Encoding") != 0);
            buffer_printf(&b, "%s: %s\r\n", head.headers[i].name, head.headers[i].value);
        }
        buffer_text(&b, "\r\n");
        check(lines < head.count || (guard_head(a, b.text, b.length, 1000, &again) == OK && again.count == head.count && strcmp(again.path, head.path) == 0));
    }
    arena_free(a);
    return 0;
}
