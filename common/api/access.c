/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The access log's part of the skeleton. It fails closed: a route that shows or changes a person's data gives no
 * answer unless what it looked at is written in the same transaction.
 */
#include "common/api/access.h"

#include <string.h>

#include "common/api/api_private.h"
#include "common/db/pool.h"
#include "common/db/run.h"
#include "common/who/access.h"
#include "common/who/national_id.h"
#include "common/who/tenants.h"

enum { LONGEST_REASON = 500 };

void access_begin(struct scope *s)
{
    s->accesses = ARENA_NEW(s->arena, struct accesses);
    access_forget(s->accesses);
}

enum problem access_take_reason(struct scope *s, const struct request *request)
{
    const char *reason = http_header(request->http, "Access-Reason");
    const unsigned due = NEEDS_LOG | NEEDS_TENANTS;
    if ((request->route->needs & due) != due || text_blank(reason))
        return OK;
    if (!text_well_formed(reason, strlen(reason)) || text_characters(reason) > LONGEST_REASON)
        return scope_fail(s, PROBLEM_MALFORMED,
                          "Access-Reason is no text of at most 500 characters");
    if (national_id_within(reason)) /* those whom the case is about read it */
        return scope_fail(s, PROBLEM_MALFORMED, "no national id belongs in Access-Reason");
    s->accesses->reason = reason;
    return OK;
}

enum problem access_settle(struct scope *s, const struct route *route, int status)
{
    const struct accesses *accesses = s->accesses;
    if (status >= 400)
        return OK; /* nothing was shown */
    if (route->needs & NEEDS_LOG && !accesses->count && !accesses->by_handler)
        return scope_fail(s, PROBLEM_BUG, "%s did not say what it looked at", route->path);
    if (accesses->count && !(route->needs & NEEDS_TENANTS))
        return scope_fail(s, PROBLEM_BUG, "%s has no transaction to log in", route->path);
    return access_write(s);
}

/* Where it belongs: to the case's municipality if who asks may see it, else to their own. */
static enum problem write_refusal(struct scope *s, const struct request *request)
{
    const char *case_id = NULL, *municipality = NULL;
    TRY(api_staff(s));
    if (request->id)
        TRY(access_find(s, request->id, &case_id, &municipality));
    if (!municipality)
        municipality = arena_strndup(s->arena, s->who->tenants, strcspn(s->who->tenants, ","));
    TRY(access_write_refusal(s, request->route->path, municipality,
                             case_id ? case_id : request->id));
    return db_commit(s);
}

static bool is_refusal(const struct scope *s, const struct request *request, int status)
{
    return request->route && s->who && s->who->tenants && *s->who->tenants &&
           (status == 401 || status == 403 || (status == 404 && request->id));
}

void access_refused(struct scope *s, const struct request *request, int status)
{
    if (!is_refusal(s, request, status))
        return;
    const char *told = s->detail;
    s->detail = NULL;
    enum problem p = write_refusal(s, request);
    pool_give(s, s->program->pool);
    if (p)
        LOG_WRITE(s->program->log, s->now, LOG_LEVEL_ERROR, "a refusal was not logged",
                  { LOG_ROUTE, request->route->path }, { LOG_PROBLEM, problem_name(p) },
                  { LOG_DETAIL, s->detail }, { LOG_REQUEST_ID, s->request_id });
    s->detail = told;
}
