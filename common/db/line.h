/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_DB_LINE_H
#define COMMON_DB_LINE_H
/*
 * A line before what may stand still. So many threads may be inside at once, for as long as they like; the first of those
 * who come behind them wait with patience, the rest only while the line moves. All enter in the order they came. A burst
 * is waited out, an outage does not take every thread: those that are left answer what needs nobody.
 */
#include "common/problem/scope.h"

struct arena;

enum {
    LINE_WAIT_MS = 5000,    /* of those who have patience */
    LINE_PATIENCE_MS = 250, /* of the rest: without a step, the line stands */
};

struct line;

/* most may be inside; the first `patient` of those behind have patience. */
struct line *line_new(struct arena *a, int most, int patient);
void line_free(struct line *line); /* nobody is in it */

/* OK: inside, and line_leave is due. PROBLEM_UNAVAILABLE if it was waited for in vain, or the scope's time is up. */
enum problem line_enter(struct scope *s, struct line *line);
void line_leave(struct line *line);

#endif
