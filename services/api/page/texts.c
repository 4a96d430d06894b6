/* SPDX-License-Identifier: EUPL-1.2 */
/* Pages from embedded templates and texts. */
#include "services/api/page/texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/api/api.h"
#include "common/page/template.h"
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

struct room {
    const char *href, *text;
};

static const struct field room_fields[] = {
    FIELD(struct room, href),
    FIELD(struct room, text),
    { 0 },
};
static const struct record room_record = RECORD("room", struct room, room_fields);

struct staff {
    const char *name, *unit;
    struct list menu;
};

static const struct field staff_fields[] = {
    FIELD(struct staff, name),
    FIELD(struct staff, unit),
    LIST_FIELD(struct staff, menu, &room_record),
    { 0 },
};
static const struct record staff_record = RECORD("staff", struct staff, staff_fields);

/* What stands on every page, but where the page says it itself. */
struct layout {
    const char *page_title, *script, *csrf, *whose, *me;
    const char *owner, *colour, *phone, *address, *web; /* whose it is: on top, at its foot, and the colour */
    bool has_help, citizen, wide, refresh;
    const char *onward;
    struct staff *staff;
};

static const struct field layout_fields[] = {
    FIELD(struct layout, page_title),
    FIELD(struct layout, script),
    FIELD(struct layout, csrf),
    FIELD(struct layout, whose),
    FIELD(struct layout, me),
    FIELD(struct layout, owner),
    FIELD(struct layout, colour),
    FIELD(struct layout, phone),
    FIELD(struct layout, address),
    FIELD(struct layout, web),
    FIELD(struct layout, has_help),
    FIELD(struct layout, citizen),
    FIELD(struct layout, wide),
    FIELD(struct layout, refresh),
    FIELD(struct layout, onward),
    NESTED_FIELD(struct layout, staff, &staff_record),
    { 0 },
};
static const struct record layout_record = RECORD("layout", struct layout, layout_fields);

/* Where staff may go: the rows that have a word. */
static struct list menu_of(struct scope *s)
{
    size_t count = 0;
    for (const struct route *route = routes_of(s); route && route->path; route++)
        count += route->word && s->who->roles & route->role;
    struct room *menu = arena_array(s->arena, count, sizeof(*menu));
    count = 0;
    for (const struct route *route = routes_of(s); route && route->path; route++)
        if (route->word && s->who->roles & route->role)
            menu[count++] = (struct room){ route->path, text_of(route->word) };
    return (struct list){ menu, count };
}

static struct staff *staff_of(struct scope *s)
{
    if (!s->who || s->who->kind != WHO_STAFF)
        return NULL;
    struct staff *staff = ARENA_NEW(s->arena, struct staff);
    *staff = (struct staff){ s->who->name, s->who->unit, menu_of(s) };
    return staff;
}

/* Whose page it is: staff's municipality, the one that the view names, or the only one that is
 * offered. */
static bool find_owner(struct scope *s, const struct view *view, struct municipality *out)
{
    bool staff = s->who && s->who->kind == WHO_STAFF;
    const char *number = staff ? s->who->tenants : view_text(view, "municipality");
    if (number && municipality_find(s, number, out))
        return true;
    struct municipalities offered = municipalities_offered(s);
    if (offered.count == 1)
        *out = offered.items[0];
    return offered.count == 1;
}

static struct layout layout_of(struct scope *s, const char *title, const char *script,
                               const struct view *page)
{
    struct municipality m = { .name = text_of("owner_any") };
    bool known = find_owner(s, page, &m);
    const char *colour = arena_printf(s->arena, "/kommune/%d/farge.css", known ? atoi(m.number) : 0);
    return (struct layout){
        .page_title = text_of(title), .script = script, .csrf = s->who ? s->who->csrf : NULL,
        .whose = page_whose(s), .me = s->who ? s->who->called : NULL,
        .owner = m.name, .colour = m.accent ? colour : NULL,
        .phone = m.phone, .address = m.address, .web = m.web,
        .has_help = m.phone || m.address || m.web,
        .citizen = s->who && s->who->kind == WHO_CITIZEN,
        .wide = s->internal, /* staff's; at a citizen's foot stands whom to call */
        .staff = staff_of(s),
    };
}

static enum problem render(struct scope *s, const char *page, const char *title, const char *script,
                           struct view view, struct http_reply *reply)
{
    char *html;
    struct layout layout = layout_of(s, title, script, &view);
    struct template_parts parts = { find_page, page, text_of, coded_text };
    view.more = &(struct view){ .record = &layout_record, .in = &layout };
    TRY(template_render(s, template_text("layout"), &view, ESCAPE_HTML, &parts, &html));
    reply->content_type = "text/html; charset=utf-8";
    reply->body = html;
    reply->length = strlen(html);
    return OK;
}

enum problem page_show(struct scope *s, const char *page, const char *title, const char *script,
                       const struct record *record, const void *in, struct http_reply *reply)
{
    return render(s, page, title, script, (struct view){ .record = record, .in = in }, reply);
}

enum problem page_render(struct scope *s, const char *page, const char *title, const char *script,
                         json_t *view, struct http_reply *reply)
{
    return render(s, page, title, script, (struct view){ .json = arena_value(s->arena, view) }, reply);
}

/* A page that says one thing, and where to go from there. */
struct message {
    const char *heading, *text;
    const char *link, *link_text; /* or NULL */
    const char *onward;           /* where the browser goes by itself, or NULL */
};

static const struct field message_fields[] = {
    FIELD(struct message, heading),
    FIELD(struct message, text),
    FIELD(struct message, link),
    FIELD(struct message, link_text),
    FIELD(struct message, onward),
    { 0 },
};
static const struct record message_record = RECORD("message", struct message, message_fields);

/* link and onward may be NULL. */
static enum problem render_message(struct scope *s, const char *name, const char *link,
                                   const char *link_text, const char *onward,
                                   struct http_reply *reply)
{
    const struct message message = {
        .heading = text_for(name, "_heading"), .text = text_for(name, "_text"), .link = link,
        .link_text = link_text ? text_of(link_text) : NULL, .onward = onward,
    };
    return page_show(s, "message", arena_printf(s->arena, "%s_heading", name), NULL,
                     &message_record, &message, reply);
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

const char *local_time(struct scope *s, int64_t instant)
{
    return arena_strndup(s->arena, instant_oslo_rfc3339(s->arena, instant), LOCAL_LENGTH);
}
