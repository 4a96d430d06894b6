/* SPDX-License-Identifier: EUPL-1.2 */
/* The last hour in a table with bars: what was received and what was finished, by spans of ten minutes. */
#include "services/api/operations/throughput.h"

#include "services/api/operations/queries.h"
#include "services/api/page/bars.h"

enum { SPANS = 6, SPAN_MINUTES = 10 };

struct span {
    const char *since;
    int64_t accepted, finished;
    struct bar *accepted_bar, *finished_bar;
};

static const struct field span_fields[] = {
    FIELD(struct span, since),
    FIELD(struct span, accepted),
    FIELD(struct span, finished),
    NESTED_FIELD(struct span, accepted_bar, &bar_record),
    NESTED_FIELD(struct span, finished_bar, &bar_record),
    { 0 },
};
static const struct record span_record = RECORD("span", struct span, span_fields);

static const struct field throughput_fields[] = {
    LIST_FIELD(struct throughput, spans, &span_record),
    NESTED_FIELD(struct throughput, scale, &axis_record),
    { 0 },
};
const struct record throughput_record = RECORD("throughput", struct throughput, throughput_fields);

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void draw(struct scope *s, struct span *span, int64_t from, int64_t most)
{
    struct oslo_time t = oslo_time(from);
    span->since = arena_printf(s->arena, "%02d.%02d", t.hour, t.minute);
    span->accepted_bar = bar_of(s, &(struct maybe){ true, span->accepted }, most);
    span->finished_bar = bar_of(s, &(struct maybe){ true, span->finished }, most);
}

enum problem throughput_load(struct scope *s, struct throughput *out)
{
    struct result r;
    struct span *spans = arena_array(s->arena, SPANS, sizeof(*spans));
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
    int64_t most = bar_scale("cases", largest);
    for (int i = 0; i < SPANS; i++)
        draw(s, &spans[i], from + i * SPAN_MINUTES * minute, most);
    *out = (struct throughput){ { spans, SPANS }, bar_axis(s, "cases", most) };
    return OK;
}
