/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * letters: composes, renders and keeps the letters of a case.
 *
 *      consumes    what causes a letter (common/letter/kinds.def)
 *      says        letter.ready
 *      writes      letters, sealed
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

static const struct worker letters = {
    .name = "letters",
    .subscriptions = subscriptions,
    .max_attempts = 3,
    .max_batch = 16,
    .metrics_start = letters_metrics,
    .own_new = typesetter_new,
    .own_free = typesetter_free,
};

int main(int argc, char **argv)
{
    return worker_main(&letters, argc, argv);
}
