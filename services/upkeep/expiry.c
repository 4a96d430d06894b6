/* SPDX-License-Identifier: EUPL-1.2 */
/* What is kept for a while is gone after it. */
#include "common/db/transact.h"
#include "common/time/clock.h"
#include "services/upkeep/queries.h"
#include "services/upkeep/upkeep.h"

static enum problem expire(struct scope *s, void *context)
{
    (void)context;
    return DB_RUN(s, &sql_keys_expire, NULL, param_time(s, s->now - 30 * DAY_US));
}

enum problem keys_tick(struct program *program, struct scope *s)
{
    return program_transact(program, s, expire, NULL);
}
