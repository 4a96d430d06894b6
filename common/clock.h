/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H
/*
 * Time. An instant is int64_t microseconds since 1970-01-01T00:00:00Z; a date is a day of the
 * Gregorian calendar in Europe/Oslo. Nothing else in Tillit asks for the time, so that a test can
 * move it for all programs at once.
 *
 * Holidays: helligdagsfredloven (LOV-1995-02-24-12) § 2 and lov om 1. og 17. mai: a set of dates.
 * 24 and 31 December are working days. Saturdays and Sundays are not.
 */
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "common/arena.h"

#define SECOND_US INT64_C(1000000)
#define DAY_US (INT64_C(86400) * SECOND_US)

struct date {
    int year;  /* 1900-9999 */
    int month; /* 1-12 */
    int day;   /* 1-31 */
};

struct clock;

/* offset_file holds whole seconds to add ("-3600\n"), at most CLOCK_OFFSET_MOST either way, read again at
 * least every second; NULL, not there, empty, or anything else = 0. */
#define CLOCK_OFFSET_MOST (200 * INT64_C(366) * 86400) /* s */
struct clock *clock_new(const char *offset_file);
void clock_free(struct clock *clock);

/* Wall clock plus the offset. Thread-safe. */
int64_t clock_now(struct clock *clock);
/* Why what stands in the offset's file counts as 0; NULL if it does not. A constant. */
const char *clock_fault(struct clock *clock);

/* Milliseconds that only ever grow, for time-outs; never moved by the offset. */
int64_t clock_steady_ms(void);
/* Then, for those who wait with CLOCK_MONOTONIC. */
struct timespec clock_steady_at(int64_t steady_ms);
struct timespec clock_steady_in(int ms);

/* Days of the calendar. */
bool date_valid(struct date d);
int date_compare(struct date a, struct date b); /* < 0, 0, > 0 */
struct date date_add_days(struct date d, int days);
int date_weekday(struct date d); /* 1 = Monday .. 7 = Sunday (ISO 8601) */

/* The same day of a later month, clamped to its last day: 31.1.2027 + 1 = 28.2.2027. */
struct date date_add_months(struct date d, int months);
bool date_is_holiday(struct date d);
bool date_is_working_day(struct date d);

/* The n-th working day after d (n >= 1); with n < 0 the -n-th working day before d. */
struct date date_add_working_days(struct date d, int n);

/* Working days x with from < x <= to. */
int date_working_days_between(struct date from, struct date to);

/* Europe/Oslo. hour may be 24: the instant at which the day ends. A local time that a change to
 * summer time skips is taken with the offset before the change. */
struct date oslo_date(int64_t instant);
int64_t oslo_instant(struct date d, int hour, int minute);

/* An instant as a clock on a wall in Oslo shows it. */
struct oslo_time {
    struct date date;
    int hour; /* 0-23 */
    int minute;
    int second;
    int offset_minutes; /* 60 or 120 */
};
struct oslo_time oslo_time(int64_t instant);

/* The same in UTC. */
struct date utc_date(int64_t instant);
int64_t utc_instant(struct date d, int hour, int minute, int second);

/* The first and the last noon of the years that we can write. */
#define INSTANT_FIRST (INT64_C(-25567) * DAY_US + DAY_US / 2)
#define INSTANT_LAST (INT64_C(2932896) * DAY_US + DAY_US / 2)

/* "2026-11-24T09:12:33.123Z": UTC, milliseconds. */
char *instant_rfc3339(struct arena *a, int64_t instant);
/* "2026-11-24T10:12:33.123+01:00" in Europe/Oslo. */
char *instant_oslo_rfc3339(struct arena *a, int64_t instant);
/* Reads RFC 3339 with zone, up to 9 decimals (cut to microseconds), any offset. */
bool instant_parse(const char *text, int64_t *out);
bool date_parse(const char *text, struct date *out); /* YYYY-MM-DD, valid */
char *date_text(struct arena *a, struct date d);     /* YYYY-MM-DD */
char *date_words(struct arena *a, struct date d);    /* "27. november 2026", bokmål and nynorsk alike */

#endif
