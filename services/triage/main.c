/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * triage: decides which path an application takes.
 *
 *      consumes    application.received
 *      says        case.triaged
 *      writes      path, priority, department, reasons
 */
#include "common/worker/worker.h"
#include "services/triage/triage.h"

static const struct subscription subscriptions[] = {
    { .type = &application_received, .batch = triage_applications },
    { 0 },
};

static const struct worker triage = {
    .name = "triage",
    .subscriptions = subscriptions,
    .max_attempts = 3,
    .max_batch = 256,
    .locks_cases = true,
};

int main(int argc, char **argv)
{
    return worker_main(&triage, argc, argv);
}
