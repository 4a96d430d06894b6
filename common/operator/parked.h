/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_OPERATOR_PARKED_H
#define COMMON_OPERATOR_PARKED_H
/*
 * Where operators look, the same from the page, over REST and by tillit-ops: causes, parked events, acts. The sealed
 * bytes of a parked event are never shown. In the transaction that is open; who looks notes it for the access log.
 */
#include "common/record/record.h"

struct cause_view {
    const char *consumer;
    const char *problem;
    const char *title; /* the problem in words */
    int64_t parked;
    struct instant since;
};

struct logged_view {
    int64_t case_seq;
    const char *type;
    const char *source;
    struct instant at;
};

struct act_view {
    const char *act_id, *act, *consumer, *parked_id, *target, *who;
    struct bytes sealed;
    const char *why; /* NULL: it can't be opened; the act is to be seen all the same */
    struct instant asked_at, done_at; /* done_at: none, and outcome and detail NULL: not done yet */
    const char *outcome, *detail;
    struct texts says;       /* events that it said, or would have said */
    struct texts then_types; /* what waited behind it */
};

struct parked_view {
    const char *parked_id, *consumer, *type, *problem, *title, *detail;
    int64_t attempts;
    struct instant parked_at;
    const char *closed_how;
    const char *case_id, *municipality; /* NULL: a record that the log lacks, and nobody's */
    struct maybe case_seq;
    const char *reference, *status;
    struct maybe mark; /* up to where this consumer has handled the case */
    const char *place; /* topic/partition/offset of such a record */
    struct list events, acts;
};

extern const struct record cause_record, act_record, parked_record;

enum problem causes_load(struct scope *s, struct list *out);
/* The latest, or those of one parked event (or the one of that id). */
enum problem acts_load(struct scope *s, const char *id, int64_t most, struct list *out);
/* With its case's log and the acts on it; PROBLEM_NOT_FOUND. */
enum problem parked_load(struct scope *s, const char *id, struct parked_view *out);
/* Those that are open, without what leads further: reference, status, mark, events and acts. */
enum problem parked_of_cause(struct scope *s, const char *consumer, const char *problem,
                             struct list *out);

#endif
