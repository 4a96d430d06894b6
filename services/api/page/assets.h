/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_PAGE_ASSETS_H
#define SERVICES_API_PAGE_ASSETS_H
#include "common/page/asset.h"

/* services/api/web, embedded at build time. */
extern const struct asset api_assets[];

#endif
