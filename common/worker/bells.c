/* SPDX-License-Identifier: EUPL-1.2 */
/* From bells to work: which are of our log, which cases they ring for, and what to do when all of
 * it together does not go. */
#include "common/worker/bells.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/crash.h"
#include "common/db/pool.h"
#include "common/kafka/kafka.h"
#include "common/program/program.h"
#include "common/time/clock.h"
#include "common/worker/careful.h"
#include "common/worker/handle.h"
#include "common/worker/park.h"
#include "common/worker/queries.h"
#include "common/worker/work.h"
#include "common/worker/worker_private.h"

/* Only the bells of our types go on; the others were never ours to answer. */
static struct bells ours(const struct loop *loop, struct scope *s, const struct bells *bells)
{
    struct bells mine = { .items = arena_array(s->arena, bells->count, sizeof(struct bell)) };
    for (size_t i = 0; i < bells->count; i++) {
        bell_read(s, &bells->items[i]);
        if (subscription_find(loop->worker, bells->items[i].type))
            mine.items[mine.count++] = bells->items[i];
    }
    return mine;
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
    TRY(DB_RUN(s, &sql_bells_known, &r, param_ids(s, ids, bells->count),
               param_integers(s, ns, bells->count)));
    for (int i = 0; i < r.count; i++)
        bells->items[result_integer(&r, i, "place") - 1].known = true;
    for (size_t i = 0; i < bells->count; i++) {
        if (!bells->items[i].known)
            TRY(park_record(loop, s, &bells->items[i], PROBLEM_NOT_FOUND,
                            "the log has no such event", 1));
    }
    return OK;
}

static int by_case_and_number(const void *a, const void *b)
{
    const struct news *x = a, *y = b;
    int order = strcmp(x->case_id, y->case_id);
    return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* One entry per case that the log knows, with the highest number rung, by case. */
static struct work gather(struct scope *s, const struct bells *bells)
{
    struct work work = { .news = arena_array(s->arena, bells->count, sizeof(*work.news)) };
    size_t known = 0;
    for (size_t i = 0; i < bells->count; i++)
        if (bells->items[i].known)
            work.news[known++] = (struct news){ .case_id = bells->items[i].case_id,
                                                .n = bells->items[i].n };
    qsort(work.news, known, sizeof(*work.news), by_case_and_number);
    for (size_t i = 0; i < known; i++) {
        bool last = i + 1 == known || strcmp(work.news[i].case_id, work.news[i + 1].case_id);
        if (last)
            work.news[work.count++] = work.news[i];
    }
    return work;
}

/* Together; if that fails, by halves, so that a bad event among many costs a few commits more and
 * not one each; a case alone is taken event by event. */
static enum problem answer(struct loop *loop, struct scope *s, struct work *work)
{
    size_t half = work->count / 2;
    if (work->count == 0)
        return OK;
    if (!loop->careful) {
        enum problem p = work_together(loop, s, work);
        db_rollback(s);
        if (!p || problem_is_outage(p))
            return p;
        forget_fault(s);
    }
    if (loop->careful || work->count == 1)
        return work_singly(loop, s, work);
    TRY(answer(loop, s, &(struct work){ .news = work->news, .count = half }));
    return answer(loop, s,
                  &(struct work){ .news = work->news + half, .count = work->count - half });
}

/* All of them at once. */
static enum problem answer_all(struct loop *loop, struct scope *s, const struct bells *mine)
{
    TRY(sort_out(loop, s, mine));
    struct work work = gather(s, mine);
    if (loop->careful && work.count > 0)
        TRY(record_known(loop, s, &mine->items[0]));
    return answer(loop, s, &work);
}

/* One by one: what none of the work's parts could park stops nobody else, and is moved aside here. */
static enum problem answer_each(struct loop *loop, struct scope *s, const struct bells *mine)
{
    for (size_t i = 0; i < mine->count; i++) {
        struct bell *bell = &mine->items[i];
        forget_fault(s);
        enum problem p = answer_all(loop, s, &(struct bells){ .items = bell, .count = 1 });
        const char *detail = s->detail;
        db_rollback(s);
        if (p && problem_delivery(p) != DELIVERY_RETRY && problem_delivery(p) != DELIVERY_HALT)
            p = park_bell(loop, s, bell, p, detail, 1);
        TRY(p);
    }
    return OK;
}

static enum problem answer_together(struct loop *loop, struct scope *s, const struct bells *bells)
{
    struct bells mine = ours(loop, s, bells);
    if (mine.count == 0)
        return OK;
    crash_point("worker.polled");
    TRY(pool_take(s, loop->program->pool));
    enum problem p = answer_all(loop, s, &mine);
    if (problem_delivery(p) == DELIVERY_PARK) {
        db_rollback(s);
        p = answer_each(loop, s, &mine);
    }
    pool_give(s, loop->program->pool);
    return p;
}

/* A record whose try is noted before anything of it is looked at. */
static enum problem answer_carefully(struct loop *loop, struct scope *s, struct bell *bell)
{
    bool parked;
    TRY(record_begin(loop, s, bell, &parked));
    if (parked)
        return OK;
    crash_point("worker.polled");
    struct bells mine = ours(loop, s, &(struct bells){ .items = bell, .count = 1 });
    TRY(answer_each(loop, s, &mine));
    return record_past(loop, s, bell);
}

static enum problem answer_all_carefully(struct loop *loop, struct scope *s, const struct bells *bells)
{
    TRY(pool_take(s, loop->program->pool));
    enum problem p = OK;
    for (size_t i = 0; i < bells->count && !p; i++)
        p = answer_carefully(loop, s, &bells->items[i]);
    pool_give(s, loop->program->pool);
    return p;
}

enum problem bells_answer(struct loop *loop, const struct bells *bells)
{
    struct scope *s = &loop->scope;
    s->now = clock_now(loop->program->clock);
    forget_fault(s);
    if (loop->careful)
        return answer_all_carefully(loop, s, bells);
    return answer_together(loop, s, bells);
}
