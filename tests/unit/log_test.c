/* SPDX-License-Identifier: EUPL-1.2 */
/* One JSON object per line, whatever the values hold; and whoever does not read them holds nobody up. */
#include "tests/unit/table.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/arena.h"
#include "common/program/log.h"
#include "common/time/calendar.h"

/* What the call writes. */
static const char *written(struct arena *a, const char *msg, const char *detail)
{
    int ends[2];
    char text[4096];
    assert_int_equal(pipe(ends), 0);
    struct log *log = log_new("triage", ends[1]);
    LOG_WRITE(log, utc_instant((struct date){ 2026, 11, 24 }, 9, 12, 33), LOG_LEVEL_WARN, msg,
              { LOG_CASE_ID, NULL }, { LOG_DETAIL, detail });
    log_free(log);
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

/* What whoever comes late finds, each line whole. */
static size_t read_lines(struct arena *a, const char *name, int fd, const char **last)
{
    char text[8192];
    struct buffer all = buffer_new(a);
    ssize_t got;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    while ((got = read(fd, text, sizeof(text))) > 0)
        buffer_add(&all, text, (size_t)got);
    size_t lines = 0;
    char *rest = all.text;
    for (char *line; (line = strsep(&rest, "\n")) && *line; lines++) {
        json_t *parsed = json_loads(line, 0, NULL);
        CHECK_INT(name, parsed != NULL, 1);
        json_decref(parsed);
        *last = line;
    }
    return lines;
}

static void nobody_who_reads(void **state)
{
    (void)state;
    enum { LINES = 5000 };
    static const struct {
        const char *name;
        bool socket;
    } rows[] = { { "a pipe", false }, { "a socket", true } };
    for (size_t i = 0; i < ROWS(rows); i++) {
        int ends[2];
        const char *last = "";
        struct arena *a = arena_new();
        assert_int_equal(rows[i].socket ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends) : pipe(ends), 0);
        struct log *log = log_new("api", ends[1]);
        for (int n = 0; n < LINES; n++)
            LOG_WRITE(log, 0, LOG_LEVEL_INFO, "answered", { LOG_DETAIL, "one that nobody reads" });
        uint64_t dropped = log_dropped(log);
        CHECK_INT(rows[i].name, dropped > 0 && dropped < LINES, 1);
        size_t seen = read_lines(a, rows[i].name, ends[0], &last);
        CHECK_INT(rows[i].name, seen, LINES - dropped);
        log_settle(log, 0);
        LOG_WRITE(log, 0, LOG_LEVEL_INFO, "answered", { LOG_DETAIL, "again" });
        CHECK_INT(rows[i].name, read_lines(a, rows[i].name, ends[0], &last), 2);
        CHECK_TEXT(rows[i].name, last, "{\"ts\":\"1970-01-01T00:00:00.000Z\",\"level\":\"info\",\"svc\":\"api\",\"msg\":\"answered\",\"detail\":\"again\"}");
        CHECK_INT(rows[i].name, log_dropped(log), dropped);
        log_free(log);
        close(ends[0]);
        close(ends[1]);
        arena_free(a);
    }
}

static void the_line_that_tells(void **state)
{
    (void)state;
    int ends[2];
    const char *last = "";
    struct arena *a = arena_new();
    assert_int_equal(pipe(ends), 0);
    struct log *log = log_new("api", ends[1]);
    while (log_dropped(log) < 3)
        LOG_WRITE(log, 0, LOG_LEVEL_INFO, "answered");
    read_lines(a, "before", ends[0], &last);
    log_settle(log, 0);
    read_lines(a, "after", ends[0], &last);
    json_t *line = json_loads(last, 0, NULL);
    CHECK_TEXT("says how many", json_string_value(json_object_get(line, "count")), "3");
    CHECK_TEXT("in words", json_string_value(json_object_get(line, "msg")), "log lines were dropped: nobody read them");
    json_decref(line);
    log_settle(log, 0);
    CHECK_INT("once", read_lines(a, "once", ends[0], &last), 0);
    close(ends[0]); /* the reader is gone for good */
    LOG_WRITE(log, 0, LOG_LEVEL_INFO, "answered");
    CHECK_INT("counted", log_dropped(log), 4);
    log_free(log);
    close(ends[1]);
    arena_free(a);
}

static void a_line_is_never_longer_than_a_pipe_takes_as_one(void **state)
{
    (void)state;
    int ends[2];
    const char *last = "";
    char wide[201] = { 0 };
    struct log_pair pairs[LOG_FIELD_COUNT];
    struct arena *a = arena_new();
    memset(wide, '\x01', 200);
    for (unsigned i = 0; i < LOG_FIELD_COUNT; i++)
        pairs[i] = (struct log_pair){ (enum log_field)i, wide };
    assert_int_equal(pipe(ends), 0);
    struct log *log = log_new("api", ends[1]);
    log_write(log, 0, LOG_LEVEL_INFO, "answered", pairs, LOG_FIELD_COUNT);
    CHECK_INT("whole", read_lines(a, "whole", ends[0], &last), 1);
    CHECK_INT("no longer", strlen(last) < LOG_LONGEST, 1);
    CHECK_INT("as much as fits", strlen(last) > LOG_LONGEST / 2, 1);
    log_free(log);
    close(ends[0]);
    close(ends[1]);
    arena_free(a);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = { cmocka_unit_test(lines), cmocka_unit_test(long_values_are_cut_at_a_character),
                                        cmocka_unit_test(nobody_who_reads), cmocka_unit_test(the_line_that_tells),
                                        cmocka_unit_test(a_line_is_never_longer_than_a_pipe_takes_as_one) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
