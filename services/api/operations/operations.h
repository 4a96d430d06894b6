/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_OPERATIONS_OPERATIONS_H
#define SERVICES_API_OPERATIONS_OPERATIONS_H
/* Operators' answers, and asking for acts: the same from a page and over REST. */
#include "common/operator/parked.h"

struct act_request;
struct claim;
struct request;

struct causes_view {
    struct list causes;
};
struct acts_view {
    struct list acts;
};
struct parked_list_view {
    struct list parked;
};

extern const struct record causes_record, acts_record, parked_list_record;

enum { LATEST_ACTS = 100 };

/* One, and those of the query's consumer and problem; that they are looked at is noted. */
enum problem parked_look(struct scope *s, const char *id, struct parked_view *out);
enum problem parked_list_look(struct scope *s, const struct request *request, struct parked_list_view *out);

/* Whether who asks may ask for the act that the document names, whatever else is wrong with it. */
enum problem operations_may(struct scope *s, const struct request *request);

/* Asks for an act under its key: *out is the JSON of the answer, the same for the same request. */
enum problem act_once(struct scope *s, const struct claim *claim, const struct act_request *in,
                      const char **out);

#endif
