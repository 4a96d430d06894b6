/* SPDX-License-Identifier: EUPL-1.2 */
/* The log's side: which events Kafka does not have yet. */
#include <stdlib.h>

#include "common/base/crash.h"
#include "common/operator/queries.h"
#include "common/program/program.h"
#include "services/relay/queries.h"
#include "services/relay/relay.h"

enum { BATCH = 1000 };

enum problem unsent_lead(struct scope *s, bool *leads, int64_t *epoch)
{
    struct result r;
    TRY(db_run(s, &sql_relay_lock, &r, NULL, 0));
    if (!result_flag(&r, 0, "got")) {
        *leads = false;
        return OK;
    }
    TRY(db_run(s, &sql_relay_epoch_take, &r, NULL, 0));
    *epoch = result_integer(&r, 0, "epoch");
    crash_point("relay.epoch-taken");
    *leads = true;
    return OK;
}

enum problem unsent_read(struct scope *s, struct batch *out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_unsent_read, &r, param_integer(s, BATCH)));
    if (r.count > 0)
        crash_point("relay.log-read");
    struct unsent *items = arena_array(s->arena, (size_t)r.count, sizeof(*items));
    for (int i = 0; i < r.count; i++)
        items[i] = (struct unsent){
            .position = result_integer(&r, i, "position"),
            .source = result_text(&r, i, "source"),
            .event = event_from_row(&r, i),
        };
    *out = (struct batch){ .items = items, .count = (size_t)r.count };
    return OK;
}

enum problem unsent_delete(struct scope *s, const struct batch *batch, int64_t epoch)
{
    int64_t *positions = arena_array(s->arena, batch->count, sizeof(*positions));
    size_t count = 0;
    while (count < batch->count && batch->items[count].fate == DELIVERED) {
        positions[count] = batch->items[count].position;
        count++;
    }
    if (count == 0)
        return OK;
    struct result r;
    crash_point("relay.delete-begin");
    TRY(DB_RUN(s, &sql_unsent_delete, &r, param_integers(s, positions, count),
               param_integer(s, epoch)));
    crash_point("relay.deleted");
    if (r.affected == 0)
        return scope_fail(s, PROBLEM_STALE, "another relay has taken over");
    return OK;
}

enum problem unsent_measure(struct scope *s)
{
    struct result r;
    TRY(db_run(s, &sql_unsent_look, &r, NULL, 0));
    int64_t oldest = result_time(&r, 0, "oldest");
    double age = oldest && s->now > oldest ? (double)(s->now - oldest) / (double)SECOND_US : 0;
    metric_set(s->program->metrics, METRIC_UNSENT_EVENTS, LABELS(NULL),
               (double)result_integer(&r, 0, "events"));
    metric_set(s->program->metrics, METRIC_UNSENT_OLDEST, LABELS(NULL), age);
    return OK;
}
