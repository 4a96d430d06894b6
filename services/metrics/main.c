/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * metrics: folds events into case facts, and tells the indicators made of them.
 *
 *      consumes    everything
 *      says        nothing
 *      writes      case facts
 */
#include "common/start/start.h"
#include "common/worker/worker.h"
#include "services/metrics/metrics.h"

/* clang-format off */
static const struct subscription subscriptions[] = {
#define EVENT(noun, happened, what) { .type = &noun##_##happened, .batch = metrics_fold },
#define MEMBER(event, type, name, ...)
#define AS(event, type, name, said, ...)
#define END(event)
#define ALIKE(noun, happened, event, what) EVENT(noun, happened, what)
#include "common/event/events.def"
    { 0 },
};
/* clang-format on */

static const struct tick ticks[] = {
    { "indicators", 5000, metrics_indicators },
    { 0 },
};

static const struct program_flag flags[] = {
    { "--rebuild", NULL, "folds the whole log into the facts again", metrics_rebuild, false, false },
    { 0 },
};

static const struct worker metrics = {
    .name = "metrics",
    .subscriptions = subscriptions,
    .ticks = ticks,
    .flags = flags,
    .max_attempts = 3,
    .max_batch = 256,
};

int main(int argc, char **argv)
{
    return worker_main(&metrics, argc, argv);
}
