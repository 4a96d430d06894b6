/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_LINE_H
#define COMMON_LINE_H
/*
 * A line before what may stand still. So many threads may be inside at once, for as long as they like;
 * whoever comes behind them waits only while the line moves. A burst is waited out, an outage does not
 * take every thread: those that are left answer what needs nobody.
 */
#include "common/scope.h"

enum { LINE_PATIENCE_MS = 250 }; /* without a step, the line stands */

struct line;

struct line *line_new(struct arena *a, int most);
void line_free(struct line *line); /* nobody is in it */

/* OK: inside, and line_leave is due. PROBLEM_UNAVAILABLE if it stands still, or the scope's time is up. */
enum problem line_enter(struct scope *s, struct line *line);
void line_leave(struct line *line);

#endif
