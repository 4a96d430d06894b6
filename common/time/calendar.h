/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_TIME_CALENDAR_H
#define COMMON_TIME_CALENDAR_H
/* Days of the calendar in Europe/Oslo. Holidays: helligdagsfredloven (LOV-1995-02-24-12) § 2 and lov om 1. og 17. mai: a
 * set of dates. 24 and 31 December are working days. Saturdays and Sundays are not. */
#include <stdbool.h>
#include <stdint.h>

#define SECOND_US INT64_C(1000000)

#define DAY_US (INT64_C(86400) * SECOND_US)

struct date {
    int year;  /* 1900-9999 */
    int month; /* 1-12 */
    int day;   /* 1-31 */
};

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

#endif
