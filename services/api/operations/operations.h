/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_OPERATIONS_OPERATIONS_H
#define SERVICES_API_OPERATIONS_OPERATIONS_H
/* What operators are shown; the sealed bytes of a parked event never are. Times are RFC 3339. */
#include <stdbool.h>
#include <stdint.h>

#include "common/record/record.h"

struct act_request;
struct claim;
struct request;

struct cause_view {
    const char *consumer;
    const char *problem;
    const char *title; /* the problem in words */
    int64_t parked;
    const char *since;
};
struct causes_view {
    struct list causes;
};

struct logged_view {
    int64_t case_seq;
    const char *type;
    const char *source;
    const char *at;
};

struct act_view {
    const char *act_id, *act, *consumer, *parked_id, *target, *who, *why, *asked_at;
    const char *done_at, *outcome, *detail; /* NULL: not done yet */
    struct texts says;       /* events that it said, or would have said */
    struct texts then_types; /* what waited behind it */
};
struct acts_view {
    struct list acts;
};

struct parked_view {
    const char *parked_id, *consumer, *type, *problem, *title, *detail;
    int64_t attempts;
    const char *parked_at, *closed_how;
    const char *case_id; /* NULL: a record that the log lacks */
    bool nobodys; /* of no municipality */
    struct maybe case_seq;
    const char *reference, *status;
    struct maybe mark; /* up to where this consumer has handled the case */
    const char *place; /* topic/partition/offset of such a record */
    struct list events, acts;
};
struct parked_list_view {
    struct list parked;
};

extern const struct record causes_record, acts_record, parked_record, parked_list_record;

enum problem causes_load(struct scope *s, struct causes_view *out);
/* The latest 100, or those of one parked event (or the one of that id). */
enum problem acts_load(struct scope *s, const char *id, struct list *out);
enum problem parked_load(struct scope *s, const char *id, struct parked_view *out);
/* Of the query's consumer and problem. */
enum problem parked_of_cause(struct scope *s, const struct request *request,
                             struct parked_list_view *out);

/* Asks for an act under its key: *out is the JSON of the answer, the same for the same request. */
enum problem act_once(struct scope *s, const struct claim *claim, const struct act_request *in,
                      const char **out);

#endif
