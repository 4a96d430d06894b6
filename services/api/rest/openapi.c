/* SPDX-License-Identifier: EUPL-1.2 */
/* The contract of the listener that it is asked of. */
#include "common/api/openapi.h"
#include "common/start/answer.h"
#include "services/api/routes.h"
#include "services/api/tenants/state.h"

enum problem openapi_show(struct scope *s, const struct request *request, struct reply *reply)
{
    api_json(s, api_openapi(routes_of(s), request->route->listener), &reply->http);
    return OK;
}
