/* SPDX-License-Identifier: EUPL-1.2 */
/* The current calendar month, for whoever watches a graph. */
#include "common/db/transact.h"
#include "common/indicator/indicator.h"
#include "common/program/program.h"
#include "services/metrics/metrics.h"

struct month {
    struct indicator_value values[INDICATOR_COUNT];
};

static enum problem compute(struct scope *s, void *context)
{
    struct month *month = context;
    struct date from = oslo_date(s->now);
    from.day = 1;
    return indicators_compute(s, from, date_add_months(from, 1), month->values);
}

enum problem metrics_indicators(struct program *program, struct scope *s)
{
    struct month month;
    TRY(program_transact(program, s, compute, &month));
    for (int i = 0; i < INDICATOR_COUNT; i++) {
        const struct indicator_value *v = &month.values[i];
        if (v->suppressed || !v->value.known)
            metric_forget(program->metrics, METRIC_INDICATOR, LABELS(v->id, v->unit));
        else
            metric_set(program->metrics, METRIC_INDICATOR, LABELS(v->id, v->unit),
                       (double)v->value.value);
    }
    return OK;
}
