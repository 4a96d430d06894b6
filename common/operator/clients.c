/* SPDX-License-Identifier: EUPL-1.2 */
#include "common/operator/clients.h"

#include <string.h>

#include "common/operator/acts.h"
#include "common/operator/queries.h"
#include "common/who/organisation.h"

void client_check(struct scope *s, const struct act_request *in, bool makes)
{
    if (!in->target)
        scope_fault(s, "/target", FAULT_MISSING);
    else if (strlen(in->target) != 9 || strspn(in->target, "0123456789") != 9)
        scope_fault(s, "/target", FAULT_FORMAT);
    else if (makes && !organisation_valid(in->target)) /* one that came in before may still be shut out */
        scope_fault(s, "/target", FAULT_CHECKSUM);
    if (makes && !in->name)
        scope_fault(s, "/name", FAULT_MISSING);
    if (makes && in->municipalities.count == 0)
        scope_fault(s, "/municipalities", FAULT_MISSING);
}

enum problem client_ask(struct scope *s, const struct act_request *in, bool makes)
{
    struct result r;
    if (makes)
        TRY(DB_RUN(s, &sql_client_let_in, &r, param_text(in->target), param_text(in->name),
                   param_list(s, in->municipalities.items, in->municipalities.count)));
    else
        TRY(DB_RUN(s, &sql_client_shut_out, &r, param_text(in->target)));
    if (r.count)
        return OK;
    return scope_fail(s, PROBLEM_NOT_FOUND,
                      makes ? "there is no such municipality" : "there is no such client");
}
