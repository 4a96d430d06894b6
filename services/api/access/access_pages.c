/* SPDX-License-Identifier: EUPL-1.2 */
/* The access log in words: for the person whose case it is, and for the privacy officer. */
#include <string.h>

#include "common/who/access.h"
#include "services/api/access/access_log.h"
#include "services/api/application/applications.h"
#include "services/api/login/session.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"

/* "Leste et brev": some acts have words of their own, as "Sendte søknaden". */
static const char *did_words(struct scope *s, const struct access_view *a)
{
    const char *own =
        text_for(arena_printf(s->arena, "log_did.%s.", a->act), a->what);
    const char *act = text_for("log_act.", a->act);
    const char *what = text_for("log_what.", a->what);
    if (own)
        return own;
    return what ? arena_printf(s->arena, "%s %s", act, what) : act;
}

static const char *who_words(struct scope *s, const struct access_view *a)
{
    const char *kind = text_for("log_who.", a->kind);
    if (session_is(s, a->who))
        return text_of("log_you");
    if (!a->name)
        return kind;
    if (strcmp(a->kind, "staff") != 0)
        return arena_printf(s->arena, "%s %s", kind, a->name);
    return a->unit ? arena_printf(s->arena, "%s, %s", a->name, a->unit) : a->name;
}

static const char *why_words(struct scope *s, const struct access_view *a)
{
    bool refused = strcmp(a->act, access_act_name(ACCESS_REFUSED)) == 0;
    if (a->reason)
        return a->reason;
    if (!refused && session_is(s, a->who))
        return text_of("log_why_you");
    return text_for("log_why.", refused ? a->act : a->kind);
}

static json_t *accesses_view(struct scope *s, const struct access_page *page)
{
    json_t *list = json_array();
    const struct access_view *a = page->accesses.items;
    for (size_t i = 0; i < page->accesses.count; i++)
        json_array_append_new(
            list, json_pack("{s: s, s: s, s: s, s: s, s: s, s: s, s: o}", "at",
                            instant_rfc3339(s->arena, a[i].at.us), "when",
                            moment_words(s->arena, a[i].at.us), "who", who_words(s, &a[i]), "did",
                            did_words(s, &a[i]), "why",
                            why_words(s, &a[i]), "who_id", a[i].who, "case_id",
                            text_or_null(a[i].case_id)));
    return list;
}

static json_t *page_view(struct scope *s, const struct access_page *page)
{
    return json_pack("{s: o, s: b, s: o}", "accesses", accesses_view(s, page), "none",
                     page->accesses.count == 0, "next", text_or_null(page->next));
}

enum problem insight_show(struct scope *s, const struct request *request, struct reply *reply)
{
    struct application_view view;
    struct access_page page;
    const char *cursor = pairs_get(&request->query, "fra");
    enum problem p = application_view_load(s, request->id, NB, &view);
    if (!p && cursor && !text_has_format(cursor, FORMAT_UUID))
        p = PROBLEM_NOT_FOUND;
    if (p == PROBLEM_NOT_FOUND)
        return page_message(s, "missing", 404, NULL, NULL, &reply->http);
    TRY(p);
    const struct access_filter filter = { .case_id = view.case_id,
                                          .to = s->now + DAY_US,
                                          .cursor = cursor };
    TRY(access_page_load(s, &filter, &page));
    access_note(s, &(struct access){ ACCESS_READ, ACCESS_OF_ACCESS_LOG, view.municipality,
                                     view.case_id });
    json_t *shown = page_view(s, &page);
    json_object_set_new(shown, "reference", json_string(view.reference));
    json_object_set_new(shown, "status_url",
                        json_sprintf("/status/%s", view.application_id));
    return page_render(s, "insight", "insight_title", NULL, shown, &reply->http);
}

/* What was asked for, as it stands in the form again. */
static void add_filter(json_t *shown, const struct request *request)
{
    static const char *const names[] = { "case", "who", "from", "to" };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const char *text = pairs_get(&request->query, names[i]);
        json_object_set_new(shown, names[i], json_string(text ? text : ""));
    }
}

enum problem access_log_page(struct scope *s, const struct request *request,
                             struct reply *reply)
{
    struct access_page page = { 0 };
    enum problem p = access_search(s, request, &page);
    if (p && p != PROBLEM_MALFORMED)
        return p;
    json_t *shown = page_view(s, &page);
    add_filter(shown, request);
    json_object_set_new(shown, "wrong", json_boolean(p == PROBLEM_MALFORMED));
    TRY(page_render(s, "log", "log_title", NULL, shown, &reply->http));
    if (p)
        reply->http.status = 400;
    return p;
}
