/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_TIME_INSTANT_H
#define COMMON_TIME_INSTANT_H
/* Instants and days as they are written: for machines (RFC 3339) and for people. */
#include "common/time/calendar.h"

struct arena;

/* As a member of a struct: no number can be taken for one. */
struct instant {
    int64_t us; /* 0 = none */
};

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
/* "27. november 2026 kl. 14.30" in Europe/Oslo. */
char *moment_words(struct arena *a, int64_t instant);
/* The day of a deadline, which ends at 24:00: that day, not the next, which begins then; NULL of 0. */
char *due_words(struct arena *a, int64_t due);

#endif
