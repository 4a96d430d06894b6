/* SPDX-License-Identifier: EUPL-1.2 */
/* Days and instants as Norway counts them. */
#include "tests/unit/table.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/case/deadline.h"
#include "common/case/rules.h"
#include "common/time/clock.h"

static struct date day(const char *text)
{
    struct date d = { 0 };
    if (!date_parse(text, &d))
        fail_msg("%s is no day", text);
    return d;
}

static void holidays(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        bool holiday;
    } rows[] = {
        { "2026-01-01", true },  { "2026-04-02", true },  { "2026-04-03", true },
        { "2026-04-05", true },  { "2026-04-06", true },  { "2026-05-01", true },
        { "2026-05-14", true },  { "2026-05-17", true },  { "2026-05-25", true },
        { "2026-12-24", false }, { "2026-12-25", true },  { "2026-12-26", true },
        { "2026-12-31", false }, { "2027-05-17", true },  { "2027-03-25", true },
        { "2027-03-29", true },  { "2027-05-06", true },  { "2026-04-01", false },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].day, date_is_holiday(day(rows[i].day)), rows[i].holiday);
}

/* start + 4 weeks, rolled to the next working day: domain vectors of the appeal deadline. */
static void four_weeks(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { "2026-11-26", "2026-12-24" }, { "2026-11-27", "2026-12-28" },
        { "2026-12-03", "2026-12-31" }, { "2026-12-04", "2027-01-04" },
        { "2027-02-25", "2027-03-30" }, { "2027-04-19", "2027-05-18" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *a = arena_new();
        struct date d = date_add_days(day(rows[i][0]), 28);
        if (!date_is_working_day(d))
            d = date_add_working_days(d, 1);
        CHECK_TEXT(rows[i][0], date_text(a, d), rows[i][1]);
        arena_free(a);
    }
}

static void months(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { "2027-01-31", "2027-02-28" }, { "2028-01-31", "2028-02-29" },
        { "2026-11-24", "2026-12-24" }, { "2026-12-31", "2027-01-31" },
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_TEXT(rows[i][0], date_text(a, date_add_months(day(rows[i][0]), 1)), rows[i][1]);
    arena_free(a);
}

static void weekdays(void **state)
{
    (void)state;
    CHECK_INT("a Tuesday", date_weekday(day("2026-11-24")), 2);
    CHECK_INT("a Sunday", date_weekday(day("2000-02-27")), 7);
}

static void instants(void **state)
{
    (void)state;
    static const struct {
        const char *name, *in, *out;
    } rows[] = {
        { "winter", "2026-11-24T10:00:00+01:00", "2026-11-24T10:00:00.000+01:00" },
        { "summer", "2026-07-01T10:00:00Z", "2026-07-01T12:00:00.000+02:00" },
        { "before summer time", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59.000+01:00" },
        { "after summer time begins", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00.000+02:00" },
        { "before it ends", "2026-10-25T00:59:59Z", "2026-10-25T02:59:59.000+02:00" },
        { "after it ends", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00.000+01:00" },
        { "milliseconds", "2026-11-24T09:00:00.123456Z", "2026-11-24T10:00:00.123+01:00" },
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < ROWS(rows); i++) {
        int64_t at = 0;
        CHECK_INT(rows[i].name, instant_parse(rows[i].in, &at), true);
        CHECK_TEXT(rows[i].name, instant_oslo_rfc3339(a, at), rows[i].out);
    }
    arena_free(a);
}

static void local_times(void **state)
{
    (void)state;
    static const struct {
        const char *name, *day;
        int hour, minute;
        const char *utc;
    } rows[] = {
        { "winter", "2026-01-15", 12, 0, "2026-01-15T11:00:00.000Z" },
        { "summer", "2026-07-15", 12, 0, "2026-07-15T10:00:00.000Z" },
        { "the day ends", "2026-12-31", 24, 0, "2026-12-31T23:00:00.000Z" },
        { "skipped, with the offset before", "2026-03-29", 2, 30, "2026-03-29T01:30:00.000Z" },
        { "before what is skipped", "2026-03-29", 1, 59, "2026-03-29T00:59:00.000Z" },
        { "after what is skipped", "2026-03-29", 3, 0, "2026-03-29T01:00:00.000Z" },
        { "twice, the first", "2026-10-25", 2, 30, "2026-10-25T00:30:00.000Z" },
        { "after what comes twice", "2026-10-25", 3, 0, "2026-10-25T02:00:00.000Z" },
        { "a day of 23 hours ends", "2026-03-29", 24, 0, "2026-03-29T22:00:00.000Z" },
        { "a day of 25 hours ends", "2026-10-25", 24, 0, "2026-10-25T23:00:00.000Z" },
        { "before 1970", "1950-07-01", 12, 0, "1950-07-01T11:00:00.000Z" },
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_TEXT(rows[i].name, instant_rfc3339(a, oslo_instant(day(rows[i].day), rows[i].hour, rows[i].minute)),
                   rows[i].utc);
    arena_free(a);
}

/* Seconds in a file move the clock, and are read again within a second. */
static void offset_file(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        int64_t seconds;
        bool told;
    } rows[] = {
        { "a day on", "86400\n", 86400, false },
        { "an hour back", "-3600", -3600, false },
        { "nothing", "", 0, false },
        { "blanks", " \n", 0, false },
        { "two hundred years", "6324480000", 6324480000, false },
        { "and back", "-6324480000\n", -6324480000, false },
        { "a second more", "6324480001", 0, true },
        { "a second less", "-6324480001", 0, true },
        { "more than 64 bits", "99999999999999999999", 0, true },
        { "less than 64 bits", "-99999999999999999999", 0, true },
        { "no number", "soon", 0, true },
        { "something behind it", "12 x", 0, true },
        { "a fraction", "1.5", 0, true },
    };
    char path[] = "/tmp/tillit-clock-XXXXXX";
    close(mkstemp(path));
    for (size_t i = 0; i < ROWS(rows); i++) {
        FILE *file = fopen(path, "w");
        fputs(rows[i].text, file);
        fclose(file);
        struct clock *plain = clock_new(NULL), *moved = clock_new(path);
        int64_t apart = clock_now(moved) - clock_now(plain) - rows[i].seconds * SECOND_US;
        CHECK_INT(rows[i].name, apart > -SECOND_US && apart < SECOND_US, true);
        CHECK_INT(rows[i].name, clock_fault(moved) != NULL, rows[i].told);
        clock_free(plain);
        clock_free(moved);
    }
    unlink(path);
}

/* What is no file is not waited for, and read to no end. */
static void offset_of_no_file(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        bool told;
    } rows[] = { { "/nowhere/at/all", false }, { "/dev/zero", true }, { "/tmp", true }, { "/etc/passwd", true } };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct clock *plain = clock_new(NULL), *moved = clock_new(rows[i].path);
        int64_t apart = clock_now(moved) - clock_now(plain);
        CHECK_INT(rows[i].path, apart > -SECOND_US && apart < SECOND_US, true);
        CHECK_INT(rows[i].path, clock_fault(moved) != NULL, rows[i].told);
        clock_free(plain);
        clock_free(moved);
    }
}

static void not_instants(void **state)
{
    (void)state;
    static const char *const rows[] = { "", "2026-11-24", "2026-11-24T10:00:00", "2026-02-30T10:00:00Z",
                                        "2026-11-24T24:00:00Z", "2026-11-24T10:00:00.Z",
                                        "2026-11-24T10:00:00+1:00", "2026-11-24T10:00:00Zx",
                                        "1899-12-31T10:00:00Z", "9999-12-31T23:30:00Z", "9999-12-31T10:00:00-23:00",
                                        "1900-01-01T00:30:00+01:00", "2026-11-24T10:00:60Z",
                                        "2026-11-24T10:00:00.1234567890Z" };
    int64_t at;
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i], instant_parse(rows[i], &at), false);
}

static void deadlines(void **state)
{
    (void)state;
    static const struct rules own = { .first_talk_days = 5, .first_talk_urgent_days = 2 };
    static const struct {
        const char *name, *received, *urgency;
        bool in_hospital;
        enum deadline_kind kind;
        const char *due, *near;
        const struct rules *rules;
    } rows[] = {
        { "as the municipality has set", "2026-11-24T11:00:00Z", "none", false, FIRST_TALK, "2026-12-02T00:00:00.000+01:00", "2026-11-30T12:00:00.000+01:00", &own },
        { "urgent, as it has set", "2026-11-24T11:00:00Z", "acute", false, FIRST_TALK, "2026-11-27T00:00:00.000+01:00", "2026-11-25T12:00:00.000+01:00", &own },
        { "the law is nobody's to set", "2026-11-25T11:00:00Z", "none", false, PRELIMINARY_REPLY, "2026-12-26T00:00:00.000+01:00", "2026-12-19T00:00:00.000+01:00", &own },
        { "three working days", "2026-11-24T11:00:00Z", "none", false, FIRST_TALK, "2026-11-28T00:00:00.000+01:00", "2026-11-26T12:00:00.000+01:00", NULL },
        { "over a weekend", "2026-11-27T11:00:00Z", "week", false, FIRST_TALK, "2026-12-03T00:00:00.000+01:00", "2026-12-01T12:00:00.000+01:00", NULL },
        { "acute", "2026-11-27T11:00:00Z", "acute", false, FIRST_TALK, "2026-12-01T00:00:00.000+01:00", "2026-11-30T12:00:00.000+01:00", NULL },
        { "in hospital before Christmas", "2026-12-24T11:00:00Z", "none", true, FIRST_TALK, "2026-12-29T00:00:00.000+01:00", "2026-12-28T12:00:00.000+01:00", NULL },
        { "just before midnight", "2026-11-24T22:59:59Z", "none", false, FIRST_TALK, "2026-11-28T00:00:00.000+01:00", "2026-11-26T12:00:00.000+01:00", NULL },
        { "just after midnight", "2026-11-24T23:00:00Z", "none", false, FIRST_TALK, "2026-12-01T00:00:00.000+01:00", "2026-11-27T12:00:00.000+01:00", NULL },
        { "a month, never rolled forward", "2026-11-25T11:00:00Z", "none", false, PRELIMINARY_REPLY, "2026-12-26T00:00:00.000+01:00", "2026-12-19T00:00:00.000+01:00", NULL },
        { "a month, clamped", "2027-01-31T11:00:00Z", "none", false, PRELIMINARY_REPLY, "2027-03-01T00:00:00.000+01:00", "2027-02-22T00:00:00.000+01:00", NULL },
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct deadline_cause cause = { .urgency = rows[i].urgency, .in_hospital = rows[i].in_hospital,
                                        .rules = rows[i].rules ? rows[i].rules : &rules_of_the_house };
        instant_parse(rows[i].received, &cause.received_at);
        struct deadline d = deadline_of(rows[i].kind, &cause);
        CHECK_TEXT(rows[i].name, instant_oslo_rfc3339(a, d.due_at), rows[i].due);
        CHECK_TEXT(rows[i].name, instant_oslo_rfc3339(a, d.near_at), rows[i].near);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holidays),     cmocka_unit_test(four_weeks), cmocka_unit_test(months),
        cmocka_unit_test(weekdays),     cmocka_unit_test(instants),
        cmocka_unit_test(not_instants), cmocka_unit_test(deadlines),
        cmocka_unit_test(local_times),  cmocka_unit_test(offset_file),
        cmocka_unit_test(offset_of_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
