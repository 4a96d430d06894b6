/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The console: where staff find and open cases. Nothing of a case is shown before it is
 * open to who asks (standing.h), and nothing of who it is about stands in an address.
 */
#include "services/api/console/console.h"

#include <string.h>

#include "common/base/typed.h"
#include "common/base/uuid.h"
#include "common/case/case.h"
#include "common/who/access.h"
#include "services/api/case/person.h"
#include "services/api/case/queries.h"
#include "services/api/case/standing.h"
#include "services/api/console/queries.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"

enum { MOST_FOUND = 50 };

enum problem console_missing(struct scope *s, struct reply *reply)
{
    return page_message(s, "no_case", 404, "/saker", "room_cases", &reply->http);
}

enum problem console_find(struct scope *s, const char *case_id, struct case_standing *out,
                          struct reply *reply)
{
    enum problem p = standing_find(s, case_id, out);
    if (p == PROBLEM_NOT_FOUND)
        TRY(console_missing(s, reply));
    return p;
}

static json_t *roles_view(struct scope *s)
{
    json_t *list = json_array();
    struct texts names = role_names(s, s->who->roles);
    for (size_t i = 0; i < names.count; i++)
        json_array_append_new(
            list, json_pack("{s: s, s: s}", "name", coded_text("role_", names.items[i]),
                            "about", coded_text("role_about_", names.items[i])));
    return list;
}

enum problem home_show(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    return page_render(s, "home", "home_title", NULL,
                       json_pack("{s: o, s: b}", "roles", roles_view(s), "of_cases",
                                 (s->who->roles & ROLES_OF_CASES) != 0),
                       &reply->http);
}

/* What a list shows of one of the cases. */
typedef json_t *row_view(struct scope *s, const struct case_standing *at,
                         const struct result *r, int i);

/* The cases of the result that they may know of; sought is the reference that was read, or NULL. */
static enum problem list_page(struct scope *s, const struct result *r, row_view *row,
                              const char *page, const char *sought, struct reply *reply)
{
    size_t count = (size_t)r->count;
    struct case_standing *at = arena_array(s->arena, count, sizeof(*at));
    const char **ids = arena_array(s->arena, count, sizeof(*ids));
    json_t *rows = json_array();
    json_t *view = arena_value(
        s->arena, json_pack("{s: o, s: o, s: o}", "cases", rows, "sought", text_or_null(sought), "wrong", json_null()));
    for (size_t i = 0; i < count; i++)
        ids[i] = result_text(r, (int)i, "case_id");
    TRY(standings_find(s, ids, count, at));
    for (size_t i = 0; i < count; i++) {
        if (at[i].standing == UNKNOWN)
            continue;
        access_note(s, &(struct access){ ACCESS_LOOK_UP, ACCESS_OF_CASE, at[i].municipality, ids[i] });
        json_array_append_new(rows, row(s, &at[i], r, (int)i));
    }
    if (json_array_size(rows) == 0)
        access_note_search(s, ACCESS_OF_CASE, NULL);
    return page_render(s, page, arena_printf(s->arena, "%s_title", page), NULL, json_incref(view),
                       &reply->http);
}

static json_t *own_row(struct scope *s, const struct case_standing *at,
                       const struct result *r, int i)
{
    enum case_status status;
    int64_t due = result_time(r, i, "due_at");
    bool known = case_status_find(at->status, &status);
    return json_pack(
        "{s: s, s: s, s: s, s: s, s: s, s: b, s: b, s: s, s: s, s: b}", "id",
        result_text(r, i, "case_id"), "reference", at->reference, "status",
        coded_text("status_", at->status), "priority",
        coded_text("priority_", result_text(r, i, "priority")), "received",
        date_words(s->arena, oslo_date(result_time(r, i, "received_at"))), "mine", at->mine, "open",
        at->standing == INSIDE, "until", at->until ? moment_words(s->arena, at->until) : "", "due",
        due ? due_words(s->arena, due) : "–", "late",
        known && due && due < s->now && !case_status_is_end(status));
}

enum problem cases_page(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    struct result r;
    TRY(DB_RUN(s, &sql_cases_of_staff, &r, param_text(s->who->staff_id), param_time(s, s->now)));
    return list_page(s, &r, own_row, "cases", NULL, reply);
}

/* What was searched for, as it was read. */
struct sought {
    const char *person; /* a national id, or NULL */
    char *reference;    /* or NULL */
    const char *wrong;  /* the key of a text: why it can be neither; NULL if it is one */
};

static bool is_number(const char *signs)
{
    return strlen(signs) == 11 && strspn(signs, "0123456789") == 11;
}

/* A sign that was misread is told: nobody then goes looking for a case that never was. */
static struct sought read_sought(struct scope *s, const char *typed)
{
    static const char *const wrong[] = { [REFERENCE_MISREAD] = "found_misread",
                                         [REFERENCE_NONE] = "found_neither" };
    const char *signs = typed_signs(s->arena, typed);
    struct sought sought = { 0 };
    if (s->errors) { /* it held what is no text: what is left of it is something else */
        sought.wrong = wrong[REFERENCE_NONE];
        return sought;
    }
    if (is_number(signs))
        sought.person = signs;
    else
        sought.wrong = wrong[reference_read(s->arena, typed, &sought.reference)];
    if (sought.person && !anyone_may_have(s, sought.person))
        sought.wrong = "found_no_number";
    return sought;
}

/* By national id, in the municipality of who asks; else by reference. */
static enum problem search(struct scope *s, const struct sought *sought, struct result *out)
{
    if (!sought->person)
        return DB_RUN(s, &sql_case_of_reference, out, param_text(sought->reference));
    return person_cases(s, s->who->tenants, sought->person, (struct cursor){ 0 }, MOST_FOUND, out);
}

static json_t *found_row(struct scope *s, const struct case_standing *at,
                         const struct result *r, int i)
{
    (void)s;
    return json_pack("{s: s, s: s, s: s, s: b}", "id", result_text(r, i, "case_id"), "reference",
                     at->reference, "status", coded_text("status_", at->status),
                     "outside", at->standing == OUTSIDE);
}

enum problem find_page(struct scope *s, const struct request *request, struct reply *reply)
{
    struct result r;
    const struct sought sought = read_sought(s, pairs_get(&request->form, "q"));
    if (sought.wrong) {
        reply->http.status = 400;
        return page_render(s, "found", "found_wrong", NULL, json_pack("{s: s}", "wrong", text_of(sought.wrong)), &reply->http);
    }
    TRY(search(s, &sought, &r));
    return list_page(s, &r, found_row, "found", sought.reference, reply);
}

void console_say_why(struct scope *s, const char *reason, const char *words)
{
    s->accesses->reason = words ? words : coded_text("reason_", reason);
}

enum problem console_inside(struct scope *s, const char *case_id)
{
    struct case_standing at;
    TRY(standing_find(s, case_id, &at));
    if (at.standing != INSIDE)
        return scope_fail(s, PROBLEM_FORBIDDEN, "the case is not open to them");
    console_say_why(s, at.reason, at.words);
    return OK;
}

static json_t *reasons_view(const char *chosen)
{
    json_t *list = json_array();
    for (const char *const *code = opening_reason_codes; *code; code++)
        json_array_append_new(list, json_pack("{s: s, s: s, s: b}", "code", *code, "text",
                                              coded_text("reason_", *code), "checked",
                                              chosen && strcmp(chosen, *code) == 0));
    return list;
}

static json_t *faults_view(struct scope *s)
{
    json_t *list = json_array();
    for (const struct field_error *e = s->errors; e; e = e->next)
        json_array_append_new(
            list, json_pack("{s: s, s: s}", "field", coded_text("door_", e->pointer + 1), "fault",
                            coded_text(e->fault == FAULT_FORMAT ? "act_why_" : "fault_",
                                       fault_name(e->fault))));
    return list;
}

enum problem door_page(struct scope *s, const char *case_id, const struct case_standing *at,
                       const struct pairs *typed, struct reply *reply)
{
    static const struct pairs nothing = { 0 };
    access_note(s, &(struct access){ ACCESS_LOOK_UP, ACCESS_OF_CASE, at->municipality, case_id });
    const char *words = pairs_get(typed ? typed : &nothing, "words");
    json_t *view = json_pack(
        "{s: s, s: s, s: b, s: o, s: o, s: b, s: s}", "id", case_id, "reference",
        at->reference, "outside", at->standing == OUTSIDE, "reasons",
        reasons_view(pairs_get(typed ? typed : &nothing, "reason")), "faults",
        faults_view(s), "has_faults", s->errors != NULL, "words", words ? words : "");
    return page_render(s, "door", "door_title", NULL, view, &reply->http);
}

enum problem open_form(struct scope *s, const struct request *request, struct reply *reply)
{
    struct case_standing at;
    const char *code = pairs_get(&request->form, "reason"),
               *words = pairs_get(&request->form, "words");
    bool emergency = pairs_get(&request->form, "emergency") != NULL;
    TRY(console_find(s, request->id, &at, reply));
    enum problem p = standing_open(s, request->id, &at, code, words, emergency);
    if (p == PROBLEM_MALFORMED && s->errors) {
        TRY(door_page(s, request->id, &at, &request->form, reply));
        reply->http.status = 400;
        return p;
    }
    TRY(p);
    console_say_why(s, emergency ? "emergency" : code, text_blank(words) ? NULL : words);
    access_note(s, &(struct access){ emergency ? ACCESS_EMERGENCY : ACCESS_READ, ACCESS_OF_CASE,
                                     at.municipality, request->id });
    reply->http.location = arena_printf(s->arena, "/saker/%s", request->id);
    return OK;
}

enum problem take_form(struct scope *s, const struct request *request, struct reply *reply)
{
    struct case_standing at;
    TRY(console_find(s, request->id, &at, reply));
    if (at.standing != INSIDE || at.emergency)
        return scope_fail(s, PROBLEM_FORBIDDEN, "the case is not open to them");
    access_note(s, &(struct access){ ACCESS_WRITE, ACCESS_OF_CASE, at.municipality, request->id });
    TRY(DB_RUN(s, &sql_case_take, NULL, param_text(request->id), param_text(at.municipality),
               param_text(s->who->staff_id), param_time(s, s->now)));
    reply->http.location = arena_printf(s->arena, "/saker/%s", request->id);
    return OK;
}

/* A number that is none is refused without a word of whose it could be. */
enum problem step_back_form(struct scope *s, const struct request *request,
                            struct reply *reply)
{
    const char *person = typed_signs(s->arena, pairs_get(&request->form, "person"));
    if (s->errors || !submitter_may_have(s, person))
        return page_message(s, "step_back_wrong", 400, "/", "home_title", &reply->http);
    access_note(s, &(struct access){ ACCESS_WRITE, ACCESS_OF_RELATION, s->who->tenants, NULL });
    TRY(standing_step_back(s, person));
    return page_message(s, "stepped_back", 200, "/", "home_title", &reply->http);
}
