/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORKER_WORK_H
#define COMMON_WORKER_WORK_H
/* What there is to do, read under the marks. */
#include "common/db/values.h"

struct loop;
struct subscription;
struct work;
struct worker;

enum problem work_look(struct loop *loop, struct scope *s, struct work *work); /* without locks */
enum problem work_lock(struct loop *loop, struct scope *s, struct work *work); /* the marks */
enum problem work_lock_cases(struct scope *s, struct work *work); /* behind the marks */
enum problem work_raise(struct loop *loop, struct scope *s, const struct work *work);

/* NULL: it takes no such type. */
const struct subscription *subscription_find(const struct worker *worker, const char *type);
struct param worker_types(struct scope *s, const struct worker *worker); /* text[] */

#endif
