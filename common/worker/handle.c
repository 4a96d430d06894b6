/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The worker law. A record on Kafka is a bell: it says that a case has news up to a number. What the news is, is read from the
 * event log above the worker's mark of that case, and one transaction holds the mark (locked first), the effects and the
 * events that are said of them; only then are the offsets committed. So a record that comes twice, late, out of order or
 * never needs no code of its own: at or under the mark is old news, what is missing is read, and what the log lacks is not
 * ours. There is no dual write: either all of it has happened, or nothing.
 *
 * Work is taken together, as much as there is; slow and pure work (rendering) is prepared before the transaction opens,
 * from the same rows, and dropped if the mark has risen since. What fails together is taken event by event, so one bad event
 * stops its own case and nothing else: it is parked with why, its case waits behind it, all others flow. What failed for
 * being too early (STALE) is tried again, what failed for an outage is nobody's fault and waits.
 *
 * Rejected: effects straight from the record (a redelivery would do them twice, a lost record never), an inbox row per
 * event (it grows for good; a mark per case does not), exactly-once transactions of Kafka (they end at our database), and
 * skipping what fails (nothing is ever dropped).
 */
#include "common/worker/handle.h"

#include <string.h>

#include "common/base/crash.h"
#include "common/worker/careful.h"
#include "common/worker/park.h"
#include "common/worker/work.h"
#include "common/worker/worker.h"
#include "common/worker/worker_private.h"

static const struct subscription *subscription_of(const struct loop *loop, const struct task *task)
{
    return subscription_find(loop->worker, task->event.type_name);
}

void forget_fault(struct scope *s)
{
    s->detail = NULL;
    s->errors = s->last_error = NULL;
}

/* What its row says, no handler need look at. */
static enum problem fit(struct scope *s, const struct task *task)
{
    return task->wrong ? scope_fail(s, PROBLEM_MALFORMED, "%s", task->wrong) : OK;
}

/* Slow and pure work, before any row is locked. */
enum problem work_prepare(struct loop *loop, struct scope *s, struct work *work)
{
    for (size_t i = 0; i < work->task_count; i++) {
        struct task *task = &work->tasks[i];
        const struct subscription *sub = subscription_of(loop, task);
        forget_fault(s);
        TRY(fit(s, task));
        if (sub->prepare)
            TRY(sub->prepare(s, &task->event, &task->prepared));
    }
    return OK;
}

static bool prepares(const struct worker *worker)
{
    for (const struct subscription *sub = worker->subscriptions; sub->type; sub++)
        if (sub->prepare)
            return true;
    return false;
}

/* What was prepared for the events: marks only rise, so they are among the early ones. */
static void take_prepared(const struct work *early, struct work *work)
{
    for (size_t i = 0; i < work->task_count; i++)
        for (size_t k = 0; k < early->task_count; k++)
            if (early->tasks[k].event.case_seq == work->tasks[i].event.case_seq &&
                strcmp(early->tasks[k].event.case_id, work->tasks[i].event.case_id) == 0)
                work->tasks[i].prepared = early->tasks[k].prepared;
}

static enum problem handle_one(struct scope *s, const struct subscription *sub, struct task *task)
{
    const char *trace = s->traceparent;
    s->prepared = task->prepared;
    s->traceparent = task->event.traceparent;
    task->verdict = sub->handle(s, &task->event);
    task->handled = true;
    s->traceparent = trace;
    s->prepared = NULL;
    return problem_delivery(task->verdict) == DELIVERY_ACK ? OK : task->verdict;
}

/* Of each case the events from its first unhandled one on that go to the function: no event of a
 * case overtakes another. */
static size_t collect(struct loop *loop, struct work *work, const struct subscription *sub,
                      struct item *items, struct task **of)
{
    size_t count = 0;
    const struct news *blocked = NULL;
    for (size_t i = 0; i < work->task_count; i++) {
        struct task *task = &work->tasks[i];
        if (task->handled || task->news == blocked)
            continue;
        if (subscription_of(loop, task)->batch != sub->batch) {
            blocked = task->news;
            continue;
        }
        of[count] = task;
        items[count++] = (struct item){ .event = &task->event, .row = task->row };
    }
    return count;
}

static enum problem handle_set(struct loop *loop, struct scope *s, struct work *work,
                               const struct subscription *sub)
{
    struct item *items = arena_array(s->arena, work->task_count, sizeof(*items));
    struct task **of = arena_array(s->arena, work->task_count, sizeof(*of));
    size_t count = collect(loop, work, sub, items, of);
    TRY(sub->batch(s, items, count));
    for (size_t i = 0; i < count; i++) {
        of[i]->handled = true;
        of[i]->verdict = items[i].verdict;
    }
    return OK;
}

enum problem work_handle(struct loop *loop, struct scope *s, struct work *work)
{
    for (size_t i = 0; i < work->task_count; i++)
        TRY(fit(s, &work->tasks[i]));
    for (size_t i = 0; i < work->task_count; i++) {
        struct task *task = &work->tasks[i];
        const struct subscription *sub = subscription_of(loop, task);
        forget_fault(s);
        if (!task->handled)
            TRY(sub->batch ? handle_set(loop, s, work, sub) : handle_one(s, sub, task));
    }
    return OK;
}

enum problem work_within(struct loop *loop, struct scope *s, struct work *work,
                         enum problem (*unlock)(struct scope *s, void *context), void *context)
{
    struct work early = { .news = work->news, .count = work->count };
    if (prepares(loop->worker)) {
        TRY(work_look(loop, s, &early));
        TRY(work_prepare(loop, s, &early));
    }
    TRY(db_begin(s));
    crash_point("worker.begin");
    TRY(work_lock(loop, s, work));
    if (unlock) {
        TRY(unlock(s, context));
        TRY(work_lock(loop, s, work));
    }
    if (loop->worker->locks_cases)
        TRY(work_lock_cases(s, work));
    take_prepared(&early, work);
    TRY(work_handle(loop, s, work));
    crash_point("worker.effects-written");
    return work_raise(loop, s, work);
}

enum problem work_together(struct loop *loop, struct scope *s, struct work *work)
{
    TRY(work_within(loop, s, work, NULL, NULL));
    crash_point("worker.commit-before");
    TRY(db_commit(s));
    crash_point("worker.commit-after");
    loop->commits++;
    for (size_t i = 0; i < work->task_count; i++)
        count_verdict(loop, work->tasks[i].event.type_name, work->tasks[i].verdict);
    return OK;
}

/* One event in a transaction of its own: its case's work up to and with its number. */
static enum problem handle_alone(struct loop *loop, struct scope *s, const struct task *task)
{
    struct news news = { .case_id = task->event.case_id, .n = task->event.case_seq };
    return work_together(loop, s, &(struct work){ .news = &news, .count = 1 });
}

static enum problem park(struct loop *loop, struct scope *s, const struct task *task,
                         enum problem p, int attempts)
{
    const char *detail = s->detail;
    s->detail = NULL;
    TRY(db_begin(s));
    TRY(park_event(loop, s, &task->event, p, detail, attempts));
    crash_point("parking.park-commit-before");
    TRY(db_commit(s));
    crash_point("parking.park-commit-after");
    loop->commits++;
    count_verdict(loop, task->event.type_name, p);
    return OK;
}

/* Handles or parks one event; *parked tells that the rest of its case waits. */
static enum problem settle(struct loop *loop, struct scope *s, const struct task *task,
                           bool *parked)
{
    bool crashes;
    enum problem p = OK;
    int tries = 0;
    *parked = true;
    TRY(event_begin(loop, s, task, &crashes));
    if (crashes)
        return park(loop, s, task, PROBLEM_CRASHED, CRASHES);
    do {
        tries++;
        forget_fault(s);
        p = handle_alone(loop, s, task);
        db_rollback(s);
    } while (p == PROBLEM_STALE && tries < loop->worker->max_attempts);
    *parked = p != OK;
    if (problem_delivery(p) == DELIVERY_PARK || p == PROBLEM_STALE)
        return park(loop, s, task, p, tries);
    return p;
}

/* Each case in order; a parked event ends its case's turn. */
enum problem work_singly(struct loop *loop, struct scope *s, struct work *work)
{
    const struct news *waits = NULL;
    TRY(db_begin(s));
    TRY(work_lock(loop, s, work)); /* what there is to do, without keeping the locks */
    TRY(db_commit(s));
    for (size_t i = 0; i < work->task_count; i++) {
        const struct task *task = &work->tasks[i];
        bool parked = false;
        if (task->news == waits)
            continue;
        TRY(settle(loop, s, task, &parked));
        if (parked)
            waits = task->news;
    }
    /* Marks of cases whose news held none of our types are raised as well. */
    TRY(db_begin(s));
    TRY(work_lock(loop, s, work));
    if (work->task_count == 0)
        TRY(work_raise(loop, s, work));
    return db_commit(s);
}
