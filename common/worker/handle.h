/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORKER_HANDLE_H
#define COMMON_WORKER_HANDLE_H
/* Running handlers on what was read. */
#include "common/problem/scope.h"

struct loop;
struct work;

/* Slow and pure work, before any row is locked; then what writes. */
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

/* What was wrong with one event must not stain the next. */
void forget_fault(struct scope *s);

#endif
