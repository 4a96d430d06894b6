/* SPDX-License-Identifier: EUPL-1.2 */
/* One JSON object per line, whatever the values hold. */
#include "tests/unit/table.h"

#include <jansson.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/log.h"

/* What the call writes to stderr. */
static const char *written(struct arena *a, const char *msg, const char *detail)
{
    int ends[2], kept = dup(STDERR_FILENO);
    char text[4096];
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    LOG_WRITE("triage", utc_instant((struct date){ 2026, 11, 24 }, 9, 12, 33), LOG_LEVEL_WARN, msg,
              { LOG_CASE_ID, NULL }, { LOG_DETAIL, detail });
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(ends[1]);
    ssize_t length = read(ends[0], text, sizeof(text));
    close(ends[0]);
    return arena_strndup(a, text, length > 0 ? (size_t)length : 0);
}

#define HEAD "{\"ts\":\"2026-11-24T09:12:33.000Z\",\"level\":\"warn\",\"svc\":\"triage\",\"msg\":\"m\""

static void lines(void **state)
{
    (void)state;
    static const struct {
        const char *name, *detail, *line;
    } rows[] = {
        { "plain", "a b", HEAD ",\"detail\":\"a b\"}\n" },
        { "absent", NULL, HEAD "}\n" },
        { "empty", "", HEAD ",\"detail\":\"\"}\n" },
        { "quotes and backslashes", "a\"b\\c", HEAD ",\"detail\":\"a\\\"b\\\\c\"}\n" },
        { "two lines", "ERROR\nLINE 1\r\t", HEAD ",\"detail\":\"ERROR\\u000aLINE 1\\u000d\\u0009\"}\n" },
        { "an escape sequence", "\x1b[31m\x7f", HEAD ",\"detail\":\"\\u001b[31m\\u007f\"}\n" },
        { "Norwegian", "før", HEAD ",\"detail\":\"før\"}\n" },
        { "no UTF-8", "a\xff\xc3", HEAD ",\"detail\":\"a\\ufffd\\ufffd\"}\n" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *a = arena_new();
        CHECK_TEXT(rows[i].name, written(a, "m", rows[i].detail), rows[i].line);
        arena_free(a);
    }
}

static void long_values_are_cut_at_a_character(void **state)
{
    (void)state;
    static const struct {
        const char *name, *head;
        size_t length;
    } rows[] = { { "even", "", 200 }, { "odd", "a", 199 } };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *a = arena_new();
        struct buffer b = buffer_new(a);
        buffer_text(&b, rows[i].head);
        for (int k = 0; k < 300; k++)
            buffer_text(&b, "ø");
        json_t *line = json_loads(written(a, "m", b.text), 0, NULL);
        CHECK_INT(rows[i].name, line != NULL, 1);
        CHECK_INT(rows[i].name, json_string_length(json_object_get(line, "detail")), rows[i].length);
        json_decref(line);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(lines), cmocka_unit_test(long_values_are_cut_at_a_character) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
