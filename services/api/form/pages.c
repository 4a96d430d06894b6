/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The citizen's form as pages: drawn, given back with what was written and why it was not taken, and
 * sent. Whose it is stands in it, so that nobody sends what another wrote at the same machine.
 */
#include "services/api/form/pages.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/uuid.h"
#include "services/api/application/application.h"
#include "services/api/application/submit.h"
#include "services/api/form/document.h"
#include "services/api/form/view.h"
#include "services/api/page/texts.h"
#include "services/api/page/whose.h"
#include "services/api/routes.h"
#include "services/api/tenants/municipality.h"

/* What a form says above its questions, and what there is to do about it. */
struct notice {
    const char *text; /* a text's key */
    bool log_in, another, mine;
    const char *name; /* what stands behind the text; or NULL */
};

static const struct notice log_in = { .text = "notice_log_in", .log_in = true },
                           again = { .text = "notice_again" },
                           another = { .text = "notice_another", .log_in = true, .another = true },
                           unserved_of_several = { .text = "notice_unserved" },
                           full_self = { .text = "notice_full_self", .mine = true },
                           full_other = { .text = "notice_full_other", .mine = true },
                           full_unnumbered = { .text = "notice_full_unnumbered", .mine = true };

static const char *inside(const json_t *document, const char *part, const char *member)
{
    return json_string_value(json_object_get(json_object_get(document, part), member));
}

/* Whether more may be sent for whom the form names: it is told before all is filled in, of oneself at once. While
 * nobody can tell, the form is there all the same. */
static const struct notice *full_notice(struct scope *s, const struct pairs *fields)
{
    bool full = false;
    json_t *document = arena_value(s->arena, form_document(s, fields));
    const char *role = inside(document, "submitter", "role"),
               *number = inside(document, "applicant", "national_id"),
               *urgency = json_string_value(json_object_get(document, "urgency"));
    bool self = !role || strcmp(role, "self") == 0;
    if (!s->who || (urgency && strcmp(urgency, "acute") == 0) ||
        (!self && !number && !inside(document, "applicant", "name")))
        return NULL;
    const char *detail = s->detail;
    if (applications_full(s, self ? s->who->person : number, &full))
        s->detail = detail;
    return !full ? NULL : self ? &full_self : number ? &full_other : &full_unnumbered;
}

/* notice and whose may be NULL: nothing else is to be said, it is drawn for who asks. */
static enum problem show(struct scope *s, const struct pairs *fields, const char *key,
                         const struct notice *notice, const char *whose, struct http_reply *reply)
{
    json_t *view = form_view(s, fields, key);
    if (!notice)
        notice = full_notice(s, fields);
    bool sent = pairs_get(fields, "key");
    const char *title = s->errors || (sent && notice) ? "page_error" : "page_form";
    json_object_set_new(view, "notice",
                        notice ? json_pack("{s: s++, s: b, s: b, s: b}", "text",
                                           text_of(notice->text), notice->name ? " " : "",
                                           notice->name ? arena_printf(s->arena, "%s.", notice->name) : "", "log_in", notice->log_in,
                                           "another", notice->another, "mine", notice->mine)
                               : json_null());
    if (whose)
        json_object_set_new(view, "whose", json_string(whose));
    return page_render(s, "form", title, "form.js", view, reply);
}

/* The form's own, or a new one for what is none. */
static const char *key_of(struct scope *s, const struct pairs *fields)
{
    const char *key = pairs_get(fields, "key");
    return key && uuid_parse(key, NULL) ? key : uuid_v7(s->arena, s->now);
}

/* Whoever comes by the link of a municipality that is not among those offered is told, and whose form it is: of one that
 * is no choice. NULL: it is among them. */
static const struct notice *unserved(struct scope *s, const char *number)
{
    const struct municipalities offered = municipalities_offered(s);
    for (size_t i = 0; i < offered.count; i++)
        if (strcmp(offered.items[i].number, number) == 0)
            return NULL;
    const struct notice *notice = &unserved_of_several;
    if (offered.count == 1) {
        struct notice *one = ARENA_NEW(s->arena, struct notice);
        *one = (struct notice){ .text = "notice_unserved_one", .name = offered.items[0].name };
        notice = one;
    }
    return notice;
}

enum problem form_show(struct scope *s, const struct request *request, struct reply *reply)
{
    const char *number = pairs_get(&request->query, "kommune");
    const struct notice *notice = number && *number ? unserved(s, number) : NULL;
    const struct pair chosen = { "municipality", number };
    return show(s, &(struct pairs){ &chosen, number && *number && !notice }, uuid_v7(s->arena, s->now), notice,
                NULL, &reply->http);
}

/* What it says of whom it was drawn for; NULL: nothing. */
static const char *whose_of(const struct pairs *fields)
{
    const char *whose = pairs_get(fields, "whose");
    return whose && *whose ? whose : NULL;
}

/* Also where its session's own field is right: it was given back to somebody else before. */
static bool is_anothers(struct scope *s, const struct pairs *fields)
{
    const char *whose = whose_of(fields);
    return whose && !page_drawn_for(s, whose);
}

enum problem form_again(struct scope *s, const struct request *request,
                        struct http_reply *reply)
{
    struct pairs fields;
    TRY(pairs_parse(s, request->http->body, request->http->body_length, &fields));
    const struct notice *notice = !s->who                     ? &log_in
                                  : is_anothers(s, &fields) ? &another
                                                              : &again;
    return show(s, &fields, key_of(s, &fields), notice, notice == &again ? NULL : whose_of(&fields),
                reply);
}

/* The field of a form that says: it is known that the same was sent, and this is another. */
static const char meant[] = "again";

static enum problem send(struct scope *s, const struct request *request, const char *key,
                         struct taken *taken)
{
    struct application in = { 0 };
    json_t *document = arena_value(s->arena, form_document(s, &request->form));
    TRY(record_from_value(s, &application_record, RECORD_BODY, document, &in));
    char *text = json_dumps(document, JSON_COMPACT);
    arena_defer(s->arena, free, text);
    return application_take(
        s, &in,
        &(struct submission){ .channel = "web",
                              .client = request->client,
                              .key = key,
                              .raw = text, /* a session's own fields make it no other application */
                              .raw_length = strlen(text),
                              .once = !pairs_get(&request->form, meant),
                              .document = text,
                              .document_length = strlen(text) },
        taken);
}

/* What the form brought, to be brought once more; but what belongs to this sending. */
static json_t *brought(const struct pairs *fields)
{
    static const char *const own[] = { "csrf", "whose", "key", meant };
    json_t *list = json_array();
    for (size_t i = 0; i < fields->count; i++) {
        bool is_own = false;
        for (size_t k = 0; k < sizeof(own) / sizeof(*own); k++)
            is_own = is_own || strcmp(fields->items[i].name, own[k]) == 0;
        if (!is_own)
            json_array_append_new(list, json_pack("{s: s, s: s}", "name", fields->items[i].name,
                                                  "value", fields->items[i].value));
    }
    return list;
}

static const char *receipt_of(struct scope *s, const struct taken *taken)
{
    json_t *receipt = arena_value(s->arena, json_loads(taken->answer, 0, NULL));
    return arena_printf(s->arena, "%s?kvittering=1",
                        json_string_value(json_object_get(receipt, "status_url")));
}

/* It was sent before: whether it is meant as another is a plain question. */
static enum problem ask_again(struct scope *s, const struct request *request, enum problem p,
                              const char *key, const struct taken *taken, struct http_reply *reply)
{
    bool other = p == PROBLEM_KEY_REUSED;
    const char *title = other ? "reused_heading" : "again_heading";
    json_t *view = json_pack(
        "{s: s, s: s, s: s, s: s, s: s, s: b, s: o}", "heading", text_of(title), "text",
        text_of(other ? "reused_text" : "again_text"), "when",
        moment_words(s->arena, taken->before), "receipt", receipt_of(s, taken), "key",
        other ? uuid_v7(s->arena, s->now) : key, meant, !other, "fields", brought(&request->form));
    reply->status = other ? 422 : 409;
    return page_render(s, "again", title, NULL, view, reply);
}

/* What a form says that could not be taken in as it is. */
static enum problem say_why(struct scope *s, const struct request *request, enum problem p,
                            const char *key, struct http_reply *reply)
{
    TRY(show(s, &request->form, key, NULL, NULL, reply));
    reply->status = problem_status(p);
    return p;
}

enum problem form_submit(struct scope *s, const struct request *request, struct reply *reply)
{
    const char *key = key_of(s, &request->form);
    struct taken taken = { 0 };
    if (is_anothers(s, &request->form))
        return scope_fail(s, PROBLEM_FORBIDDEN, "the form was drawn for somebody else");
    enum problem p = send(s, request, key, &taken);
    if (p == PROBLEM_KEY_REUSED || (!p && taken.before))
        return ask_again(s, request, p, key, &taken, &reply->http);
    if ((p == PROBLEM_MALFORMED && s->errors) || p == PROBLEM_MANY_OPEN)
        return say_why(s, request, p, key, &reply->http);
    if (p == PROBLEM_UNAVAILABLE || p == PROBLEM_STALE || p == PROBLEM_DISK_FULL)
        return page_message(s, "away", 503, NULL, NULL, &reply->http);
    if (p)
        return p;
    reply->http.location = receipt_of(s, &taken);
    return OK;
}
