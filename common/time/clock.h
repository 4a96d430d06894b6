/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_TIME_CLOCK_H
#define COMMON_TIME_CLOCK_H
/*
 * The time. An instant is int64_t microseconds since 1970-01-01T00:00:00Z (as texts: instant.h; as days: calendar.h).
 * Nothing else in Tillit asks for the time, so that a test can move it for all programs at once.
 */
#include <time.h>

#include "common/time/instant.h"

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

#endif
