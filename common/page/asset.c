/* SPDX-License-Identifier: EUPL-1.2 */
/* Finding an embedded file by name. */
#include "common/page/asset.h"

#include <string.h>

const struct asset *asset_find(const struct asset *table, const char *name)
{
    for (const struct asset *asset = table; asset->name; asset++)
        if (strcmp(asset->name, name) == 0)
            return asset;
    return NULL;
}
