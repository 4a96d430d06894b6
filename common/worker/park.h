/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORKER_PARK_H
#define COMMON_WORKER_PARK_H
/* What no handler can take is put aside. */
#include "common/problem/scope.h"

struct bell;
struct event;
struct loop;

/* Parks an event of the log: its case waits behind it. In the scope's transaction. */
enum problem park_event(struct loop *loop, struct scope *s, const struct event *event,
                        enum problem problem, const char *detail, int attempts);

/* Parks a record that the log lacks, by topic, partition and offset: no case waits. */
enum problem park_record(struct loop *loop, struct scope *s, const struct bell *bell,
                         enum problem problem, const char *detail, int attempts);

/* The one or the other, as the bell is known. */
enum problem park_bell(struct loop *loop, struct scope *s, const struct bell *bell,
                       enum problem problem, const char *detail, int attempts);
void count_verdict(struct loop *loop, const char *type, enum problem verdict);

#endif
