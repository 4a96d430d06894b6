/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_API_OPENAPI_H
#define COMMON_API_OPENAPI_H
/* The OpenAPI document of the routes. */
#include "common/api/api.h"

/* The OpenAPI 3.1 document of the listener's routes with a summary. The caller owns the result. */
json_t *api_openapi(const struct route *routes, enum listener listener);

#endif
