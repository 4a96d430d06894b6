/* SPDX-License-Identifier: EUPL-1.2 */
/* The citizen's pages but for the form: the receipt and the status page, and the files they need. */
#include <string.h>

#include "services/api/application/applications.h"
#include "services/api/case/cases.h"
#include "services/api/case/view.h"
#include "services/api/page/assets.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"
#include "services/api/tenants/municipality.h"

/* Where someone begins who knows no more than the name. */
enum problem front_show(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)s;
    (void)request;
    reply->http.location = "/soknad";
    return OK;
}

static json_t *timeline_view(struct scope *s, const struct list *timeline)
{
    json_t *steps = json_array();
    const struct step *step = timeline->items;
    for (size_t i = 0; i < timeline->count; i++)
        json_array_append_new(steps, json_pack("{s: s, s: s, s: s}", "at",
                                               instant_rfc3339(s->arena, step[i].at.us), "when",
                                               moment_words(s->arena, step[i].at.us), "text", step[i].text));
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
    const char *due = due_words(s->arena, view->next->due.us);
    return json_pack(
        "{s: s, s: b, s: s, s: s, s: b, s: s, s: s, s: o, s: o, s: b, s: o, s: s+, s: s++}",
        "municipality", view->municipality, "receipt", receipt, "reference", view->reference, "received",
        moment_words(s->arena, view->received_at.us), "has_what_matters", view->what_matters != NULL,
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
