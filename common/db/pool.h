/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_DB_POOL_H
#define COMMON_DB_POOL_H
/* Connections that threads share. */
#include "common/problem/scope.h"

struct db_options;

struct pool;

enum { POOL_WAITING = 8 }; /* threads that may wait while none is given back; so many more than its size are inside */
struct pool *pool_new(const struct db_options *options, int size);
void pool_free(struct pool *pool);

/* Puts a connection into s->db, opened; waits at most 5 s for one, and not at all behind too many who wait in vain
 * (PROBLEM_UNAVAILABLE). */
enum problem pool_take(struct scope *s, struct pool *pool);

/* Gives it back, rolled back if a transaction is open, and clears s->db. */
void pool_give(struct scope *s, struct pool *pool);

#endif
