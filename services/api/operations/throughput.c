/* SPDX-License-Identifier: EUPL-1.2 */
/* The last hour in a table with bars: what was received and what was finished, by spans of ten minutes. */
#include "services/api/operations/throughput.h"

#include "common/db/run.h"
#include "common/record/record.h"
#include "common/time/calendar.h"
#include "services/api/operations/queries.h"
#include "services/api/page/bars.h"

enum { SPANS = 6, SPAN_MINUTES = 10 };

struct span {
    int64_t accepted, finished;
};

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static json_t *span_view(struct scope *s, const struct span *span, int64_t from, int64_t most)
{
    struct oslo_time t = oslo_time(from);
    const struct maybe accepted = { true, span->accepted }, finished = { true, span->finished };
    return json_pack("{s: s, s: I, s: I, s: o, s: o}", "since",
                     arena_printf(s->arena, "%02d.%02d", t.hour, t.minute), "accepted",
                     (json_int_t)span->accepted, "finished", (json_int_t)span->finished, "accepted_bar",
                     bar_view(&accepted, most), "finished_bar", bar_view(&finished, most));
}

enum problem throughput_view(struct scope *s, json_t **out)
{
    struct result r;
    struct span spans[SPANS] = { 0 };
    int64_t largest = 0, minute = 60 * SECOND_US;
    int64_t from = s->now - SPANS * SPAN_MINUTES * minute;
    TRY(DB_RUN(s, &sql_drift_throughput, &r, param_time(s, from)));
    for (int i = 0; i < r.count; i++) {
        int64_t place = result_integer(&r, i, "minute") / SPAN_MINUTES;
        if (result_integer(&r, i, "minute") < 0 || place >= SPANS)
            continue;
        spans[place].accepted += result_integer(&r, i, "accepted");
        spans[place].finished += result_integer(&r, i, "finished");
    }
    for (int i = 0; i < SPANS; i++)
        largest = larger(largest, larger(spans[i].accepted, spans[i].finished));
    json_t *rows = json_array();
    int64_t most = bar_scale("cases", largest);
    for (int i = 0; i < SPANS; i++)
        json_array_append_new(rows, span_view(s, &spans[i], from + i * SPAN_MINUTES * minute, most));
    *out = json_pack("{s: o, s: o}", "spans", rows, "scale", bar_axis(s, "cases", most));
    return OK;
}
