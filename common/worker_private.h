/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORKER_PRIVATE_H
#define COMMON_WORKER_PRIVATE_H
/* What the files of the worker skeleton share; included by them alone. */
#include "common/kafka.h"
#include "common/worker.h"

struct loop {
    struct program *program;
    const struct worker *worker;
    void *own;
    struct scope scope; /* of the batch in hand */
    bool careful;       /* the last run ended uncleanly: singles, and tries are counted */
    char noted[64];     /* the event whose try this run has noted: "case id.seq" */
    const struct bell *record; /* the one in hand whose try it has noted and that we are not past, or NULL */
    int64_t commits;    /* of this run */
    int64_t commits_at_back_off; /* the last one: who came further since has met no outage */
};

/* The records in hand, in the order they came. */
struct bells {
    struct bell *items;
    size_t count;
};

/* Does what the bells ask for: when it returns OK, every one of them is handled, parked or waits, or was
 * never ours to answer. A problem that says RETRY: nothing is lost, call again. One that says HALT: stop
 * without acknowledging. It returns no other. */
enum problem bells_answer(struct loop *loop, const struct bells *bells);

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
    struct news *news;
    struct case_row *row; /* locked, if the worker locks cases */
    void *prepared;
    enum problem verdict;
    bool handled;
    const char *wrong; /* why no handler can take it, or NULL */
};

/* The news of cases (sorted, none twice) and the events that they are made of, by case and number. */
struct work {
    struct news *news;
    size_t count;
    struct task *tasks;
    size_t task_count;
};

/* worker_work.c: what there is to do, read under the marks. */
enum problem work_look(struct loop *loop, struct scope *s, struct work *work); /* without locks */
enum problem work_lock(struct loop *loop, struct scope *s, struct work *work); /* the marks */
enum problem work_lock_cases(struct scope *s, struct work *work); /* behind the marks */
enum problem work_raise(struct loop *loop, struct scope *s, const struct work *work);

/* worker_handle.c: running handlers on what was read. */
const struct subscription *subscription_find(const struct worker *worker, const char *type);
enum problem work_prepare(struct loop *loop, struct scope *s, struct work *work);
enum problem work_handle(struct loop *loop, struct scope *s, struct work *work);
/* All of the work in a transaction that it leaves open. With the marks locked `unlock` may change what
 * waits (closing a parked event); or NULL. */
enum problem work_within(struct loop *loop, struct scope *s, struct work *work,
                         enum problem (*unlock)(struct scope *s, void *context), void *context);
/* All of the work in one transaction, or nothing. The transaction is open on failure. */
enum problem work_together(struct loop *loop, struct scope *s, struct work *work);
/* Event by event, each in a transaction of its own; what can't be handled is parked. */
enum problem work_singly(struct loop *loop, struct scope *s, struct work *work);

/* Parks an event of the log: its case waits behind it. In the scope's transaction. */
enum problem park_event(struct loop *loop, struct scope *s, const struct event *event,
                        enum problem problem, const char *detail, int attempts);
/* Parks a record that the log lacks, by topic, partition and offset: no case waits. */
enum problem park_record(struct loop *loop, struct scope *s, const struct bell *bell,
                         enum problem problem, const char *detail, int attempts);
/* The one or the other, as the bell is known. */
enum problem park_bell(struct loop *loop, struct scope *s, const struct bell *bell,
                       enum problem problem, const char *detail, int attempts);

/* worker_careful.c: after an unclean end, one record after another, each try noted before the record is
 * looked at, so that what ends the program comes to an end itself. The scope has its connection. */
enum { CRASHES = 3 };
enum problem record_begin(struct loop *loop, struct scope *s, struct bell *bell, bool *parked);
/* The log has what it rings for. */
enum problem record_known(struct loop *loop, struct scope *s, const struct bell *bell);
enum problem record_past(struct loop *loop, struct scope *s, const struct bell *bell);
/* The same of an event that is to be handled; *crashes: it is to be parked. */
enum problem event_begin(struct loop *loop, struct scope *s, const struct task *task, bool *crashes);

/* What operators asked this worker for, and whether it is paused: every now and then. */
struct requests {
    int64_t looked_at;      /* steady ms */
    const char *paused_why; /* NULL = it is not; lives as long as the program */
    char paused[700];
    char survived[40]; /* a request whose try had no outcome, and no crash: it is to be taken back; or "" */
};
void requests_answer(struct loop *loop, struct requests *requests);
struct param worker_types(struct scope *s, const struct worker *worker); /* text[] */

void count_verdict(struct loop *loop, const char *type, enum problem verdict);

/* What was wrong with one event must not stain the next. */
void forget_fault(struct scope *s);

#endif
