/* SPDX-License-Identifier: EUPL-1.2 */
/* Begin, work, commit; or roll back. */
#include "common/db/transact.h"

#include "common/db/pool.h"
#include "common/db/run.h"
#include "common/program/program.h"

enum problem program_transact(struct program *program, struct scope *s,
                              enum problem (*work)(struct scope *s, void *context), void *context)
{
    TRY(pool_take(s, program->pool));
    enum problem p = db_begin(s);
    if (!p)
        p = work(s, context);
    if (!p)
        p = db_commit(s);
    pool_give(s, program->pool);
    return p;
}
