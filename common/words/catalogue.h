/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORDS_CATALOGUE_H
#define COMMON_WORDS_CATALOGUE_H
/* What a municipality can help with (catalogue.def), and which needs each service can meet. */
#include "common/base/text.h"
#include "common/words/codes.h"

struct service {
    const char *code;
    int step; /* of the care ladder, 1 to 6 */
    enum department department;
    const char *kpr;
    const char *nb;
    const char *nn;
    const char *en;
    const char *about; /* for the citizen, bokmål */
};

/* All services by step, then code; ended by a row without code. */
extern const struct service services[];
/* Their codes, ended by NULL: the choices of a record. */
extern const char *const service_codes[];

const struct service *service_find(const char *code); /* NULL if there is none */

/* Whether two services can meet a need in common. */
bool services_share_need(const char *code, const char *other);

/* Whether a talk is promised for what is asked for: not for the transport card alone, which the
 * county decides on. */
bool talk_promised(const struct texts *asked);

#endif
