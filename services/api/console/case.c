/* SPDX-License-Identifier: EUPL-1.2 */
/* A case as staff work with it: what matters to the person first. */
#include <string.h>

#include "common/case/document.h"
#include "common/event/types.h"
#include "common/who/access.h"
#include "common/words/catalogue.h"
#include "services/api/application/queries.h"
#include "services/api/case/cases.h"
#include "services/api/case/standing.h"
#include "services/api/case/view.h"
#include "services/api/console/console.h"
#include "services/api/console/parts.h"
#include "services/api/console/queries.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text_blank(text) ? NULL : text;
}

/* "17834006863" as people read it. */
static const char *spaced_number(struct scope *s, const char *number)
{
    return number && strlen(number) == 11
               ? arena_printf(s->arena, "%.6s %s", number, number + 6)
               : number;
}

/* Who sent it for oneself is both; the applicant's own part then holds what the form asked more. */
static json_t *person_view(struct scope *s, const json_t *document)
{
    const json_t *submitter = json_object_get(document, "submitter"),
                 *applicant = json_object_get(document, "applicant"),
                 *address = json_object_get(applicant, "address");
    const char *role = member(submitter, "role");
    bool self = role && strcmp(role, "self") == 0;
    const json_t *person = self ? submitter : applicant;
    const char *phone = member(applicant, "phone");
    return json_pack(
        "{s: s, s: o, s: o, s: o, s: o, s: b, s: o, s: o, s: s}", "name",
        member(person, "name") ? member(person, "name") : "–", "number",
        text_or_null(spaced_number(s, member(person, "national_id"))), "phone",
        text_or_null(phone ? phone : self ? member(submitter, "phone") : NULL), "address",
        address ? json_sprintf("%s, %s", member(address, "line") ? member(address, "line") : "–",
                               member(address, "postal_code") ? member(address, "postal_code") : "")
                : json_null(),
        "interpreter", text_or_null(member(applicant, "interpreter")), "for_another", !self,
        "submitter", text_or_null(member(submitter, "name")), "submitter_phone",
        text_or_null(member(submitter, "phone")), "submitter_role",
        coded_text("part_", role));
}

/* What they wrote, by the form's own questions; what was left empty is left out. */
static json_t *words_view(const json_t *document)
{
    static const char *const asked[] = { "copes_with", "wants", "needs", "urgency_reason", NULL };
    json_t *list = json_array();
    for (const char *const *name = asked; *name; name++)
        if (member(document, *name))
            json_array_append_new(list, json_pack("{s: s, s: s}", "question",
                                                  coded_text("wrote_", *name), "answer",
                                                  member(document, *name)));
    return list;
}

static json_t *services_view(const struct texts *codes)
{
    json_t *list = json_array();
    for (size_t i = 0; i < codes->count; i++) {
        const struct service *service = service_find(codes->items[i]);
        if (service)
            json_array_append_new(list, json_sprintf("%s (trinn %d)", service->nb, service->step));
    }
    return list;
}

static json_t *deadlines_view(struct scope *s, const struct list *deadlines)
{
    json_t *list = json_array();
    const struct deadline_view *one = deadlines->items;
    for (size_t i = 0; i < deadlines->count; i++)
        json_array_append_new(
            list, json_pack("{s: s, s: s, s: s, s: s, s: b}", "kind",
                            coded_text("deadline_", one[i].kind), "due",
                            due_words(s->arena, one[i].due.us), "source", one[i].source,
                            "state", coded_text("deadline_is_", one[i].state), "missed",
                            strcmp(one[i].state, "missed") == 0));
    return list;
}

static json_t *agenda_view_of(struct scope *s, const struct list *agenda)
{
    json_t *list = json_array();
    const struct agenda_view *one = agenda->items;
    for (size_t i = 0; i < agenda->count; i++)
        json_array_append_new(list, json_pack("{s: s, s: s}", "team",
                                              coded_text("team_", one[i].team), "when",
                                              moment_words(s->arena, one[i].starts_at.us)));
    return list;
}

static json_t *letters_view(const char *case_id, const struct list *letters)
{
    json_t *list = json_array();
    const struct letter_view *one = letters->items;
    for (size_t i = 0; i < letters->count; i++)
        json_array_append_new(
            list, json_pack("{s: o, s: s}", "href",
                            json_sprintf("/saker/%s/brev/%lld", case_id, (long long)one[i].n),
                            "text", coded_text("letter_", one[i].kind)));
    return list;
}

static json_t *rules_view(const struct list *rules)
{
    json_t *list = json_array();
    const struct rule_view *one = rules->items;
    for (size_t i = 0; i < rules->count; i++)
        json_array_append_new(list, json_string(one[i].text));
    return list;
}

static enum problem contacts_view(struct scope *s, const char *case_id,
                                  json_t **out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_case_contacts, &r, param_text(case_id)));
    *out = json_array();
    for (int i = 0; i < r.count; i++) {
        struct texts with = result_texts(s, &r, i, "with_whom");
        struct buffer whom = buffer_new(s->arena);
        for (size_t k = 0; k < with.count; k++)
            buffer_printf(&whom, "%s%s", k ? ", " : "", coded_text("with_", with.items[k]));
        json_array_append_new(
            *out, json_pack("{s: s, s: s, s: s, s: b}", "when", moment_words(s->arena, result_time(&r, i, "at")),
                            "kind", coded_text("contact_", result_text(&r, i, "kind")),
                            "whom", whom.text, "two_way", result_flag(&r, i, "two_way")));
    }
    return OK;
}

static const char *event_words(const char *type)
{
    const struct event_type *known = event_type_find(type);
    return known ? coded_text("event_", known->code) : type;
}

static enum problem timeline_view(struct scope *s, const char *case_id,
                                  json_t **out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_case_events, &r, param_text(case_id)));
    *out = json_array();
    for (int i = 0; i < r.count; i++)
        json_array_append_new(
            *out, json_pack("{s: s, s: s}", "when", moment_words(s->arena, result_time(&r, i, "occurred_at")),
                            "text", event_words(result_text(&r, i, "type"))));
    return OK;
}

static json_t *flags_view(const struct texts *flags)
{
    json_t *list = json_array();
    for (size_t i = 0; i < flags->count; i++)
        json_array_append_new(list, json_string(coded_text("flag_", flags->items[i])));
    return list;
}

/* What the case is, apart from what its person wrote. */
static json_t *facts_view(struct scope *s, const struct case_view *view)
{
    return json_pack(
        "{s: s, s: s, s: s, s: s, s: s, s: s, s: o, s: o, s: o, s: o, s: o, s: o, s: b, s: b, s: b}", "id",
        view->case_id, "reference", view->reference, "status",
        coded_text("status_", view->status), "department",
        coded_text("department_", view->department), "path",
        coded_text("path_", view->path), "priority",
        coded_text("priority_", view->priority), "step",
        view->step_asked.known ? json_integer(view->step_asked.value) : json_null(), "flags",
        flags_view(&view->flags), "deadlines",
        deadlines_view(s, &view->deadlines), "agenda", agenda_view_of(s, &view->agenda),
        "letters", letters_view(view->case_id, &view->letters), "rules", rules_view(&view->rules),
        "has_letters", view->letters.count > 0, "has_agenda", view->agenda.count > 0, "has_rules",
        view->rules.count > 0);
}

static enum problem add_person(struct scope *s, const char *case_id,
                               json_t *view)
{
    struct result r;
    json_t *document, *parts;
    TRY(DB_RUN(s, &sql_case_document, &r, param_text(case_id)));
    TRY(document_open_json(s, SEAL_APPLICATION, &r, 0, &document));
    struct texts codes = result_texts(s, &r, 0, "services");
    json_object_set_new(view, "person", person_view(s, document));
    const char *submitter = member(json_object_get(document, "submitter"), "name"),
               *applicant = member(json_object_get(document, "applicant"), "name");
    TRY(parts_view(s, case_id,
                   &(struct case_names){ submitter, applicant ? applicant : submitter }, &parts));
    json_object_set_new(view, "parts", parts);
    json_object_set_new(view, "what_matters", text_or_null(member(document, "what_matters")));
    json_object_set_new(view, "wrote", words_view(document));
    json_object_set_new(view, "services", services_view(&codes));
    json_object_set_new(view, "has_services", json_boolean(codes.count > 0));
    json_object_set_new(view, "channel",
                        json_string(coded_text("channel_", result_text(&r, 0, "channel"))));
    json_object_set_new(view, "in_hospital", json_boolean(result_flag(&r, 0, "in_hospital")));
    json_object_set_new(view, "received",
                        json_string(moment_words(s->arena, result_time(&r, 0, "received_at"))));
    return OK;
}

static enum problem show_case(struct scope *s, const char *case_id,
                              const struct case_standing *at, struct reply *reply)
{
    struct case_view facts;
    json_t *contacts, *timeline;
    int64_t seq;
    console_say_why(s, at->reason, at->words);
    access_note(s, &(struct access){ ACCESS_READ, ACCESS_OF_APPLICATION, at->municipality, case_id });
    TRY(case_view_load(s, case_id, &facts, &seq));
    json_t *view = arena_value(s->arena, facts_view(s, &facts));
    TRY(add_person(s, case_id, view));
    TRY(contacts_view(s, case_id, &contacts));
    json_object_set_new(view, "contacts", contacts);
    TRY(timeline_view(s, case_id, &timeline));
    json_object_set_new(view, "timeline", timeline);
    json_object_set_new(view, "seq", json_integer(seq));
    json_object_set_new(view, "now", json_string(local_time(s, s->now)));
    json_object_set_new(view, "kinds", choices_view("contact_", contact_kind_codes));
    json_object_set_new(view, "ends", ends_view());
    json_object_set_new(view, "whom", choices_view("with_", contact_with_codes));
    json_object_set_new(view, "mine", json_boolean(at->mine));
    json_object_set_new(view, "worker", text_or_null(at->worker));
    json_object_set_new(view, "emergency", json_boolean(at->emergency));
    json_object_set_new(view, "until", json_string(moment_words(s->arena, at->until)));
    return page_render(s, "case", "case_title", NULL, json_incref(view), &reply->http);
}

enum problem case_page(struct scope *s, const struct request *request, struct reply *reply)
{
    struct case_standing at;
    TRY(console_find(s, request->id, &at, reply));
    return at.standing == INSIDE ? show_case(s, request->id, &at, reply)
                                 : door_page(s, request->id, &at, NULL, reply);
}

enum problem case_letter_page(struct scope *s, const struct request *request,
                              struct reply *reply)
{
    enum problem p = console_inside(s, request->id);
    if (!p)
        p = letter_load(s, request->id, request->n, &reply->http);
    return p == PROBLEM_NOT_FOUND ? console_missing(s, reply) : p;
}
