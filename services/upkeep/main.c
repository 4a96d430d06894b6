/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * upkeep: keeps the house. It alone reads all that people wrote, and draws no letter and opens no door.
 *
 *      consumes    application.received, the clock
 *      says        nothing
 *      writes      what is newer of known people; what names an old key, anew; the access log's chain
 */
#include "common/worker/worker.h"
#include "services/upkeep/upkeep.h"

static const struct subscription subscriptions[] = {
    { .type = &application_received, .handle = people_learn },
    { 0 },
};

static const struct tick ticks[] = {
    { "renew", 1000, renew_tick },
    { "old_values", 10000, old_values_tick },
    { "access_chain", 10000, access_chain_tick },
    { "idempotency_keys", 3600000, keys_tick },
    { 0 },
};

static const struct worker upkeep = {
    .name = "upkeep",
    .subscriptions = subscriptions,
    .ticks = ticks,
    .max_attempts = 3,
    .max_batch = 64,
    .metrics_start = renew_metrics,
};

int main(int argc, char **argv)
{
    return worker_main(&upkeep, argc, argv);
}
