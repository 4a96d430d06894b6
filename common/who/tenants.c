/* SPDX-License-Identifier: EUPL-1.2 */
/* A transaction in which row-level security shows what who asks may see. */
#include "common/who/tenants.h"

#include "common/db/pool.h"
#include "common/program/program.h"
#include "common/who/queries.h"
#include "common/who/who.h"

enum problem api_staff(struct scope *s)
{
    TRY(pool_take(s, s->program->pool));
    TRY(db_begin(s));
    return DB_RUN(s, &sql_tenants_set, NULL,
                  param_text(s->who ? s->who->tenants : s->program->settings.municipality));
}

bool api_sees(const struct scope *s, const char *municipality)
{
    return !s->who || text_lists(s->who->tenants, ',', municipality);
}
