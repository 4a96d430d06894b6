/* SPDX-License-Identifier: EUPL-1.2 */
/* Words for whoever is refused a page, and where they go on from there. */
#include "services/api/citizen/refused.h"

#include <string.h>

#include "common/api/match.h"
#include "common/seal/secret.h"
#include "services/api/form/pages.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"
#include "services/api/tenants/state.h"

/* Whoever came by their municipality's own link comes back by it. */
static const char *chosen_before(struct scope *s, const struct request *request)
{
    struct pairs query;
    const char *raw = request->http->query, *number = NULL;
    if (request->route->handle == form_show && pairs_parse(s, raw, strlen(raw), &query) == OK)
        number = pairs_get(&query, "kommune");
    return number && text_has_format(number, FORMAT_MUNICIPALITY)
               ? arena_printf(s->arena, "%%3Fkommune%%3D%s", number)
               : "";
}

/* The page of ours on which a form stood, by where it goes: its own path, or one above it. NULL: none that needs a
 * login. */
static const char *page_of(struct scope *s, const struct request *request)
{
    char *page = arena_strdup(s->arena, request->http->path);
    for (char *end = page + strlen(page); end; end = strrchr(page, '/')) {
        *end = '\0';
        const struct route *route = api_route(s->arena, routes_of(s), request->route->listener, page);
        if (route && route->role != ANYONE)
            return page;
    }
    return NULL;
}

/* Drawn in another session than the one that sends it: one that is over, or a colleague's. */
static bool is_old_form(const struct scope *s, const struct request *request)
{
    return s->who && s->who->csrf && request->form.count > 0 &&
           !secret_same(pairs_get(&request->form, "csrf"), s->who->csrf);
}

enum problem page_turn_away(struct scope *s, const struct request *request, enum problem p,
                            struct http_reply *reply)
{
    bool get = request->http->method == GET || request->http->method == HEAD;
    bool ours =
        s->who ||
        p == PROBLEM_UNAUTHENTICATED; /* not what another site made the browser send */
    if (p == PROBLEM_UNAVAILABLE) {
        reply->retry_after = 5;
        return page_message(s, "away", 503, NULL, NULL, reply);
    }
    if (p == PROBLEM_TOO_MANY)
        return page_message(s, "too_many", 429, NULL, NULL, reply);
    if (request->route->handle == form_submit && ours &&
        !http_header(request->http, "Authorization"))
        return form_again(s, request, reply);
    const char *page = page_of(s, request);
    if (p == PROBLEM_FORBIDDEN && is_old_form(s, request))
        return page_message(s, "old_form", 403, page, "old_form_link", reply);
    if (p == PROBLEM_FORBIDDEN)
        return page_message(s, "not_yours", 403, NULL, NULL, reply);
    if (!get)
        return page_message(s, "must_log_in", 401,
                            page ? arena_printf(s->arena, "/logg-inn?til=%s", page) : "/logg-inn",
                            "login_again", reply);
    reply->status = 303;
    reply->location = arena_printf(s->arena, "/logg-inn?til=%s%s", request->http->path,
                                   chosen_before(s, request));
    return OK;
}

/* By status: what is told of a page that is not there, or can't be given. */
static const struct {
    int status;
    const char *name;
} explanations[] = {
    { 401, "must_log_in" }, { 403, "not_yours" }, { 404, "missing" },   { 405, "no_method" }, { 408, "too_slow" },
    { 413, "too_large" },   { 429, "too_many" },  { 500, "our_fault" }, { 501, "no_method" }, { 503, "away" },
};

enum problem page_explain(struct scope *s, enum listener at, enum problem p,
                          struct http_reply *reply)
{
    const char *name = "not_understood";
    for (size_t i = 0; i < sizeof(explanations) / sizeof(*explanations); i++)
        if (explanations[i].status == problem_status(p))
            name = explanations[i].name;
    return at == PUBLIC ? page_message(s, name, reply->status, "/soknad", "back_to_form", reply)
                        : page_message(s, name, reply->status, "/", "back_home", reply);
}
