/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * letters: composes, renders and keeps the letters of a case.
 *
 *      consumes    what causes a letter (common/letter/kinds.def)
 *      says        letter.ready
 *      writes      letters, sealed; what is newer of known people; what names an old key, anew
 */
#include "common/worker/worker.h"
#include "services/letters/letters.h"

static const struct subscription subscriptions[] = {
#define LETTER_KIND(kind, event, ...)                                                          \
    { .type = &event, .prepare = letter_prepare, .handle = letter_keep },
#include "common/letter/kinds.def"
#undef LETTER_KIND
    { 0 },
};

static const struct tick ticks[] = {
    { "renew", 1000, renew_tick },
    { "old_values", 10000, old_values_tick },
    { 0 },
};

static void start_metrics(struct metrics *metrics)
{
    letters_metrics(metrics);
    renew_metrics(metrics);
}

static const struct worker letters = {
    .name = "letters",
    .subscriptions = subscriptions,
    .ticks = ticks,
    .max_attempts = 3,
    .max_batch = 16,
    .metrics_start = start_metrics,
    .own_new = typesetter_new,
    .own_free = typesetter_free,
};

int main(int argc, char **argv)
{
    return worker_main(&letters, argc, argv);
}
