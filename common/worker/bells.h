/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORKER_BELLS_H
#define COMMON_WORKER_BELLS_H
/* What there is to answer. */
#include <stddef.h>

#include "common/problem/problem.h"

struct bell;
struct loop;

/* The records in hand, in the order they came. */
struct bells {
    struct bell *items;
    size_t count;
};

/* Does what the bells ask for: when it returns OK, every one of them is handled, parked or waits, or was
 * never ours to answer. A problem that says RETRY: nothing is lost, call again. One that says HALT: stop
 * without acknowledging. It returns no other. */
enum problem bells_answer(struct loop *loop, const struct bells *bells);

#endif
