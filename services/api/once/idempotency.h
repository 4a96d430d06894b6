/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_ONCE_IDEMPOTENCY_H
#define SERVICES_API_ONCE_IDEMPOTENCY_H
/*
 * A request that creates joins its Idempotency-Key first, in the transaction of what it creates. Sent
 * again it is answered as it was, and an unknown outcome is run again like any other failure.
 */
#include "common/problem/scope.h"

struct claim {
    const char *client; /* whose key it is */
    const char *key;
    const void *request; /* what it stands for, to the byte */
    size_t length;
};

/* What the first request was answered. */
struct kept {
    const char *answer;
    const char *location; /* "" = none */
    const char *etag;     /* NULL = none */
    int64_t at;           /* when; 0 if it is not done */
};

/* Joins the key in the scope's transaction. *fresh: nobody had it, so do the work and keep its answer;
 * else *kept is what was answered. PROBLEM_KEY_REUSED: it stands for another request;
 * PROBLEM_IN_FLIGHT: its first request is not done yet. */
enum problem claim_join(struct scope *s, const struct claim *claim, const char *effect_id,
                        bool *fresh, struct kept *kept);

/* In the same transaction. */
enum problem claim_keep(struct scope *s, const struct claim *claim, const struct kept *kept);

/* What a key that was found taken stands for; problems as above, kept is told of KEY_REUSED too. */
enum problem claim_find(struct scope *s, const struct claim *claim, struct kept *kept);

/* The same request of the same client, of those that are taken once within the hour, under another key.
 * PROBLEM_IN_FLIGHT if there is none. */
enum problem claim_find_once(struct scope *s, const struct claim *claim, struct kept *kept);

#endif
