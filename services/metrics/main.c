/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * metrics: folds events into case facts, and tells the indicators made of them.
 *
 *      consumes    application.received, case.triaged, dialogue.planned, agenda.planned, contact.made, deadline.near,
 *                  deadline.missed, letter.ready
 *      says        nothing
 *      writes      case facts
 */
#include "common/start/start.h"
#include "common/worker/worker.h"
#include "services/metrics/metrics.h"

static const struct subscription subscriptions[] = {
    { .type = &application_received, .batch = metrics_fold },
    { .type = &case_triaged, .batch = metrics_fold },
    { .type = &dialogue_planned, .batch = metrics_fold },
    { .type = &agenda_planned, .batch = metrics_fold },
    { .type = &contact_made, .batch = metrics_fold },
    { .type = &deadline_near, .batch = metrics_fold },
    { .type = &deadline_missed, .batch = metrics_fold },
    { .type = &letter_ready, .batch = metrics_fold },
    { 0 },
};

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
