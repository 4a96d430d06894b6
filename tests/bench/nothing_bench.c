/* SPDX-License-Identifier: EUPL-1.2 */
/* The yardstick of the drains: a worker like the others, which takes applications and does nothing with
 * them but raise its marks. It runs in the place of letters, which the drains leave out. */
#include "common/worker/worker.h"

static enum problem nothing(struct scope *s, struct item *items, size_t count)
{
    (void)s;
    (void)items;
    (void)count;
    return OK;
}

static const struct subscription subscriptions[] = {
    { .type = &application_received, .batch = nothing },
    { 0 },
};
static const struct worker worker = { .name = "letters",
                                      .subscriptions = subscriptions,
                                      .max_attempts = 3,
                                      .max_batch = 256 };

int main(int argc, char **argv)
{
    return worker_main(&worker, argc, argv);
}
