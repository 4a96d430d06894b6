/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_API_TABLE_H
#define COMMON_API_TABLE_H
/* The route table for who can't read C. */
#include <stdio.h>

#include "common/api/api.h"

/* A line of names of columns, and one of each route: tabs between columns, commas between what a column lists, and nothing
 * where a row says nothing. False: it could not be written. */
bool routes_print(FILE *out, const struct route *routes);

#endif
