/* SPDX-License-Identifier: EUPL-1.2 */
/* The catalogue and the table of needs. */
#include "common/words/catalogue.h"

#include <string.h>

const struct service services[] = {
#define SERVICE(code, step, department, kpr, nb, nn, en, about)                                \
    { #code, step, department, kpr, nb, nn, en, about },
#include "common/words/catalogue.def"
#undef SERVICE
    { 0 },
};

const char *const service_codes[] = {
#define SERVICE(code, step, department, kpr, nb, nn, en, about) #code,
#include "common/words/catalogue.def"
#undef SERVICE
    NULL,
};

/* Which services can meet a need, at any step. */
static const struct {
    const char *need;
    const char *services[12];
} needs[] = {
    { "safety", { "TRALARM", "HJM", "OMSB", "KORT", "HDO", "LANG" } },
    { "function", { "FRISKLIV", "FYSERG", "HVREHAB", "HJM" } },
    { "household", { "HVREHAB", "HJM", "MAT", "PRAKT", "BPA" } },
    { "care", { "HVREHAB", "HJM", "HSH", "BPA", "KORT", "HDO", "LANG" } },
    { "health", { "FRISKLIV", "HSH", "PSYKRUS", "KORT", "LANG" } },
    { "social", { "FRISKLIV", "STOTTE", "DAG" } },
    { "skills", { "OPPL", "PSYKRUS" } },
    { "relief", { "PAROPP", "DAG", "OMSTON", "AVLU", "AVLI", "KORT" } },
    { "housing", { "OMSB", "HDO" } },
    { "coordination", { "IP" } },
    { "transport", { "TT" } },
};

const struct service *service_find(const char *code)
{
    for (const struct service *service = services; service->code; service++)
        if (strcmp(service->code, code) == 0)
            return service;
    return NULL;
}

static bool meets(size_t need, const char *code)
{
    for (const char *const *met = needs[need].services; *met; met++)
        if (strcmp(*met, code) == 0)
            return true;
    return false;
}

bool services_share_need(const char *code, const char *other)
{
    for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++)
        if (meets(i, code) && meets(i, other))
            return true;
    return false;
}

bool talk_promised(const struct texts *asked)
{
    for (size_t i = 0; i < asked->count; i++) {
        const struct service *service = service_find(asked->items[i]);
        if (!service || service->department != FORWARD)
            return true;
    }
    return asked->count == 0;
}
