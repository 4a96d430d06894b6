/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_ROUTES_H
#define SERVICES_API_ROUTES_H
#include "common/api/api.h"

extern const struct route routes[];

#endif
