/* SPDX-License-Identifier: EUPL-1.2 */
/* Pages from embedded templates and texts. */
#include "services/api/page/texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/api/api.h"
#include "common/page/template.h"
#include "common/time/instant.h"
#include "common/words/words.h"
#include "services/api/page/assets.h"
#include "services/api/page/whose.h"
#include "services/api/tenants/municipality.h"
#include "services/api/tenants/state.h"

const char *text_of(const char *key)
{
    return words_of(NB, key);
}

const char *text_for(const char *kind, const char *code)
{
    return words_for(NB, kind, code);
}

const char *coded_text(const char *kind, const char *code)
{
    const char *text = code ? text_for(kind, code) : NULL;
    return text ? text : code ? code : "–";
}

json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static const char *template_text(const char *name)
{
    char path[64];
    snprintf(path, sizeof(path), "templates/%s.html", name);
    const struct asset *asset = asset_find(api_assets, path);
    return asset ? (const char *)asset->start : NULL;
}

/* The layout's own partial is the page; others are templates by their names. */
static const char *find_page(const void *page, const char *name)
{
    return template_text(strcmp(name, "page") == 0 ? page : name);
}

const char *span_words(struct scope *s, int64_t seconds)
{
    static const struct {
        int64_t from, unit;
        const char *name;
    } units[] = { { 172800, 86400, "d" }, { 7200, 3600, "t" }, { 120, 60, "min" } };
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
        if (seconds >= units[i].from)
            return arena_printf(s->arena, "%lld %s", (long long)(seconds / units[i].unit),
                                units[i].name);
    return seconds > 0 ? arena_printf(s->arena, "%lld s", (long long)seconds) : "under 1 s";
}

/* Where staff may go: the rows that have a word. */
static json_t *staff_view(struct scope *s)
{
    if (!s->who || s->who->kind != WHO_STAFF)
        return json_null();
    json_t *menu = json_array();
    for (const struct route *route = routes_of(s); route && route->path; route++)
        if (route->word && s->who->roles & route->role)
            json_array_append_new(menu, json_pack("{s: s, s: s}", "href", route->path, "text",
                                                  text_of(route->word)));
    return json_pack("{s: s, s: s, s: o}", "name", s->who->name, "unit",
                     s->who->unit ? s->who->unit : "", "menu", menu);
}

/* Whose page it is: staff's municipality, the one that the view names, or the only one that is
 * offered. */
static bool find_owner(struct scope *s, json_t *view, struct municipality *out)
{
    bool staff = s->who && s->who->kind == WHO_STAFF;
    const char *number =
        staff ? s->who->tenants : json_string_value(json_object_get(view, "municipality"));
    if (number && municipality_find(s, number, out))
        return true;
    struct municipalities offered = municipalities_offered(s);
    if (offered.count == 1)
        *out = offered.items[0];
    return offered.count == 1;
}

/* What stands on every page of whose it is: on top, at its foot, and the colour. */
static void set_owner(struct scope *s, json_t *view)
{
    struct municipality m = { .name = text_of("owner_any") };
    bool known = find_owner(s, view, &m);
    const char *colour = arena_printf(s->arena, "/kommune/%d/farge.css", known ? atoi(m.number) : 0);
    json_object_set_new(view, "owner", json_string(m.name));
    json_object_set_new(view, "colour", text_or_null(m.accent ? colour : NULL));
    json_object_set_new(view, "phone", text_or_null(m.phone));
    json_object_set_new(view, "address", text_or_null(m.address));
    json_object_set_new(view, "web", text_or_null(m.web));
    json_object_set_new(view, "has_help", json_boolean(m.phone || m.address || m.web));
}

/* What a page has that goes on, or is loaded anew, by itself. */
static const char *const at_times[] = { "onward", "refresh" };

enum problem page_render(struct scope *s, const char *page, const char *title, const char *script,
                         json_t *view, struct http_reply *reply)
{
    char *html;
    arena_value(s->arena, view);
    json_object_set_new(view, "title", json_string(text_of(title)));
    set_owner(s, view);
    json_object_set_new(view, "script", script ? json_string(script) : json_null());
    json_object_set_new(view, "csrf",
                        s->who && s->who->csrf ? json_string(s->who->csrf) : json_null());
    if (!json_object_get(view, "whose"))
        json_object_set_new(view, "whose", text_or_null(page_whose(s)));
    json_object_set_new(view, "me", text_or_null(s->who ? s->who->called : NULL));
    json_object_set_new(view, "staff", staff_view(s));
    json_object_set_new(view, "citizen", json_boolean(s->who && s->who->kind == WHO_CITIZEN));
    json_object_set_new(view, "wide", json_boolean(s->internal)); /* staff's; at a citizen's foot stands whom to call */
    for (size_t i = 0; i < sizeof(at_times) / sizeof(*at_times); i++)
        if (!json_object_get(view, at_times[i]))
            json_object_set_new(view, at_times[i], json_null());
    struct template_parts parts = { find_page, page, text_of };
    TRY(template_render(s, template_text("layout"), view, ESCAPE_HTML, &parts, &html));
    reply->content_type = "text/html; charset=utf-8";
    reply->body = html;
    reply->length = strlen(html);
    return OK;
}

/* link and onward may be NULL. */
static enum problem render_message(struct scope *s, const char *name, const char *link,
                                   const char *link_text, const char *onward,
                                   struct http_reply *reply)
{
    const char *heading = arena_printf(s->arena, "%s_heading", name);
    const char *text = arena_printf(s->arena, "%s_text", name);
    json_t *view = json_pack(
        "{s: s, s: s, s: s*, s: s*, s: s*}", "heading", text_of(heading), "text",
        text_of(text), "link", link, "link_text",
        link_text ? text_of(link_text) : NULL, "onward", onward);
    return page_render(s, "message", heading, NULL, view, reply);
}

enum problem page_message(struct scope *s, const char *name, int status, const char *link,
                          const char *link_text, struct http_reply *reply)
{
    reply->status = status;
    return render_message(s, name, link, link_text, NULL, reply);
}

enum problem page_onward(struct scope *s, const char *name, const char *onward,
                         struct http_reply *reply)
{
    reply->status = 200;
    return render_message(s, name, onward ? onward : "/soknad",
                          onward ? "logged_out_onward" : "logged_out_link", onward, reply);
}

const char *moment_words(struct scope *s, int64_t instant)
{
    struct oslo_time t = oslo_time(instant);
    return arena_printf(s->arena, "%s kl. %02d.%02d", date_words(s->arena, t.date), t.hour, t.minute);
}

const char *local_time(struct scope *s, int64_t instant)
{
    return arena_strndup(s->arena, instant_oslo_rfc3339(s->arena, instant), LOCAL_LENGTH);
}

/* A deadline that ends at 24:00 is that day's, not the next. */
const char *due_words(struct scope *s, struct instant due)
{
    return due.us ? date_words(s->arena, oslo_date(due.us - 1)) : NULL;
}
