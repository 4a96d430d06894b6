/* SPDX-License-Identifier: EUPL-1.2 */
/* What there is to do: the marks of the cases that have news, and the events above them. Locks are
 * taken in one order, marks by case and then cases, each sorted by id. */
#include "common/worker/work.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/crash.h"
#include "common/worker/queries.h"
#include "common/worker/worker.h"
#include "common/worker/worker_private.h"

static int by_case(const void *id, const void *news)
{
    return strcmp(id, ((const struct news *)news)->case_id);
}

/* NULL for a case that nobody asked about. */
static struct news *news_of(const struct work *work, const char *case_id)
{
    return bsearch(case_id, work->news, work->count, sizeof(*work->news), by_case);
}

static struct param case_ids(struct scope *s, const struct work *work)
{
    const char **ids = arena_array(s->arena, work->count, sizeof(*ids));
    for (size_t i = 0; i < work->count; i++)
        ids[i] = work->news[i].case_id;
    return param_ids(s, ids, work->count);
}

static struct param numbers(struct scope *s, const struct work *work, bool marks)
{
    int64_t *values = arena_array(s->arena, work->count, sizeof(*values));
    for (size_t i = 0; i < work->count; i++)
        values[i] = marks ? work->news[i].mark : work->news[i].n;
    return param_integers(s, values, work->count);
}

struct param worker_types(struct scope *s, const struct worker *worker)
{
    const char *names[64];
    size_t count = 0;
    for (const struct subscription *sub = worker->subscriptions; sub->type; sub++) {
        assert(count < 64);
        names[count++] = sub->type->type;
    }
    return param_list(s, names, count);
}

/* Reads the marks, locking them or not; a case without one stands at 0. */
static enum problem read_marks(struct loop *loop, struct scope *s, struct work *work,
                               const struct statement *statement)
{
    struct result r;
    for (size_t i = 0; i < work->count; i++)
        work->news[i].mark = 0;
    TRY(DB_RUN(s, statement, &r, param_text(loop->worker->name), case_ids(s, work)));
    for (int i = 0; i < r.count; i++) {
        struct news *news = news_of(work, result_text(&r, i, "case_id"));
        if (news)
            news->mark = result_integer(&r, i, "mark");
    }
    return OK;
}

static enum problem read_waiting(struct loop *loop, struct scope *s, struct work *work)
{
    struct result r;
    for (size_t i = 0; i < work->count; i++)
        work->news[i].waits = false;
    TRY(DB_RUN(s, &sql_cases_waiting, &r, param_text(loop->worker->name), case_ids(s, work)));
    for (int i = 0; i < r.count; i++) {
        struct news *news = news_of(work, result_text(&r, i, "case_id"));
        if (!news)
            continue;
        news->waits = true;
        news->mark = news->n; /* nothing to read */
    }
    return OK;
}

/* False for an event that nobody asked for. */
static bool task_at(const struct loop *loop, const struct work *work, const struct result *r,
                    int row, struct task *out)
{
    bool dated = result_time_readable(r, row, "occurred_at");
    struct event event = event_from_row(r, row);
    *out = (struct task){ .event = event,
                          .news = news_of(work, event.case_id),
                          .wrong = dated ? NULL : "the event's time is none that we can write" };
    return subscription_find(loop->worker, event.type_name) && out->news;
}

static enum problem read_tasks(struct loop *loop, struct scope *s, struct work *work)
{
    struct result r;
    TRY(DB_RUN(s, &sql_events_read, &r, case_ids(s, work), numbers(s, work, true),
               numbers(s, work, false), worker_types(s, loop->worker)));
    work->task_count = 0;
    work->tasks = arena_array(s->arena, (size_t)r.count, sizeof(*work->tasks));
    for (int i = 0; i < r.count; i++)
        work->task_count += task_at(loop, work, &r, i, &work->tasks[work->task_count]);
    return OK;
}

/* The cases that have something to do, one row for all of a case's tasks. */
enum problem work_lock_cases(struct scope *s, struct work *work)
{
    const char **ids = arena_array(s->arena, work->task_count, sizeof(*ids));
    struct case_row *rows = arena_array(s->arena, work->task_count, sizeof(*rows));
    size_t count = 0;
    for (size_t i = 0; i < work->task_count; i++) {
        struct task *task = &work->tasks[i];
        if (i == 0 || task->news != task[-1].news)
            ids[count++] = task->event.case_id;
        task->row = &rows[count - 1];
    }
    return count ? cases_lock(s, ids, count, rows) : OK;
}

enum problem work_look(struct loop *loop, struct scope *s, struct work *work)
{
    TRY(read_marks(loop, s, work, &sql_inbox_look));
    return read_tasks(loop, s, work);
}

enum problem work_lock(struct loop *loop, struct scope *s, struct work *work)
{
    TRY(DB_RUN(s, &sql_inbox_make, NULL, param_text(loop->worker->name), case_ids(s, work)));
    TRY(read_marks(loop, s, work, &sql_inbox_lock));
    TRY(read_waiting(loop, s, work));
    TRY(read_tasks(loop, s, work));
    crash_point("worker.log-read");
    return OK;
}

enum problem work_raise(struct loop *loop, struct scope *s, const struct work *work)
{
    const char **ids = arena_array(s->arena, work->count, sizeof(*ids));
    int64_t *marks = arena_array(s->arena, work->count, sizeof(*marks));
    size_t count = 0;
    for (size_t i = 0; i < work->count; i++) {
        if (work->news[i].waits)
            continue;
        ids[count] = work->news[i].case_id;
        marks[count++] = work->news[i].n;
    }
    if (count == 0)
        return OK;
    TRY(DB_RUN(s, &sql_inbox_raise, NULL, param_text(loop->worker->name),
               param_ids(s, ids, count), param_integers(s, marks, count)));
    if (loop->careful)
        TRY(DB_RUN(s, &sql_worker_tries_clear, NULL, param_text(loop->worker->name),
                   param_ids(s, ids, count), param_integers(s, marks, count)));
    crash_point("worker.mark-raised");
    return OK;
}

const struct subscription *subscription_find(const struct worker *worker, const char *type)
{
    for (const struct subscription *sub = worker->subscriptions; type && sub->type; sub++)
        if (strcmp(sub->type->type, type) == 0)
            return sub;
    return NULL;
}
