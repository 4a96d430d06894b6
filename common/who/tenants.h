/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WHO_TENANTS_H
#define COMMON_WHO_TENANTS_H
/* The municipalities that who asks may see, in a transaction. */
#include "common/problem/scope.h"

/* Opens the staff transaction: connection, BEGIN, tenants. The skeleton commits or rolls back. */
enum problem api_staff(struct scope *s);

/* Whether who asks may see what is the municipality's. */
bool api_sees(const struct scope *s, const char *municipality);

#endif
