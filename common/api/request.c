/* SPDX-License-Identifier: EUPL-1.2 */
/* What a request must bring: by its row, and before its body is read. */
#include "common/api/request.h"

#include <string.h>

#include "common/api/access.h"
#include "common/api/admit.h"
#include "common/api/api_private.h"
#include "common/api/match.h"
#include "common/http/limit.h"
#include "common/time/clock.h"

enum { LONGEST_KEY = 255 };

static enum problem take_key(struct request *request)
{
    request->key = http_header(request->http, "Idempotency-Key");
    size_t length = request->key ? strlen(request->key) : 0;
    for (size_t i = 0; i < length; i++)
        if (request->key[i] < 0x21 || request->key[i] > 0x7e)
            return PROBLEM_KEY_MISSING;
    return length >= 1 && length <= LONGEST_KEY ? OK : PROBLEM_KEY_MISSING;
}

/* Which of its tags the case has now is for the handler to say. */
static enum problem take_match(struct scope *s, struct request *request)
{
    const char *match = http_header_list(s->arena, request->http, "If-Match", ", ");
    if (text_blank(match))
        return PROBLEM_MATCH_MISSING;
    request->match = match;
    return OK;
}

/* What the body must be, told before it is read; NULL if the route takes none. */
const char *request_body_type(const struct route *route)
{
    if (route->needs & NEEDS_FORM)
        return "application/x-www-form-urlencoded";
    return route->body ? "application/json" : NULL;
}

/* What is no text is its field's fault, told where the form is given back; elsewhere the form is refused for it. */
static enum problem take_form(struct scope *s, struct request *request)
{
    TRY(pairs_parse(s, request->http->body, request->http->body_length, &request->form));
    return request->route->needs & NEEDS_WORDS ? OK : scope_faults(s);
}

enum problem request_take_body(struct scope *s, struct request *request)
{
    const struct route *route = request->route;
    if (route->needs & NEEDS_FORM)
        return take_form(s, request);
    if (!route->body)
        return OK;
    void *document = arena_alloc(s->arena, route->body->size);
    request->document = document;
    return record_from_json(s, route->body, RECORD_BODY, request->http->body,
                            request->http->body_length, document);
}

/* Query parameters that the route does not name are refused: a misspelt filter must not widen. */
static enum problem take_query(struct scope *s, struct request *request)
{
    TRY(pairs_parse(s, request->http->query, strlen(request->http->query), &request->query));
    for (size_t i = 0; i < request->query.count && request->route->summary; i++) {
        const char *const *name = request->route->query;
        while (name && *name && strncmp(*name, request->query.items[i].name, strcspn(*name, "!")))
            name++;
        if (!name || !*name)
            scope_fault(s, arena_printf(s->arena, "/%s", request->query.items[i].name),
                        FAULT_UNKNOWN);
    }
    return scope_faults(s);
}

static enum problem limit_by(struct scope *s, const struct door *door,
                             struct request *request, const char *kind, const char *who,
                             int64_t per_minute)
{
    request->retry_after = limit_take(door->limits, arena_printf(s->arena, "%s %s", kind, who),
                                      per_minute, clock_steady_ms());
    return request->retry_after ? PROBLEM_TOO_MANY : OK;
}

/* A proxy that asks whether we are there speaks for nobody: so often a minute it may, and is not told of. */
enum { OWN_CHECKS = 60 };

/* A proxy whose word for who comes can't be read, or that says none, is told of, once a minute: its visitors share one limit
 * meanwhile. */
static void tell_unknown(const struct scope *s, const struct door *door, const char *address)
{
    bool silent = strcmp(address, LIMIT_SILENT) == 0;
    metric_add(s->program->metrics, silent ? METRIC_FORWARDED_MISSING : METRIC_FORWARDED_UNREADABLE, NULL, 1);
    if (silent && limit_take(door->limits, "own checks", OWN_CHECKS, clock_steady_ms()) == 0)
        return;
    if (limit_take(door->limits, silent ? "told of silence" : "told", 1, clock_steady_ms()) == 0)
        LOG_WRITE(s->program->log, s->now, LOG_LEVEL_WARN, "who comes can not be told",
                  { LOG_DETAIL, silent ? "a named proxy sends neither X-Forwarded-For nor Forwarded, more often than it could ask for itself; all of them share one limit"
                                       : "the last word of X-Forwarded-For or Forwarded is no address, or they differ; all of them share one limit" });
}

/* Before anything is looked up, verified or written. */
enum problem request_limit(struct scope *s, const struct door *door, struct request *request)
{
    char text[LIMIT_ADDRESS];
    const struct settings *set = &s->program->settings;
    if (door->listener != PUBLIC)
        return OK;
    const char *address =
        limit_address(request->http->peer, set->proxy,
                      http_header_last(request->http, "X-Forwarded-For"),
                      http_header_last(request->http, "Forwarded"), text);
    if (!address)
        return OK;
    if (strcmp(address, LIMIT_UNREADABLE) == 0 || strcmp(address, LIMIT_SILENT) == 0)
        tell_unknown(s, door, address);
    TRY(limit_by(s, door, request, "address", address, set->rate_address));
    return request->route && request->route->needs & NEEDS_PATIENCE
               ? limit_by(s, door, request, "login", address, set->rate_login)
               : OK;
}

static enum problem limit_client(struct scope *s, const struct door *door,
                                 struct request *request)
{
    if (door->listener != PUBLIC || !s->who)
        return OK;
    return limit_by(s, door, request, "client", s->who->client,
                    s->program->settings.rate_client);
}

/* All that a head can be refused for. */
enum problem request_prepare(struct scope *s, const struct door *door,
                            struct request *request)
{
    const struct route *route = request->route;
    const char *type = route->answer ? "application/json" : NULL;
    TRY(admit_principal(s, door->api, request));
    TRY(access_take_reason(s, request));
    TRY(limit_client(s, door, request));
    if (type && quality_of(http_header_list(s->arena, request->http, "Accept", ", "), type) == 0)
        return PROBLEM_NOT_ACCEPTABLE;
    if (route->needs & NEEDS_KEY)
        TRY(take_key(request));
    if (route->needs & NEEDS_MATCH)
        TRY(take_match(s, request));
    TRY(take_query(s, request));
    type = request_body_type(route);
    return type && !is_content_type(http_header(request->http, "Content-Type"), type) ? PROBLEM_MEDIA_TYPE : OK;
}
