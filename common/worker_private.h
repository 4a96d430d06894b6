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
};

/* The bells in hand: records of types that the worker takes, in the order they came. */
struct bells {
    struct bell *items;
    size_t count;
    size_t room;
};

/* Does what the bells ask for: when it returns OK, every one of them is handled, parked or waits.
 * UNAVAILABLE: nothing is lost, call again. A problem that says HALT: stop without acknowledging. */
enum problem bells_answer(struct loop *loop, const struct bells *bells);

/* The subscription of a type's full name, NULL if the worker does not take it. */
const struct subscription *subscription_find(const struct worker *worker, const char *type);

/* Parks an event of the log: its case waits behind it. In the scope's transaction. */
enum problem park_event(struct loop *loop, struct scope *s, const struct event *event,
                        enum problem problem, const char *detail, int attempts);
/* Parks a record that the log lacks, by topic, partition and offset: no case waits. */
enum problem park_record(struct loop *loop, struct scope *s, const struct bell *bell);

void count_verdict(struct loop *loop, const char *type, enum problem verdict);

#endif
