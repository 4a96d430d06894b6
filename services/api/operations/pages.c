/* SPDX-License-Identifier: EUPL-1.2 */
/* Operators' hands as pages: made of the same records as the REST answers, with forms for acts. */
#include <string.h>

#include "common/api/admit.h"
#include "common/base/uuid.h"
#include "common/operator/acts.h"
#include "common/program/programs.h"
#include "common/record/encode.h"
#include "services/api/once/idempotency.h"
#include "services/api/operations/operations.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"

/* The record as what templates read. */
static json_t *view_of(struct scope *s, const struct record *record, const void *in)
{
    return json_loads(record_to_json(s, record, in), 0, NULL);
}

/* ["a", "b"] as "a b" */
static json_t *joined(struct scope *s, const json_t *list)
{
    struct buffer b = buffer_new(s->arena);
    size_t index;
    json_t *item;
    json_array_foreach(list, index, item) buffer_printf(&b, "%s%s", index ? " " : "", json_string_value(item));
    return json_string(b.text);
}

/* Times in words and lists of words as text, wherever the view holds them. */
static void say_times(struct scope *s, json_t *value)
{
    static const char *const names[] = { "at", "since", "parked_at", "asked_at", "done_at" };
    size_t index;
    json_t *item;
    const char *name;
    if (json_is_array(value))
        json_array_foreach(value, index, item) say_times(s, item);
    void *next;
    json_object_foreach_safe(value, next, name, item)
        if (strcmp(name, "says") == 0 || strcmp(name, "then_types") == 0)
            json_object_set_new(value, name, joined(s, item));
        else if (json_is_array(item))
            say_times(s, item);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names) && json_is_object(value); i++) {
        int64_t at = 0;
        const char *text = json_string_value(json_object_get(value, names[i]));
        if (text && instant_parse(text, &at))
            json_object_set_new(value, names[i], json_string(moment_words(s->arena, at)));
    }
}

/* A form for each act on what the page is about, bits of enum act_needs that say what it asks; only NULL = for all of them.
 * Each has a key of its own: what is sent twice is done once. */
static void add_forms(struct scope *s, json_t *view, unsigned about, const char *only)
{
    json_t *forms = json_array();
    for (const struct act *act = acts; act->name; act++) {
        unsigned asks = act->needs & about;
        const char *words = arena_printf(s->arena, "act_%s%s", act->name, asks & ACT_CAUSE ? "_all" : "");
        if (asks && (!only || strcmp(only, act->name) == 0))
            json_array_append_new(forms, json_pack("{s: s, s: s, s: s, s: b, s: b, s: b, s: b}", "act", act->name, "key",
                                                   uuid_v7(s->arena, s->now), "words", text_of(words),
                                                   "of_parked", asks & ACT_PARKED, "of_cause", asks & ACT_CAUSE,
                                                   "of_consumer", asks & ACT_CONSUMER, "of_target", asks & ACT_TARGET));
    }
    json_object_set_new(view, "forms", forms);
}

enum problem cause_page(struct scope *s, const struct request *request, struct reply *reply)
{
    struct parked_list_view list;
    TRY(parked_list_look(s, request, &list));
    const char *consumer = pairs_get(&request->query, "consumer");
    const char *problem = pairs_get(&request->query, "problem");
    json_t *view = view_of(s, &parked_list_record, &list);
    say_times(s, view);
    json_object_set_new(view, "consumer", json_string(consumer));
    json_object_set_new(view, "problem", json_string(problem));
    json_object_set_new(view, "title_words",
                        json_string(coded_text("parked_because_", problem)));
    add_forms(s, view, ACT_CAUSE, NULL);
    return page_render(s, "cause", "cause_title", NULL, view, &reply->http);
}

enum problem parked_page(struct scope *s, const struct request *request, struct reply *reply)
{
    struct parked_view parked;
    enum problem p = parked_look(s, request->id, &parked);
    if (p == PROBLEM_NOT_FOUND)
        return page_message(s, "missing", 404, "/drift", "drift_back", &reply->http);
    TRY(p);
    json_t *view = view_of(s, &parked_record, &parked);
    say_times(s, view);
    json_object_set_new(view, "words",
                        json_string(coded_text("parked_because_", parked.problem)));
    bool theirs = parked.municipality || operator_of_house(s);
    json_object_set_new(view, "open", json_boolean(!parked.closed_how && theirs));
    json_object_set_new(view, "only_house", json_boolean(!parked.closed_how && !theirs));
    json_object_set_new(view, "has_case", json_boolean(parked.case_id != NULL));
    add_forms(s, view, ACT_PARKED, parked.case_id ? NULL : "give-up"); /* what is of no case is handled no more */
    return page_render(s, "parked", "parked_title", NULL, view, &reply->http);
}

static json_t *worker_names(void)
{
    json_t *names = json_array();
    for (const struct program_row *row = program_rows; row->name; row++)
        if (row->letter == WORKER_LETTER)
            json_array_append_new(names, json_string(row->name));
    return names;
}

enum problem acts_page(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    struct acts_view view_acts;
    TRY(acts_load(s, NULL, LATEST_ACTS, &view_acts.acts));
    json_t *view = view_of(s, &acts_record, &view_acts);
    say_times(s, view);
    add_forms(s, view, ACT_CONSUMER | ACT_TARGET, NULL);
    json_object_set_new(view, "house", json_boolean(operator_of_house(s)));
    json_object_set_new(view, "workers", worker_names());
    return page_render(s, "acts", "acts_title", NULL, view, &reply->http);
}

static struct act_request read_form(const struct scope *s, const struct pairs *form)
{
    const char *rate = pairs_get(form, "rate");
    struct act_request in = { .act = pairs_get(form, "act"),
                              .parked_id = pairs_get(form, "parked_id"),
                              .consumer = pairs_get(form, "consumer"),
                              .problem = pairs_get(form, "problem"),
                              .target = pairs_get(form, "target"),
                              .who = s->who->name,
                              .why = pairs_get(form, "why") };
    const char **texts[] = { &in.parked_id, &in.consumer, &in.problem, &in.target, &in.who, &in.why };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (*texts[i] && text_blank(*texts[i]))
            *texts[i] = NULL;
    if (rate && *rate)
        in.rate = (struct maybe){ .known = true, .value = atoll(rate) };
    return in;
}

static enum problem check_form(struct scope *s, const struct act_request *in)
{
    json_t *value = json_loads(record_to_json(s, &act_request_record, in), 0, NULL);
    struct act_request again = { 0 };
    enum problem p = record_from_value(s, &act_request_record, RECORD_BODY, value, &again);
    json_decref(value);
    return p;
}

/* All wrong fields at once, in words; the form is a step back in the browser, as it was. */
static enum problem refuse_form(struct scope *s, struct reply *reply)
{
    json_t *faults = json_array();
    for (const struct field_error *e = s->errors; e; e = e->next) {
        const char *name = *e->pointer ? e->pointer + 1 : "act", *fault = fault_name(e->fault);
        const char *field = text_for("act_", name);
        const char *own = text_of(arena_printf(s->arena, "act_%s_%s", name, fault));
        const char *usual = text_for("fault_", fault);
        json_array_append_new(faults, json_pack("{s: s, s: s}", "field", field ? field : name, "fault",
                                                own ? own : usual));
    }
    reply->http.status = 400;
    return page_render(s, "refused", "refused_title", NULL, json_pack("{s: o}", "faults", faults), &reply->http);
}

/* It is for the operators of the whole installation. */
static enum problem refuse_act(struct scope *s, struct reply *reply)
{
    TRY(page_message(s, "act_house", 403, "/drift/acts", "drift_acts", &reply->http));
    return PROBLEM_FORBIDDEN;
}

enum problem act_form(struct scope *s, const struct request *request, struct reply *reply)
{
    struct act_request in = read_form(s, &request->form);
    struct claim claim = { "drift", pairs_get(&request->form, "key"), request->http->body,
                           request->http->body_length };
    const char *answer;
    if (!api_own_site(request))
        return PROBLEM_FORBIDDEN;
    if (!operator_may(s, in.act))
        return refuse_act(s, reply);
    if (check_form(s, &in))
        return refuse_form(s, reply);
    if (!claim.key || !uuid_parse(claim.key, NULL))
        return PROBLEM_KEY_MISSING;
    enum problem p = act_once(s, &claim, &in, &answer);
    if (p == PROBLEM_NOT_FOUND)
        TRY(page_message(s, "missing", 404, "/drift", "drift_back", &reply->http));
    if (p == PROBLEM_FORBIDDEN)
        return refuse_act(s, reply);
    if (p == PROBLEM_KEY_REUSED)
        TRY(page_message(s, "act_reused", 422, "/drift", "drift_back", &reply->http));
    TRY(p);
    reply->http.location = in.parked_id ? arena_printf(s->arena, "/drift/parked/%s", in.parked_id) : "/drift/acts";
    return OK;
}
