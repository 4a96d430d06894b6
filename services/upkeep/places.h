/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_UPKEEP_PLACES_H
#define SERVICES_UPKEEP_PLACES_H
/* Where values lie that name keys, and are made anew (common/seal/seal.def). */
#include "common/db/run.h"
#include "services/upkeep/renew.h"

struct place {
    const char *name;  /* as the metrics call it */
    const char *table; /* whose rows are opened: what is damaged is noted by it */
    bool (*is_old)(const struct scope *s, const char *municipality, const unsigned char *key_id);
    struct statement keys;   /* that its values name, by municipality */
    struct statement of_key; /* ids of those that name one, and were not found damaged since a time */
    struct statement count;
    const struct statement *open;
    renew *renew;
    const struct statement *swap;
    size_t at_once;
};

extern const struct place places[];
extern const int place_count;

#endif
