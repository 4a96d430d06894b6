/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_METRICS_METRICS_H
#define SERVICES_METRICS_METRICS_H

#include "common/problem/scope.h"

struct item;

/* The worker's handler: folds events, by case and number, into the facts of their cases. Folding them
 * again changes nothing. */
enum problem metrics_fold(struct scope *s, struct item *items, size_t count);

/* --rebuild: empties the facts and folds the whole log, up to what has been handled, in one
 * transaction. */
int metrics_rebuild(struct program *program, const char *argument);

/* Tick: the current calendar month's indicators into the metrics. */
enum problem metrics_indicators(struct program *program, struct scope *s);

#endif
