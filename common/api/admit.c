/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who asks: a system by the token that each of its requests brings, a citizen or one of the
 * staff by the session that a cookie opens. A browser adds the cookie by itself, also to what another
 * site made it send: so what changes something must come from a page of ours.
 */
#include "common/api/admit.h"

#include <string.h>
#include <strings.h>

#include "common/api/api_private.h"
#include "common/seal/secret.h"

static enum problem take_token(struct scope *s, const struct api *api,
                               struct request *request, const char *shown)
{
    static const char scheme[] = "Bearer ";
    if (strncasecmp(shown, scheme, strlen(scheme)) != 0)
        return PROBLEM_UNAUTHENTICATED;
    shown += strlen(scheme);
    shown += strspn(shown, " ");
    struct principal *who = ARENA_NEW(s->arena, struct principal);
    enum problem p = api->admit(s, shown, request->route->scope, who);
    if (who->client) /* whom it refuses may be known: that is logged */
        s->who = who;
    TRY(p);
    request->client = who->client;
    return OK;
}

static enum problem take_session(struct scope *s, const struct api *api,
                                 struct request *request)
{
    struct principal *who = ARENA_NEW(s->arena, struct principal);
    if (request->http->method != GET && request->http->method != HEAD &&
        !api_own_site(request))
        return scope_fail(s, PROBLEM_FORBIDDEN, "another site sent it");
    TRY(api->recognise(s, request->route->listener, api_cookies(s, request), who));
    s->who = who;
    request->client = who->client;
    return request->route->role & who->roles
               ? OK
               : scope_fail(s, PROBLEM_FORBIDDEN, "it is for other roles");
}

enum problem admit_principal(struct scope *s, const struct api *api, struct request *request)
{
    const char *shown = http_header(request->http, "Authorization");
    if (request->route->role == ANYONE)
        return OK;
    if (shown)
        return take_token(s, api, request, shown);
    return take_session(s, api, request);
}

enum problem admit_form(struct scope *s, const struct request *request)
{
    bool due = s->who && s->who->csrf && request->route->needs & NEEDS_FORM;
    if (!due || secret_same(pairs_get(&request->form, "csrf"), s->who->csrf))
        return OK;
    return scope_fail(s, PROBLEM_FORBIDDEN, "the form is not of this session");
}

const char *admit_challenge(struct scope *s, const struct request *request, enum problem p)
{
    bool shown = http_header(request->http, "Authorization");
    if (p == PROBLEM_UNAUTHENTICATED)
        return shown ? "Bearer error=\"invalid_token\"" : "Bearer";
    if (p == PROBLEM_FORBIDDEN && shown && request->route && request->route->scope)
        return arena_printf(s->arena, "Bearer error=\"insufficient_scope\", scope=\"%s%s\"",
                            s->program->settings.scope_prefix, request->route->scope);
    return NULL;
}

const char *api_cookies(const struct scope *s, const struct request *request)
{
    return http_header_list(s->arena, request->http, "Cookie", "; ");
}

bool api_own_site(const struct request *request)
{
    const char *site = http_header(request->http, "Sec-Fetch-Site");
    const char *origin = http_header(request->http, "Origin");
    const char *host = http_header(request->http, "Host");
    if (site)
        return strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
    if (!origin || strcmp(origin, "null") == 0)
        return true; /* our own pages send no referrer, so older browsers' Origin is null: it says nothing */
    const char *named = strstr(origin, "://");
    return named && host && strcasecmp(named + 3, host) == 0;
}
