/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_ROUTES_H
#define SERVICES_API_ROUTES_H
/* The table of routes.def and the handlers that its rows declare. A room includes this for its handlers' declarations; the
 * table it is given (routes_of). */
#include "common/api/api.h"

extern const struct route routes[];

#define ROUTE(listener, method, path, handler, ...) \
    enum problem handler(struct scope *s, const struct request *request, struct reply *reply);
#include "services/api/routes.def"
#undef ROUTE

#endif
