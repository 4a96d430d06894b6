/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Compares the log with the workers' marks and sends again what a worker should have handled and has
 * not, though it says that it has read all of Kafka: a case's lost last event, which no gap shows,
 * and everything after a broker was wiped. The last minutes every time, the whole log little by
 * little.
 */
#include <stdio.h>

#include "common/program/program.h"
#include "services/relay/queries.h"
#include "services/relay/relay.h"

enum { LATE_S = 60, RECENT_S = 900, PAGE = 2000 };

/* Those who beat lately, are ready, and have nothing left to read; of two instances, both. */
static enum problem caught_up(struct scope *s, struct param *out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_consumers_caught_up, &r, param_time(s, s->now - 5 * SECOND_US)));
    const char **names = arena_array(s->arena, (size_t)r.count, sizeof(*names));
    for (int i = 0; i < r.count; i++)
        names[i] = result_text(&r, i, "consumer");
    *out = param_list(s, names, (size_t)r.count);
    return OK;
}

static void tell(struct scope *s, const struct result *r)
{
    for (int i = 0; i < r->count; i++) {
        const char *consumer = result_text(r, i, "consumer"), *events = result_text(r, i, "events");
        if (!consumer)
            continue;
        metric_add(s->program->metrics, METRIC_RECONCILED, LABELS(consumer),
                   (double)result_integer(r, i, "events"));
        LOG_WRITE(s->program->log, s->now, LOG_LEVEL_WARN, "sent again what a worker had missed",
                  { LOG_CONSUMER, consumer }, { LOG_COUNT, events });
    }
}

enum problem reconcile(struct scope *s, struct sweep *sweep)
{
    struct result recent, page;
    struct param consumers;
    const struct param recent_from = param_time(s, s->now - RECENT_S * SECOND_US);
    TRY(caught_up(s, &consumers));
    TRY(DB_RUN(s, &sql_reconcile_recent, &recent, recent_from,
               param_time(s, s->now - LATE_S * SECOND_US), consumers));
    TRY(DB_RUN(s, &sql_reconcile_page, &page, param_text(sweep->upto), param_integer(s, PAGE),
               recent_from, consumers));
    tell(s, &recent);
    tell(s, &page);
    const char *upto = page.count ? result_text(&page, 0, "upto") : NULL;
    snprintf(sweep->upto, sizeof(sweep->upto), "%s", upto ? upto : SWEEP_START);
    return OK;
}
