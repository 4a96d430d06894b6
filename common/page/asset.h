/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PAGE_ASSET_H
#define COMMON_PAGE_ASSET_H
/*
 * Files embedded in the program at build time (deploy/build/embed.sh): pages, styles, letter
 * templates. Nothing is served from a folder.
 */
#include <stddef.h>

struct asset {
    const char *name;          /* path below the embedded folder: "css/tillit.css" */
    const unsigned char *start; /* a NUL follows the last byte */
    const unsigned char *end;
};

/* Tables end with a row without name. NULL if there is none of that name. */
const struct asset *asset_find(const struct asset *table, const char *name);

static inline size_t asset_length(const struct asset *asset)
{
    return (size_t)(asset->end - asset->start);
}

#endif
