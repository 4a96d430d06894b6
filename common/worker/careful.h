/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORKER_CAREFUL_H
#define COMMON_WORKER_CAREFUL_H
/* After an unclean end: one record after another, each try noted before the record is looked at, so that what
 * ends the program comes to an end itself. The scope has its connection. */
#include "common/problem/scope.h"

struct bell;
struct loop;
struct task;

enum { CRASHES = 3 };
enum problem record_begin(struct loop *loop, struct scope *s, struct bell *bell, bool *parked);

/* The log has what it rings for. */
enum problem record_known(struct loop *loop, struct scope *s, const struct bell *bell);
enum problem record_past(struct loop *loop, struct scope *s, const struct bell *bell);

/* The same of an event that is to be handled; *crashes: it is to be parked. */
enum problem event_begin(struct loop *loop, struct scope *s, const struct task *task, bool *crashes);

#endif
