/* SPDX-License-Identifier: EUPL-1.2 */
/* routes.def as a table, with the records that its rows name. */
#include "services/api/routes.h"

#include "common/operator/acts.h"
#include "services/api/access/access_log.h"
#include "services/api/application/application.h"
#include "services/api/application/applications.h"
#include "services/api/case/view.h"
#include "services/api/operations/operations.h"
#include "services/api/rest/view.h"

/* What rows need stands there without its prefix. */
enum {
#define NEED(need, bit, meaning) need = NEEDS_##need,
#include "common/api/needs.def"
#undef NEED
};

const struct route routes[] = {
#define ROUTE(at, by, where, handler, who, what, ...) \
    { .listener = at, .method = by, .path = where, .name = #handler, .handle = handler, .role = who, .needs = what, __VA_ARGS__ },
#include "services/api/routes.def"
#undef ROUTE
    { .path = NULL },
};
