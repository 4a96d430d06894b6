/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_OPS_KEYS_H
#define SERVICES_OPS_KEYS_H
#include "common/problem/scope.h"

/* Prints a line per key of the ring, and one per key that values name and the ring lacks. */
enum problem keys_print(struct scope *s);

#endif
