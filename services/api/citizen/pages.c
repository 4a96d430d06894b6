/* SPDX-License-Identifier: EUPL-1.2 */
/* The citizen's pages but for the form: the receipt and the status page, and the files they need. */
#include <string.h>

#include "common/api/match.h"
#include "common/seal/secret.h"
#include "common/time/instant.h"
#include "services/api/application/view.h"
#include "services/api/case/cases.h"
#include "services/api/case/view.h"
#include "services/api/form/form.h"
#include "services/api/handlers.h"
#include "services/api/page/assets.h"
#include "services/api/page/texts.h"
#include "services/api/tenants/municipality.h"

/* Where someone begins who knows no more than the name. */
enum problem front_show(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)s;
    (void)request;
    reply->http.location = "/soknad";
    return OK;
}

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
        const struct route *route = api_route(s->arena, request->routes, request->route->listener, page);
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

static json_t *timeline_view(struct scope *s, const struct list *timeline)
{
    json_t *steps = json_array();
    const struct step *step = timeline->items;
    for (size_t i = 0; i < timeline->count; i++) {
        int64_t at = 0;
        instant_parse(step[i].at, &at);
        json_array_append_new(steps, json_pack("{s: s, s: s, s: s}", "at", step[i].at, "when",
                                               moment_words(s, at), "text", step[i].text));
    }
    return steps;
}

static json_t *letters_view(const char *application_id,
                            const struct list *letters)
{
    json_t *list = json_array();
    const struct letter_view *letter = letters->items;
    for (size_t i = 0; i < letters->count; i++) {
        const char *about = text_for("letter_", letter[i].kind);
        json_array_append_new(
            list,
            json_pack("{s: o, s: s}", "href",
                      json_sprintf("/status/%s/brev/%lld", application_id,
                                   (long long)letter[i].n),
                      "text",
                      about ? about : text_of("letter_other")));
    }
    return list;
}

static json_t *status_view(struct scope *s, const struct application_view *view,
                           const struct list *letters, bool receipt)
{
    int64_t received = 0;
    const char *due = due_words(s, view->next->due);
    instant_parse(view->received_at, &received);
    return json_pack(
        "{s: s, s: b, s: s, s: s, s: b, s: s, s: s, s: o, s: o, s: b, s: o, s: s+, s: s++}",
        "municipality", view->municipality, "receipt", receipt, "reference", view->reference, "received",
        moment_words(s, received), "has_what_matters", view->what_matters != NULL,
        "what_matters", view->what_matters ? view->what_matters : "", "next_text",
        view->next->text, "next_due", due ? json_string(due) : json_null(), "timeline",
        timeline_view(s, &view->timeline), "has_letters", letters->count > 0, "letters",
        letters_view(view->application_id, letters), "status_url", "/status/",
        view->application_id, "insight_url", "/status/", view->application_id, "/innsyn");
}

enum problem status_show(struct scope *s, const struct request *request, struct reply *reply)
{
    struct application_view view;
    struct list letters;
    bool receipt = pairs_get(&request->query, "kvittering") != NULL;
    enum problem p = application_view_load(s, request->id, NB, &view);
    if (p == PROBLEM_NOT_FOUND)
        return page_message(s, "missing", 404, NULL, NULL, &reply->http);
    TRY(p);
    TRY(letters_load(s, view.case_id, &letters));
    application_view_note(s, &view);
    return page_render(s, "status", receipt ? "page_receipt" : "page_status", NULL,
                       status_view(s, &view, &letters, receipt), &reply->http);
}

enum problem status_letter_show(struct scope *s, const struct request *request,
                                struct reply *reply)
{
    struct application_view view;
    enum problem p = application_view_load(s, request->id, NB, &view);
    if (!p)
        p = letter_load(s, view.case_id, request->n, &reply->http);
    if (p == PROBLEM_NOT_FOUND)
        return page_message(s, "missing", 404, NULL, NULL, &reply->http);
    return p;
}

/* A municipality's colour: a style of its own, for pages may hold none within. */
enum problem colour_show(struct scope *s, const struct request *request, struct reply *reply)
{
    struct municipality m = { 0 };
    bool known =
        municipality_find(s, arena_printf(s->arena, "%04d", (int)request->n), &m) && m.accent;
    reply->http.content_type = "text/css; charset=utf-8";
    reply->http.body =
        known ? arena_printf(s->arena, ":root { --accent: %s; }\n", m.accent) : "/* ours */\n";
    reply->http.length = strlen(reply->http.body);
    reply->http.cache = "public, max-age=300";
    return OK;
}

static const struct {
    const char *ending;
    const char *type;
} types[] = {
    { ".css", "text/css; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".woff2", "font/woff2" },
};

enum problem asset_show(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)s;
    const struct asset *asset = asset_find(api_assets, request->name);
    size_t length = strlen(request->name);
    for (size_t i = 0; asset && i < sizeof(types) / sizeof(*types); i++) {
        size_t ending = strlen(types[i].ending);
        if (length <= ending || strcmp(request->name + length - ending, types[i].ending) != 0)
            continue;
        reply->http.content_type = types[i].type;
        reply->http.body = asset->start;
        reply->http.length = asset_length(asset);
        reply->http.cache = "public, max-age=300";
        return OK;
    }
    return PROBLEM_NOT_FOUND;
}
