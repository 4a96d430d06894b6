/* SPDX-License-Identifier: EUPL-1.2 */
/* Days: the proleptic Gregorian calendar by day number, and Norway's working days. */
#include "common/time/calendar.h"

#include <stddef.h>

/* Days since 1970-01-01, by the era arithmetic that treats March as the first month. */
static int day_number(struct date d)
{
    int year = d.year - (d.month <= 2);
    int era = year / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static struct date from_day_number(int number)
{
    number += 719468;
    int era = number / 146097;
    int day_of_era = number - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    return (struct date){ .year = year_of_era + era * 400 + (month <= 2),
                          .month = month,
                          .day = day_of_year - (153 * shifted + 2) / 5 + 1 };
}

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

bool date_valid(struct date d)
{
    return d.year >= 1900 && d.year <= 9999 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
           d.day <= month_days(d.year, d.month);
}

int date_compare(struct date a, struct date b)
{
    return day_number(a) - day_number(b);
}

struct date date_add_days(struct date d, int days)
{
    return from_day_number(day_number(d) + days);
}

int date_weekday(struct date d)
{
    return (day_number(d) + 719468 + 2) % 7 + 1; /* day 0 of the era is a Wednesday */
}

struct date date_add_months(struct date d, int months)
{
    int month = d.year * 12 + d.month - 1 + months;
    struct date moved = { .year = month / 12, .month = month % 12 + 1, .day = d.day };
    int last = month_days(moved.year, moved.month);
    if (moved.day > last)
        moved.day = last;
    return moved;
}

/* Easter Sunday (Meeus, Jones, Butcher). */
static struct date easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100;
    int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    int m = (a + 11 * h + 22 * l) / 451;
    int month = (h + l - 7 * m + 114) / 31;
    return (struct date){ year, month, (h + l - 7 * m + 114) % 31 + 1 };
}

static const struct {
    int month;
    int day;
} fixed_holidays[] = { { 1, 1 }, { 5, 1 }, { 5, 17 }, { 12, 25 }, { 12, 26 } };

/* Days from Easter Sunday: skjærtorsdag, langfredag, 1. and 2. påskedag, Kristi himmelfartsdag,
 * 1. and 2. pinsedag. */
static const int movable_holidays[] = { -3, -2, 0, 1, 39, 49, 50 };

bool date_is_holiday(struct date d)
{
    for (size_t i = 0; i < sizeof(fixed_holidays) / sizeof(*fixed_holidays); i++)
        if (fixed_holidays[i].month == d.month && fixed_holidays[i].day == d.day)
            return true;
    int from_easter = date_compare(d, easter(d.year));
    for (size_t i = 0; i < sizeof(movable_holidays) / sizeof(*movable_holidays); i++)
        if (movable_holidays[i] == from_easter)
            return true;
    return false;
}

bool date_is_working_day(struct date d)
{
    return date_weekday(d) <= 5 && !date_is_holiday(d);
}

struct date date_add_working_days(struct date d, int n)
{
    int step = n < 0 ? -1 : 1;
    for (int left = n * step; left > 0;) {
        d = date_add_days(d, step);
        if (date_is_working_day(d))
            left--;
    }
    return d;
}

static int last_sunday(int year, int month)
{
    struct date last = { year, month, month_days(year, month) };
    return day_number(last) - date_weekday(last) % 7;
}

/* EU rule since 1996: summer time from 01:00 UTC on the last Sunday of March to the last of October. */
static int64_t oslo_offset(int64_t instant)
{
    int64_t seconds = instant / SECOND_US - (instant % SECOND_US < 0);
    int days = (int)(seconds / 86400 - (seconds % 86400 < 0));
    int year = from_day_number(days).year;
    int64_t begins = (int64_t)last_sunday(year, 3) * 86400 + 3600;
    int64_t ends = (int64_t)last_sunday(year, 10) * 86400 + 3600;
    return year >= 1996 && seconds >= begins && seconds < ends ? 7200 : 3600;
}

struct date oslo_date(int64_t instant)
{
    int64_t local = instant + oslo_offset(instant) * SECOND_US;
    return from_day_number((int)(local / DAY_US - (local % DAY_US < 0)));
}

int64_t oslo_instant(struct date d, int hour, int minute)
{
    int64_t local = ((int64_t)day_number(d) * 86400 + hour * 3600 + minute * 60) * SECOND_US;
    /* Asked two hours back: where clocks go back the first of the two instants is meant, and in the
     * hour that clocks skip the offset is still the one before. */
    return local - oslo_offset(local - 7200 * SECOND_US) * SECOND_US;
}

struct oslo_time oslo_time(int64_t instant)
{
    int64_t local = instant + oslo_offset(instant) * SECOND_US;
    int64_t of_day = (local % DAY_US + DAY_US) % DAY_US / SECOND_US;
    return (struct oslo_time){ .date = oslo_date(instant),
                               .hour = (int)(of_day / 3600),
                               .minute = (int)(of_day / 60 % 60),
                               .second = (int)(of_day % 60),
                               .offset_minutes = (int)(oslo_offset(instant) / 60) };
}

int64_t utc_instant(struct date d, int hour, int minute, int second)
{
    return ((int64_t)day_number(d) * 86400 + hour * 3600 + minute * 60 + second) * SECOND_US;
}

struct date utc_date(int64_t instant)
{
    return from_day_number((int)(instant / DAY_US - (instant % DAY_US < 0)));
}
