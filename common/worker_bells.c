/* SPDX-License-Identifier: EUPL-1.2 */
/* From bells to work: which are of our log, which cases they ring for, and what to do when all of
 * it together does not go. */
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/crash.h"
#include "common/queries.h"
#include "common/worker_private.h"

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
            TRY(park_record(loop, s, &bells->items[i]));
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

enum problem bells_answer(struct loop *loop, const struct bells *bells)
{
    struct scope *s = &loop->scope;
    s->now = clock_now(loop->program->clock);
    forget_fault(s);
    crash_point("worker.polled");
    TRY(pool_take(s, loop->program->pool));
    enum problem p = sort_out(loop, s, bells);
    if (!p) {
        struct work work = gather(s, bells);
        p = answer(loop, s, &work);
    }
    pool_give(s, loop->program->pool);
    return p;
}
