/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Operators' requests: only the worker itself can run its handlers. A re-drive goes by number through
 * the worker law, raises the mark and closes its row in one commit; then what waited is handled like
 * any backlog. A preview is the same up to the commit, and rolled back.
 */
#include "common/worker/requests.h"

#include <stdio.h>
#include <string.h>

#include "common/base/crash.h"
#include "common/db/pool.h"
#include "common/db/wire.h"
#include "common/operator/acts.h"
#include "common/time/clock.h"
#include "common/worker/handle.h"
#include "common/worker/queries.h"
#include "common/worker/work.h"
#include "common/worker/worker.h"
#include "common/worker/worker_private.h"

enum { LOOK_MS = 500, MOST_TRIES = 3, AT_ONCE = 10 };

struct request_row {
    const char *id;
    const struct act *act; /* NULL: another release's */
    const char *parked_id;
    const char *case_id; /* NULL: a record that the log lacks */
    int64_t seq;
    const char *closed_how; /* what the act makes of the parked event */
    struct result says, then;
};

static enum problem close_parked(struct scope *s, void *context)
{
    const struct request_row *row = context;
    return DB_RUN(s, &sql_parked_close, NULL, param_text(row->parked_id), param_time(s, s->now),
                  param_text(row->closed_how));
}

static enum problem last_number(struct scope *s, const char *case_id, int64_t *out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_types_since, &r, param_text(case_id), param_integer(s, 0), param_text(NULL)));
    *out = r.count ? result_integer(&r, r.count - 1, "case_seq") : 0;
    return OK;
}

/* What waits behind the event, and what was said since the number. */
static enum problem look_around(struct loop *loop, struct scope *s, struct request_row *row,
                                int64_t said_after)
{
    TRY(DB_RUN(s, &sql_types_since, &row->then, param_text(row->case_id),
               param_integer(s, row->seq), worker_types(s, loop->worker)));
    return DB_RUN(s, &sql_types_since, &row->says, param_text(row->case_id),
                  param_integer(s, said_after), param_text(NULL));
}

/* The parked event handled, in an open transaction. */
static enum problem handle_parked(struct loop *loop, struct scope *s, struct request_row *row)
{
    struct news news = { .case_id = row->case_id, .n = row->seq };
    struct work work = { .news = &news, .count = 1 };
    int64_t last;
    TRY(last_number(s, row->case_id, &last));
    row->closed_how = parked_end_codes[REDRIVEN];
    TRY(work_within(loop, s, &work, close_parked, row));
    crash_point("parking.redrive-handled");
    return look_around(loop, s, row, last);
}

static enum problem give_up(struct loop *loop, struct scope *s, struct request_row *row)
{
    row->closed_how = parked_end_codes[GIVEN_UP];
    TRY(db_begin(s));
    if (!row->case_id)
        return close_parked(s, row);
    struct news news = { .case_id = row->case_id, .n = row->seq };
    struct work work = { .news = &news, .count = 1 };
    TRY(work_lock(loop, s, &work));
    TRY(close_parked(s, row));
    news.waits = false;
    TRY(work_raise(loop, s, &work));
    return look_around(loop, s, row, INT32_MAX);
}

/* What waited above the mark goes on event by event; a later one may park by itself. */
static enum problem go_on(struct loop *loop, struct scope *s, const struct request_row *row)
{
    struct news news = { .case_id = row->case_id };
    TRY(last_number(s, row->case_id, &news.n));
    return work_singly(loop, s, &(struct work){ .news = &news, .count = 1 });
}

static struct param type_names(struct scope *s, const struct result *r)
{
    const char **names = arena_array(s->arena, (size_t)r->count, sizeof(*names));
    for (int i = 0; i < r->count; i++)
        names[i] = result_text(r, i, "type");
    return param_list(s, names, (size_t)r->count);
}

static enum problem note_done(struct scope *s, const struct request_row *row, enum problem outcome,
                              const char *detail)
{
    return DB_RUN(s, &sql_request_done, NULL, param_text(row->id), param_time(s, s->now),
                  param_text(outcome ? problem_name(outcome) : "OK"), param_text(detail),
                  type_names(s, &row->says), type_names(s, &row->then));
}

static enum problem do_act(struct loop *loop, struct scope *s, struct request_row *row)
{
    if (row->act->needs & ACT_GIVES_UP)
        return give_up(loop, s, row);
    if (!row->case_id)
        return scope_fail(s, PROBLEM_NOT_FOUND, "the log has no such event: it can only be given up");
    return handle_parked(loop, s, row);
}

static bool is_preview(const struct request_row *row)
{
    return row->act->needs & ACT_LOOKS;
}

/* One try, in a transaction: done and noted in one commit, or nothing. A preview ends before it. */
static enum problem try_once(struct loop *loop, struct scope *s, struct request_row *row)
{
    row->says = row->then = (struct result){ 0 };
    TRY(do_act(loop, s, row));
    if (is_preview(row))
        return OK;
    TRY(note_done(s, row, OK, NULL));
    TRY(db_commit(s));
    crash_point("parking.redrive-commit-after");
    return OK;
}

/* What came of it where nothing was done: a preview, or why not. */
static enum problem note_outcome(struct scope *s, const struct request_row *row, enum problem p)
{
    const char *detail = s->detail;
    s->detail = NULL;
    TRY(db_begin(s));
    if (p && !is_preview(row) && row->case_id)
        TRY(DB_RUN(s, &sql_parked_failed_again, NULL, param_text(row->parked_id),
                   param_text(problem_name(p)), param_text(detail)));
    TRY(note_done(s, row, p, detail));
    return db_commit(s);
}

/* An operator waits for the answer: a case that stays locked is one that someone else has. */
static enum problem try_case(struct loop *loop, struct scope *s, struct request_row *row)
{
    enum problem p = try_once(loop, s, row);
    return p && db_is_open(s->db) && db_was_locked_out(s->db) ? PROBLEM_STALE : p;
}

/* A case that someone else holds is tried again at once; the last failure is what is noted. */
static enum problem act_and_note(struct loop *loop, struct scope *s, struct request_row *row)
{
    enum problem p;
    int tries = 0;
    do {
        tries++;
        forget_fault(s);
        p = try_case(loop, s, row);
        db_rollback(s);
    } while (p == PROBLEM_STALE && tries < loop->worker->max_attempts);
    if (problem_is_outage(p))
        return p;
    if (p || is_preview(row))
        return note_outcome(s, row, p);
    return row->case_id ? go_on(loop, s, row) : OK;
}

static enum problem load(struct scope *s, struct request_row *row, bool *gone)
{
    struct result r;
    TRY(DB_RUN(s, &sql_parked_load, &r, param_text(row->parked_id)));
    *gone = r.count == 0;
    if (*gone)
        return OK;
    row->case_id = result_text(&r, 0, "case_id");
    row->seq = result_integer(&r, 0, "case_seq");
    return OK;
}

static enum problem answer_request(struct loop *loop, struct scope *s, struct request_row *row,
                                   int64_t tries)
{
    bool gone;
    TRY(load(s, row, &gone));
    if (!row->act)
        return note_done(s, row, PROBLEM_NOT_FOUND, "this release knows no such act");
    if (gone)
        return note_done(s, row, PROBLEM_NOT_FOUND, "it is no longer parked");
    if (tries > MOST_TRIES)
        return note_done(s, row, PROBLEM_CRASHED, "three tries ended uncleanly");
    return act_and_note(loop, s, row);
}

/* A try that we are here to tell of did not end uncleanly: as soon as the database is back, it is
 * taken back, and the request waits a moment more, not its minute. */
static enum problem take_back(struct scope *s, struct requests *requests)
{
    if (!*requests->survived)
        return OK;
    TRY(DB_RUN(s, &sql_request_try_take_back, NULL, param_text(requests->survived),
               param_time(s, s->now)));
    *requests->survived = '\0';
    return OK;
}

/* One after another: taking notes the try, in a commit of its own, of this one alone. */
static enum problem answer_next(struct loop *loop, struct scope *s, struct requests *requests,
                                bool *none)
{
    struct result r;
    s->now = clock_now(loop->program->clock);
    forget_fault(s);
    TRY(DB_RUN(s, &sql_request_take, &r, param_text(loop->worker->name), param_time(s, s->now)));
    *none = r.count == 0;
    if (*none)
        return OK;
    struct request_row row = { .id = result_text(&r, 0, "id"),
                               .act = act_find(result_text(&r, 0, "act")),
                               .parked_id = result_text(&r, 0, "parked_id") };
    enum problem p = answer_request(loop, s, &row, result_integer(&r, 0, "tries"));
    if (p)
        snprintf(requests->survived, sizeof(requests->survived), "%s", row.id);
    else
        LOG_WRITE(loop->program->log, s->now, LOG_LEVEL_INFO, "did what an operator asked for",
                  { LOG_REQUEST_ID, row.id }, { LOG_CASE_ID, row.case_id });
    return p;
}

static enum problem answer_all(struct loop *loop, struct scope *s, struct requests *requests)
{
    bool none = false;
    TRY(take_back(s, requests));
    for (int i = 0; i < AT_ONCE && !none; i++)
        TRY(answer_next(loop, s, requests, &none));
    return OK;
}

static enum problem look_at_pause(struct loop *loop, struct scope *s, struct requests *requests)
{
    struct result r;
    TRY(DB_RUN(s, &sql_worker_paused, &r, param_text(loop->worker->name)));
    requests->paused_why = r.count ? requests->paused : NULL;
    if (r.count)
        snprintf(requests->paused, sizeof(requests->paused), "paused by %s since %s",
                 result_text(&r, 0, "who"),
                 instant_rfc3339(s->arena, result_time(&r, 0, "since")));
    return OK;
}

void requests_answer(struct loop *loop, struct requests *requests)
{
    if (clock_steady_ms() - requests->looked_at < LOOK_MS)
        return;
    requests->looked_at = clock_steady_ms();
    struct scope s = scope_open(loop->program);
    s.own = loop->own;
    enum problem p = pool_take(&s, loop->program->pool);
    if (!p)
        p = look_at_pause(loop, &s, requests);
    if (!p)
        p = answer_all(loop, &s, requests);
    if (p && p != PROBLEM_UNAVAILABLE)
        LOG_WRITE(loop->program->log, s.now, LOG_LEVEL_WARN, "an operator's request failed",
                  { LOG_PROBLEM, problem_name(p) }, { LOG_DETAIL, s.detail });
    pool_give(&s, loop->program->pool);
    scope_close(&s);
}
