/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_UPKEEP_UPKEEP_H
#define SERVICES_UPKEEP_UPKEEP_H
/* What upkeep is woken for. */
#include "common/problem/scope.h"

struct event;
struct metrics;

/* What an application says of people who were known before is learnt. */
enum problem people_learn(struct scope *s, const struct event *event);

/* Ticks: what names a key that is no longer in use is made anew; how much there is. */
void renew_metrics(struct metrics *metrics);
enum problem renew_tick(struct program *program, struct scope *s);
enum problem old_values_tick(struct program *program, struct scope *s);
/* Chains what was logged since, per municipality, and says each chain's new root in the log. */
enum problem access_chain_tick(struct program *program, struct scope *s);
/* An Idempotency-Key is kept 30 days. */
enum problem keys_tick(struct program *program, struct scope *s);

#endif
