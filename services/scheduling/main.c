/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * scheduling: the early talk, the deadlines and the teams' agendas.
 *
 *      consumes    case.triaged, contact.made, the clock
 *      says        dialogue.planned, agenda.planned, deadline.near, deadline.missed
 *      writes      tasks, agenda items, meetings, deadlines
 */
#include "common/worker/worker.h"
#include "services/scheduling/scheduling.h"

static const struct subscription subscriptions[] = {
    { .type = &case_triaged, .batch = scheduling_triaged },
    { .type = &contact_made, .batch = scheduling_contacts },
    { 0 },
};

static const struct tick ticks[] = {
    { "deadlines", 1000, deadlines_tick },
    { "meetings", 60000, meetings_tick },
    { "silent", 10000, silent_tick },
    { 0 },
};

static const struct worker scheduling = {
    .name = "scheduling",
    .subscriptions = subscriptions,
    .ticks = ticks,
    .max_attempts = 3,
    .max_batch = 256,
    .locks_cases = true,
    .metrics_start = scheduling_metrics,
};

int main(int argc, char **argv)
{
    return worker_main(&scheduling, argc, argv);
}
