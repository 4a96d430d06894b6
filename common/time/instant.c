/* SPDX-License-Identifier: EUPL-1.2 */
/* Instants and dates as text: RFC 3339 and YYYY-MM-DD. */
#include "common/time/instant.h"

#include <stdio.h>
#include <string.h>

#include "common/base/arena.h"

/* Exactly `count` digits at *text, which moves past them; -1 if there are none. */
static int digits(const char **text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        char c = (*text)[i];
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + c - '0';
    }
    *text += count;
    return value;
}

static bool skip(const char **text, char c)
{
    if (**text != c)
        return false;
    (*text)++;
    return true;
}

static bool read_date(const char **text, struct date *out)
{
    struct date d;
    if ((d.year = digits(text, 4)) < 0 || !skip(text, '-') || (d.month = digits(text, 2)) < 0 ||
        !skip(text, '-') || (d.day = digits(text, 2)) < 0 || !date_valid(d))
        return false;
    *out = d;
    return true;
}

bool date_parse(const char *text, struct date *out)
{
    struct date d;
    if (!read_date(&text, &d) || *text)
        return false;
    *out = d;
    return true;
}

/* ".123456789" as microseconds; more than 9 digits is refused. */
static bool read_fraction(const char **text, int *micros)
{
    *micros = 0;
    if (!skip(text, '.'))
        return true;
    int count = 0;
    for (; **text >= '0' && **text <= '9'; (*text)++, count++)
        if (count < 6)
            *micros = *micros * 10 + **text - '0';
    for (int i = count; i < 6; i++)
        *micros *= 10;
    return count >= 1 && count <= 9;
}

static bool read_zone(const char **text, int *seconds)
{
    *seconds = 0;
    if (skip(text, 'Z') || skip(text, 'z'))
        return true;
    int sign = **text == '-' ? -1 : 1;
    if (!skip(text, '+') && !skip(text, '-'))
        return false;
    int hour = digits(text, 2);
    int minute = skip(text, ':') ? digits(text, 2) : -1;
    *seconds = sign * (hour * 3600 + minute * 60);
    return hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
}

bool instant_parse(const char *text, int64_t *out)
{
    struct date d;
    int hour, minute, second, micros, zone;
    if (!read_date(&text, &d) || (!skip(&text, 'T') && !skip(&text, 't')) ||
        (hour = digits(&text, 2)) < 0 || !skip(&text, ':') || (minute = digits(&text, 2)) < 0 ||
        !skip(&text, ':') || (second = digits(&text, 2)) < 0 || hour > 23 || minute > 59 ||
        second > 59 || !read_fraction(&text, &micros) || !read_zone(&text, &zone) || *text)
        return false;
    int64_t at = utc_instant(d, hour, minute, second) - zone * SECOND_US + micros;
    /* The zone may carry it out of the years that we can write. */
    if (!date_valid(utc_date(at)) || !date_valid(oslo_date(at)))
        return false;
    *out = at;
    return true;
}

static int milliseconds(int64_t instant)
{
    return (int)((instant % SECOND_US + SECOND_US) % SECOND_US / 1000);
}

char *instant_rfc3339(struct arena *a, int64_t instant)
{
    struct date d = utc_date(instant);
    int64_t of_day = (instant % DAY_US + DAY_US) % DAY_US / SECOND_US;
    return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", d.year, d.month, d.day,
                        (int)(of_day / 3600), (int)(of_day / 60 % 60), (int)(of_day % 60),
                        milliseconds(instant));
}

char *instant_oslo_rfc3339(struct arena *a, int64_t instant)
{
    struct oslo_time t = oslo_time(instant);
    return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03d+%02d:00", t.date.year,
                        t.date.month, t.date.day, t.hour, t.minute, t.second,
                        milliseconds(instant), t.offset_minutes / 60);
}

char *date_text(struct arena *a, struct date d)
{
    return arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day);
}

char *date_words(struct arena *a, struct date d)
{
    static const char *const months[] = { "januar", "februar",   "mars",    "april",
                                          "mai",    "juni",      "juli",    "august",
                                          "september", "oktober", "november", "desember" };
    return arena_printf(a, "%d. %s %d", d.day, months[d.month - 1], d.year);
}

char *moment_words(struct arena *a, int64_t instant)
{
    struct oslo_time t = oslo_time(instant);
    return arena_printf(a, "%s kl. %02d.%02d", date_words(a, t.date), t.hour, t.minute);
}

char *due_words(struct arena *a, int64_t due)
{
    return due ? date_words(a, oslo_date(due - 1)) : NULL;
}
