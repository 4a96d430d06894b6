/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Shared commits. An application is answered when it is on disk, so what bounds the rate is how many commits a disk does in a
 * second, and what bounds the wait is how long one stands behind others. Applications that come while a commit is under way
 * share the next one: the first who waits (the leader) writes and commits for all that wait, in one statement over arrays,
 * hands over to the first that came meanwhile, and tells each. Nobody waits for a batch to fill: alone is as fast as without.
 *
 * Why leader and followers: a committing thread of its own costs two more wake-ups per request and has the longer tail, and
 * with several committers one steals what would have made the other's batch. Why one statement: sixty-four INSERTs in a
 * transaction pay sixty-four round trips. Rejected as well: commit_delay and pipelines (measured: nothing), a queue in Kafka
 * before the database (an answer would promise what is not kept yet), and jsonb for the document (parsing and compressing it
 * costs more than all else).
 *
 * What must hold: a row that can't be written hurts itself alone (a batch that fails is taken one by one, each by its own
 * thread); whoever's time is up steps out of the queue, and if it was gathered already, is answered by the batch, at once; a
 * commit with an unknown outcome is an outage for all in it, and the same key finds what became of it.
 */
#include "services/api/application/intake.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>

#include "common/base/crash.h"
#include "common/db/line.h"
#include "common/db/pool.h"
#include "common/db/row.h"
#include "common/time/clock.h"
#include "common/words/catalogue.h"
#include "services/api/application/queries.h"

enum { MOST_ROWS = 64 };

enum turn { WAITING, GATHERED, LEADING, ANSWERED, ALONE };

/* On the stack of the thread that waits. */
struct waiter {
    struct waiter *next;
    const struct intake_row *row;
    sem_t turned; /* one of its own: the others' locks are not waited for */
    int64_t deadline; /* as the scope's */
    enum turn turn;
    enum problem problem; /* of the batch, when ANSWERED */
    bool fresh;
};

struct intake {
    struct pool *pool;
    struct line *line;
    pthread_mutex_t lock; /* of what follows */
    struct waiter *first; /* in the order they came */
    struct waiter **end;
    bool led;
};

struct batch {
    struct waiter *rows[MOST_ROWS];
    size_t count;
};

struct intake *intake_new(struct arena *a, struct pool *pool)
{
    struct intake *intake = ARENA_NEW(a, struct intake);
    intake->pool = pool;
    intake->line = line_new(a, INTAKE_WAITING, 0);
    intake->end = &intake->first;
    pthread_mutex_init(&intake->lock, NULL);
    return intake;
}

void intake_free(struct intake *intake)
{
    pthread_mutex_destroy(&intake->lock);
    line_free(intake->line);
}

/* The statement's arrays, in the order of its parameters. */
/* clang-format off */
#define COLUMN(member, ...) FIELD(struct intake_row, member, __VA_ARGS__)
static const struct field row_fields[] = {
    COLUMN(client),                COLUMN(key),                   COLUMN(request_hash),
    COLUMN(answer),                COLUMN(location),              COLUMN(application_id, .format = FORMAT_UUID),
    COLUMN(case_id, .format = FORMAT_UUID), COLUMN(document_id, .format = FORMAT_UUID), COLUMN(municipality),
    COLUMN(reference),             COLUMN(sealed),                COLUMN(channel),
    COLUMN(language),              COLUMN(submitter_role),        COLUMN(services),
    COLUMN(urgency),               COLUMN(in_hospital),           COLUMN(has_what_matters),
    COLUMN(household),             COLUMN(received_at),           COLUMN(event),
    COLUMN(traceparent),
    COLUMN(access.id, .format = FORMAT_UUID), COLUMN(access.kind), COLUMN(access.who),
    COLUMN(access.name),           COLUMN(access.unit),           COLUMN(access.role),
    COLUMN(access.what),           COLUMN(access.act),            COLUMN(access.request_id, .format = FORMAT_UUID),
    COLUMN(access.mac),            COLUMN(once),                  { 0 },
};
static const struct record row_record = RECORD("intake_row", struct intake_row, row_fields);

/* A person takes an array's item each, so there may be more of them than rows. */
struct party {
    const char *case_id;
    int64_t n; /* in the case, from 1 */
};
static const struct field party_fields[] = {
    FIELD(struct party, case_id, .format = FORMAT_UUID), FIELD(struct party, n), { 0 },
};
static const struct record party_record = RECORD("party", struct party, party_fields);
#define PERSON(member, ...) FIELD(struct participant, member, __VA_ARGS__)
static const struct field person_fields[] = {
    PERSON(person_id, .format = FORMAT_UUID), PERSON(index), PERSON(sealed), PERSON(said.own),
    PERSON(parts),                            PERSON(role),  PERSON(basis),  { 0 },
};
static const struct record person_row_record = RECORD("person_row", struct participant, person_fields);
/* clang-format on */

static int rows_of(struct scope *s, const struct batch *batch, struct param *params)
{
    const void *rows[MOST_ROWS];
    for (size_t i = 0; i < batch->count; i++)
        rows[i] = batch->rows[i]->row;
    return params_from_records(s, &row_record, rows, batch->count, params);
}

static int people_of(struct scope *s, const struct batch *batch, struct param *params)
{
    const void *parties[MOST_ROWS * PARTICIPANTS_MOST], *people[MOST_ROWS * PARTICIPANTS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++)
        for (size_t n = 0; n < batch->rows[i]->row->people_count; n++) {
            struct party *party = ARENA_NEW(s->arena, struct party);
            *party = (struct party){ batch->rows[i]->row->case_id, (int64_t)n + 1 };
            parties[count] = party;
            people[count++] = &batch->rows[i]->row->people[n];
        }
    int params_of_parties = params_from_records(s, &party_record, parties, count, params);
    return params_of_parties +
           params_from_records(s, &person_row_record, people, count, params + params_of_parties);
}

static enum problem insert(struct scope *s, const struct batch *batch, struct result *r)
{
    struct param params[PARAMS_MOST];
    int count = rows_of(s, batch, params);
    count += people_of(s, batch, params + count);
    crash_point("shared.commit-before");
    TRY(db_run(s, &sql_applications_accept, r, params, count));
    crash_point("shared.commit-after");
    return OK;
}

/* The ids that came back are those of the keys that were new. */
static void note_fresh(const struct batch *batch, const struct result *r)
{
    for (size_t i = 0; i < batch->count; i++)
        for (int k = 0; k < r->count && !batch->rows[i]->fresh; k++)
            batch->rows[i]->fresh = strcmp(result_text(r, k, "effect_id"),
                                           batch->rows[i]->row->application_id) == 0;
}

/* Nobody in it waits past their own time. */
static int64_t deadline_of(const struct batch *batch)
{
    int64_t first = 0;
    for (size_t i = 0; i < batch->count; i++) {
        int64_t deadline = batch->rows[i]->deadline;
        if (deadline && (!first || deadline < first))
            first = deadline;
    }
    return first;
}

static enum problem commit_within(struct scope *s, struct pool *pool, const struct batch *batch)
{
    struct result r;
    TRY(pool_take(s, pool));
    enum problem p = insert(s, batch, &r);
    if (!p)
        note_fresh(batch, &r);
    if (p == PROBLEM_MALFORMED && strcmp(db_last_constraint(s->db), "cases_reference_key") == 0)
        p = PROBLEM_STALE;
    pool_give(s, pool);
    return p;
}

static enum problem commit(struct scope *s, struct pool *pool, const struct batch *batch)
{
    int64_t own = s->deadline;
    s->deadline = deadline_of(batch);
    enum problem p = commit_within(s, pool, batch);
    s->deadline = own;
    return p;
}

static bool holds_key(const struct batch *batch, const struct intake_row *row)
{
    for (size_t i = 0; i < batch->count; i++)
        if (strcmp(batch->rows[i]->row->key, row->key) == 0 &&
            strcmp(batch->rows[i]->row->client, row->client) == 0)
            return true;
    return false;
}

/* Under the lock: all that wait, in order, but no key twice; a key's second request stays for the
 * next batch and finds it taken. */
static void gather(struct intake *intake, struct batch *batch)
{
    struct waiter **at = &intake->first;
    while (*at && batch->count < MOST_ROWS) {
        struct waiter *waiter = *at;
        if (holds_key(batch, waiter->row)) {
            at = &waiter->next;
            continue;
        }
        waiter->turn = GATHERED;
        batch->rows[batch->count++] = waiter;
        *at = waiter->next;
        if (!*at)
            intake->end = at;
    }
}

/* Under the lock, the telling too: whoever waits there may step out as soon as it is free. */
static void hand_over(struct intake *intake)
{
    struct waiter *next = intake->first;
    intake->led = next != NULL;
    if (next) {
        next->turn = LEADING;
        sem_post(&next->turned);
    }
}

/* Commits for all that wait, hands over to the first that came meanwhile, and tells each. An outage is no one row's
 * fault: it is all's answer. */
static enum problem lead(struct scope *s, struct intake *intake, struct waiter *self)
{
    struct batch batch = { 0 };
    pthread_mutex_lock(&intake->lock);
    gather(intake, &batch);
    pthread_mutex_unlock(&intake->lock);
    enum problem p = commit(s, intake->pool, &batch);
    bool split = p && !problem_is_outage(p) && batch.count > 1;
    pthread_mutex_lock(&intake->lock);
    for (size_t i = 0; i < batch.count; i++) {
        batch.rows[i]->turn = split ? ALONE : ANSWERED;
        batch.rows[i]->problem = split ? OK : p;
    }
    hand_over(intake);
    pthread_mutex_unlock(&intake->lock);
    for (size_t i = 0; i < batch.count; i++)
        if (batch.rows[i] != self)
            sem_post(&batch.rows[i]->turned); /* who is told may be gone at once */
    return self->problem;
}

/* Out of the queue, when its time is up; false if it is in somebody's batch, who answers it at once then. */
static bool step_out(struct intake *intake, struct waiter *self)
{
    struct waiter **at = &intake->first;
    pthread_mutex_lock(&intake->lock);
    bool waits = self->turn == WAITING || self->turn == LEADING, led = self->turn == LEADING;
    while (waits && *at != self)
        at = &(*at)->next;
    if (waits) {
        *at = self->next;
        if (!*at)
            intake->end = at;
    }
    if (led)
        hand_over(intake);
    pthread_mutex_unlock(&intake->lock);
    return waits;
}

static bool wait_turn(struct waiter *self, bool bounded)
{
    struct timespec until = clock_steady_at(self->deadline);
    int failed;
    do
        failed = bounded ? sem_clockwait(&self->turned, CLOCK_MONOTONIC, &until) : sem_wait(&self->turned);
    while (failed && errno == EINTR);
    return !failed;
}

/* Returns when it is the caller's turn to lead, or when another has committed for it; false if its time was up before. */
static bool join(struct intake *intake, struct waiter *self)
{
    pthread_mutex_lock(&intake->lock);
    *intake->end = self;
    intake->end = &self->next;
    bool leads = !intake->led;
    intake->led = true;
    if (leads)
        self->turn = LEADING;
    pthread_mutex_unlock(&intake->lock);
    if (leads || wait_turn(self, self->deadline != 0))
        return true;
    return !step_out(intake, self) && wait_turn(self, false);
}

static enum problem take_turn(struct scope *s, struct intake *intake, struct waiter *self)
{
    enum problem p = OK;
    crash_point("shared.joined");
    if (!join(intake, self))
        return scope_fail(s, PROBLEM_UNAVAILABLE, "the time was up before the commit");
    if (self->turn == LEADING)
        p = lead(s, intake, self);
    else if (self->turn == ANSWERED && self->problem)
        p = scope_fail(s, self->problem, "the commit that it shared failed");
    if (self->turn == ALONE) {
        crash_point("shared.split-to-singles");
        s->detail = NULL;
        p = commit(s, intake->pool, &(struct batch){ .rows = { self }, .count = 1 });
    }
    return p;
}

enum problem intake_commit(struct scope *s, struct intake *intake, const struct intake_row *row,
                           bool *fresh)
{
    struct waiter self = { .row = row, .deadline = s->deadline };
    TRY(line_enter(s, intake->line));
    sem_init(&self.turned, 0, 0);
    enum problem p = take_turn(s, intake, &self);
    sem_destroy(&self.turned);
    line_leave(intake->line);
    *fresh = self.fresh;
    return p;
}
