/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The worker law: one transaction holds marks (locked first, in case order), effects and events. A
 * batch that fails is taken event by event, each in a transaction of its own, so that one bad event
 * stops its own case and nothing else.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/queries.h"
#include "common/worker_private.h"

enum { CRASHES = 3 };

/* A case with news: from its mark to the highest number that was rung. */
struct news {
    const char *case_id;
    int64_t n;
    int64_t mark;
    bool waits; /* behind a parked event */
};

/* An event to handle. */
struct task {
    struct event event;
    void *prepared;
    enum problem verdict;
};

struct work {
    struct news *news;
    size_t count;
    struct task *tasks;
    size_t task_count;
};

const struct subscription *subscription_find(const struct worker *worker, const char *type)
{
    for (const struct subscription *sub = worker->subscriptions; type && sub->type; sub++)
        if (strcmp(sub->type->type, type) == 0)
            return sub;
    return NULL;
}

static struct news *news_of(struct work *work, const char *case_id)
{
    for (size_t i = 0; i < work->count; i++)
        if (strcmp(work->news[i].case_id, case_id) == 0)
            return &work->news[i];
    return NULL;
}

/* One entry per case that the log knows, with the highest number rung. */
static void gather(struct scope *s, const struct bells *bells, struct work *work)
{
    work->news = arena_array(s->arena, bells->count, sizeof(*work->news));
    for (size_t i = 0; i < bells->count; i++) {
        const struct bell *bell = &bells->items[i];
        struct news *news = bell->known ? news_of(work, bell->case_id) : NULL;
        if (news && bell->n > news->n)
            news->n = bell->n;
        else if (!news && bell->known)
            work->news[work->count++] = (struct news){ .case_id = bell->case_id, .n = bell->n };
    }
}

static struct param case_ids(struct scope *s, const struct work *work)
{
    const char **ids = arena_array(s->arena, work->count, sizeof(*ids));
    for (size_t i = 0; i < work->count; i++)
        ids[i] = work->news[i].case_id;
    return param_list(s, ids, work->count);
}

static struct param numbers(struct scope *s, const struct work *work, bool marks)
{
    int64_t *values = arena_array(s->arena, work->count, sizeof(*values));
    for (size_t i = 0; i < work->count; i++)
        values[i] = marks ? work->news[i].mark : work->news[i].n;
    return param_integers(s, values, work->count);
}

static struct param types(struct scope *s, const struct worker *worker)
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
    TRY(DB_RUN(s, statement, &r, param_text(loop->worker->name), case_ids(s, work)));
    for (int i = 0; i < r.count; i++) {
        struct news *news = news_of(work, result_text(&r, i, "case_id"));
        news->mark = result_integer(&r, i, "mark");
    }
    return OK;
}

static enum problem look(struct loop *loop, struct scope *s, struct work *work)
{
    struct result r;
    TRY(DB_RUN(s, &sql_cases_waiting, &r, param_text(loop->worker->name), case_ids(s, work)));
    for (int i = 0; i < r.count; i++) {
        struct news *news = news_of(work, result_text(&r, i, "case_id"));
        news->waits = true;
        news->mark = news->n; /* nothing to read */
    }
    return OK;
}

static struct event event_at(const struct loop *loop, const struct result *r, int row)
{
    const char *data = result_text(r, row, "data"), *type = result_text(r, row, "type");
    return (struct event){
        .case_id = result_text(r, row, "case_id"),
        .case_seq = result_integer(r, row, "case_seq"),
        .type = subscription_find(loop->worker, type)->type,
        .type_name = type,
        .data = data,
        .data_length = strlen(data),
        .occurred_at = result_time(r, row, "occurred_at"),
        .traceparent = result_text(r, row, "traceparent"),
    };
}

static enum problem read_tasks(struct loop *loop, struct scope *s, struct work *work)
{
    struct result r;
    TRY(DB_RUN(s, &sql_events_read, &r, case_ids(s, work), numbers(s, work, true),
               numbers(s, work, false), types(s, loop->worker)));
    work->task_count = (size_t)r.count;
    work->tasks = arena_array(s->arena, work->task_count, sizeof(*work->tasks));
    for (int i = 0; i < r.count; i++)
        work->tasks[i].event = event_at(loop, &r, i);
    return OK;
}

/* Locks the marks in case order and reads what lies above them. */
static enum problem lock_and_read(struct loop *loop, struct scope *s, struct work *work)
{
    TRY(DB_RUN(s, &sql_inbox_make, NULL, param_text(loop->worker->name), case_ids(s, work)));
    TRY(read_marks(loop, s, work, &sql_inbox_lock));
    TRY(look(loop, s, work));
    return read_tasks(loop, s, work);
}

static enum problem raise_marks(struct loop *loop, struct scope *s, const struct work *work)
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
    return DB_RUN(s, &sql_inbox_raise, NULL, param_text(loop->worker->name),
                  param_list(s, ids, count), param_integers(s, marks, count));
}

/* What was wrong with one event must not stain the next. */
static void forget_fault(struct scope *s)
{
    s->detail = NULL;
    s->errors = s->last_error = NULL;
}

/* Slow and pure work, before any row is locked. */
static enum problem prepare(struct loop *loop, struct scope *s, struct task *task)
{
    const struct subscription *sub = subscription_find(loop->worker, task->event.type_name);
    forget_fault(s);
    return sub->prepare ? sub->prepare(s, &task->event, &task->prepared) : OK;
}

static enum problem handle(struct loop *loop, struct scope *s, struct task *task)
{
    const char *trace = s->traceparent;
    forget_fault(s);
    s->prepared = task->prepared;
    s->traceparent = task->event.traceparent;
    task->verdict =
        subscription_find(loop->worker, task->event.type_name)->handle(s, &task->event);
    s->traceparent = trace;
    s->prepared = NULL;
    return problem_delivery(task->verdict) == DELIVERY_ACK ? OK : task->verdict;
}

static bool prepares(const struct worker *worker)
{
    for (const struct subscription *sub = worker->subscriptions; sub->type; sub++)
        if (sub->prepare)
            return true;
    return false;
}

/* Reads what the bells ask for without locking, and prepares it. */
static enum problem prepare_all(struct loop *loop, struct scope *s, const struct bells *bells,
                                struct work *early)
{
    if (!prepares(loop->worker))
        return OK;
    gather(s, bells, early);
    TRY(read_marks(loop, s, early, &sql_inbox_look));
    TRY(read_tasks(loop, s, early));
    for (size_t i = 0; i < early->task_count; i++)
        TRY(prepare(loop, s, &early->tasks[i]));
    return OK;
}

/* What was prepared for the event: marks only rise, so it is among the early ones. */
static void *prepared_for(const struct work *early, const struct event *event)
{
    for (size_t i = 0; i < early->task_count; i++)
        if (early->tasks[i].event.case_seq == event->case_seq &&
            strcmp(early->tasks[i].event.case_id, event->case_id) == 0)
            return early->tasks[i].prepared;
    return NULL;
}

static enum problem handle_all(struct loop *loop, struct scope *s, const struct work *early,
                               struct work *work)
{
    TRY(lock_and_read(loop, s, work));
    for (size_t i = 0; i < work->task_count; i++) {
        work->tasks[i].prepared = prepared_for(early, &work->tasks[i].event);
        TRY(handle(loop, s, &work->tasks[i]));
    }
    return raise_marks(loop, s, work);
}

/* All bells in one transaction, or none. */
static enum problem answer_together(struct loop *loop, struct scope *s, const struct bells *bells,
                                    struct work *work)
{
    struct work early = { 0 };
    TRY(prepare_all(loop, s, bells, &early));
    TRY(db_begin(s));
    TRY(handle_all(loop, s, &early, work));
    TRY(db_commit(s));
    for (size_t i = 0; i < work->task_count; i++)
        count_verdict(loop, work->tasks[i].event.type_name, work->tasks[i].verdict);
    return OK;
}

/* One event in a transaction of its own: its case's work up to and with its number. */
static enum problem answer_alone(struct loop *loop, struct scope *s, struct task *task)
{
    struct news news = { .case_id = task->event.case_id, .n = task->event.case_seq };
    struct work work = { .news = &news, .count = 1 };
    TRY(prepare(loop, s, task));
    TRY(db_begin(s));
    TRY(lock_and_read(loop, s, &work));
    if (work.task_count > 0)
        TRY(handle(loop, s, task));
    TRY(DB_RUN(s, &sql_worker_tries_clear, NULL, param_text(loop->worker->name),
               param_text(news.case_id), param_integer(s, news.n)));
    TRY(raise_marks(loop, s, &work));
    TRY(db_commit(s));
    if (work.task_count > 0)
        count_verdict(loop, task->event.type_name, task->verdict);
    return OK;
}

static enum problem park(struct loop *loop, struct scope *s, const struct task *task,
                         enum problem p, int attempts)
{
    const char *detail = s->detail;
    s->detail = NULL;
    TRY(db_begin(s));
    TRY(park_event(loop, s, &task->event, p, detail, attempts));
    TRY(db_commit(s));
    count_verdict(loop, task->event.type_name, p);
    return OK;
}

/* After an unclean end each try is noted in a commit of its own before it is made. */
static enum problem note_try(struct loop *loop, struct scope *s, const struct task *task,
                             bool *crashes)
{
    struct result r;
    const char *name = arena_printf(s->arena, "%s.%lld", task->event.case_id,
                                    (long long)task->event.case_seq);
    *crashes = false;
    if (!loop->careful || strcmp(loop->noted, name) == 0)
        return OK;
    snprintf(loop->noted, sizeof(loop->noted), "%s", name);
    TRY(DB_RUN(s, &sql_worker_try_note, &r, param_text(loop->worker->name),
               param_text(task->event.case_id), param_integer(s, task->event.case_seq)));
    *crashes = result_integer(&r, 0, "tries") >= CRASHES;
    return OK;
}

/* Handles or parks one event; *parked tells that the rest of its case waits. */
static enum problem settle(struct loop *loop, struct scope *s, struct task *task, bool *parked)
{
    bool crashes;
    enum problem p = OK;
    int tries = 0;
    *parked = true;
    TRY(note_try(loop, s, task, &crashes));
    if (crashes)
        return park(loop, s, task, PROBLEM_CRASHED, CRASHES);
    do {
        tries++;
        p = answer_alone(loop, s, task);
        db_rollback(s);
    } while (p == PROBLEM_STALE && tries < loop->worker->max_attempts);
    *parked = p != OK;
    if (problem_delivery(p) == DELIVERY_PARK || p == PROBLEM_STALE)
        return park(loop, s, task, p, tries);
    return p;
}

/* Event by event, each case in order; a parked event ends its case's turn. */
static enum problem answer_singly(struct loop *loop, struct scope *s, const struct work *work)
{
    const char *waits = "";
    for (size_t i = 0; i < work->task_count; i++) {
        struct task *task = &work->tasks[i];
        bool parked = false;
        if (strcmp(task->event.case_id, waits) == 0)
            continue;
        task->prepared = NULL;
        TRY(settle(loop, s, task, &parked));
        if (parked)
            waits = task->event.case_id;
    }
    return OK;
}

/* What there is to do, without keeping the locks. */
static enum problem survey(struct loop *loop, struct scope *s, struct work *work)
{
    TRY(db_begin(s));
    TRY(lock_and_read(loop, s, work));
    return db_commit(s);
}

/* Marks of cases whose news held none of our types, or only parked ones, are raised as well. */
static enum problem raise_the_rest(struct loop *loop, struct scope *s, struct work *work)
{
    TRY(db_begin(s));
    TRY(lock_and_read(loop, s, work));
    if (work->task_count == 0)
        TRY(raise_marks(loop, s, work));
    return db_commit(s);
}

/* Finds out which bells are of our log; the others are parked as records. */
static enum problem sort_out(struct loop *loop, struct scope *s, const struct bells *bells)
{
    struct result r;
    const char **ids = arena_array(s->arena, bells->count, sizeof(*ids));
    int64_t *ns = arena_array(s->arena, bells->count, sizeof(*ns));
    for (size_t i = 0; i < bells->count; i++) {
        ids[i] = bells->items[i].case_id; /* NULL joins nothing */
        ns[i] = bells->items[i].n;
        bells->items[i].known = false;
    }
    TRY(DB_RUN(s, &sql_bells_known, &r, param_list(s, ids, bells->count),
               param_integers(s, ns, bells->count)));
    for (int i = 0; i < r.count; i++)
        bells->items[result_integer(&r, i, "place") - 1].known = true;
    for (size_t i = 0; i < bells->count; i++) {
        if (bells->items[i].known)
            continue;
        TRY(park_record(loop, s, &bells->items[i]));
        count_verdict(loop, bells->items[i].type, PROBLEM_NOT_FOUND);
    }
    return OK;
}

static enum problem answer(struct loop *loop, struct scope *s, const struct bells *bells)
{
    struct work work = { 0 };
    TRY(sort_out(loop, s, bells));
    gather(s, bells, &work);
    if (work.count == 0)
        return OK;
    enum problem p = PROBLEM_STALE;
    if (!loop->careful) {
        p = answer_together(loop, s, bells, &work);
        db_rollback(s);
    }
    if (!p || p == PROBLEM_UNAVAILABLE || p == PROBLEM_DISK_FULL)
        return p;
    forget_fault(s);
    TRY(survey(loop, s, &work));
    TRY(answer_singly(loop, s, &work));
    return raise_the_rest(loop, s, &work);
}

enum problem bells_answer(struct loop *loop, const struct bells *bells)
{
    struct scope *s = &loop->scope;
    s->now = clock_now(loop->program->clock);
    forget_fault(s);
    TRY(pool_take(s, loop->program->pool));
    enum problem p = answer(loop, s, bells);
    pool_give(s, loop->program->pool);
    return p;
}
