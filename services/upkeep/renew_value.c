/* SPDX-License-Identifier: EUPL-1.2 */
/* What every kind of value needs that is made anew. */
#include "services/upkeep/renew.h"

struct bytes renew_bytes(struct scope *s, const struct result *r, int row, const char *column)
{
    struct bytes value = { 0 };
    value.data = result_bytes(s, r, row, column, &value.length);
    return value;
}

enum problem renew_pass_over(struct scope *s, enum problem p, const char *id,
                             struct texts *damaged)
{
    if (p != PROBLEM_DAMAGED && p != PROBLEM_MALFORMED)
        return p;
    s->detail = NULL;
    ((const char **)damaged->items)[damaged->count++] = id;
    return OK;
}
