/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_DB_TRANSACT_H
#define COMMON_DB_TRANSACT_H
/* A piece of work in a transaction of its own. */
#include "common/problem/scope.h"

/* Runs work in a transaction on a pooled connection: commit if OK, else rollback. */
enum problem program_transact(struct program *program, struct scope *s,
                              enum problem (*work)(struct scope *s, void *context), void *context);

#endif
