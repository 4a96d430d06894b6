/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Says once when a deadline is near and once when it is missed. Due cases are picked without locks,
 * then each is locked if nobody else holds it, looked at again and dealt with in its own commit.
 */
#include "common/case/case.h"
#include "common/db/transact.h"
#include "common/event/event.h"
#include "common/operator/queries.h"
#include "common/program/program.h"
#include "services/scheduling/queries.h"
#include "services/scheduling/scheduling.h"

static enum problem say(struct scope *s, const char *case_id, const struct result *r, int row,
                        const struct event_type *what, const struct statement *note)
{
    const char *kind = result_text(r, row, "kind");
    TRY(DB_RUN(s, note, NULL, param_text(case_id), param_text(kind), param_time(s, s->now)));
    return event_append(
        s, case_id, what,
        &(struct deadline_near){ .kind = kind, .due = { result_time(r, row, "due_at") } },
        NULL);
}

static enum problem look_at_case(struct scope *s, void *context)
{
    const char *case_id = context;
    struct result found, r;
    enum case_status status;
    TRY(DB_RUN(s, &sql_case_lock_free, &found, param_text(case_id)));
    if (found.count == 0)
        return OK; /* someone is at it: the next tick comes back */
    if (!case_status_find(result_text(&found, 0, "status"), &status))
        return scope_fail(s, PROBLEM_BUG, "the case has an unknown status");
    if (case_status_is_end(status))
        return DB_RUN(s, &sql_deadlines_void, NULL, param_text(case_id), param_time(s, s->now));
    TRY(DB_RUN(s, &sql_deadlines_of, &r, param_text(case_id), param_time(s, s->now)));
    for (int i = 0; i < r.count; i++) {
        if (result_flag(&r, i, "missed"))
            TRY(say(s, case_id, &r, i, &deadline_missed, &sql_deadline_missed_said));
        else if (result_flag(&r, i, "near"))
            TRY(say(s, case_id, &r, i, &deadline_near, &sql_deadline_near_said));
    }
    return OK;
}

static enum problem pick(struct scope *s, void *context)
{
    return DB_RUN(s, &sql_deadlines_due, context, param_time(s, s->now));
}

enum problem deadlines_tick(struct program *program, struct scope *s)
{
    struct result due;
    TRY(program_transact(program, s, pick, &due));
    for (int i = 0; i < due.count; i++)
        TRY(program_transact(program, s, look_at_case,
                             (void *)(uintptr_t)result_text(&due, i, "case_id")));
    return OK;
}

void scheduling_metrics(struct metrics *metrics)
{
    metric_start(metrics, METRIC_SILENT, LABELS(NULL));
}

static enum problem count_silent(struct scope *s, void *context)
{
    return DB_RUN(s, &sql_silent_count, context, param_time(s, s->now));
}

enum problem silent_tick(struct program *program, struct scope *s)
{
    struct result silent;
    TRY(program_transact(program, s, count_silent, &silent));
    metric_set(program->metrics, METRIC_SILENT, LABELS(NULL),
               (double)result_integer(&silent, 0, "silent"));
    return OK;
}
