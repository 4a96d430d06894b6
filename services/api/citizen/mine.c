/* SPDX-License-Identifier: EUPL-1.2 */
/* A citizen's own page: what they have applied for, for themself or for another, and what comes next. */
#include <string.h>

#include "common/case/document.h"
#include "common/case/people.h"
#include "common/who/access.h"
#include "services/api/application/applications.h"
#include "services/api/case/person.h"
#include "services/api/citizen/queries.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"
#include "services/api/tenants/municipality.h"

enum { PAGE = 50 };

/* What is read besides the cases themselves, looked up by case. */
struct more {
    struct result next;
    struct result documents;
};

static int row_of(const struct result *r, const char *case_id)
{
    for (int i = 0; i < r->count; i++)
        if (strcmp(result_text(r, i, "case_id"), case_id) == 0)
            return i;
    return -1;
}

/* Whom it was sent by and for, as that application says: what is known of them otherwise is not for
 * whoever knows a number. */
static enum problem open_people(struct scope *s, const struct result *r, int row,
                                struct people *out)
{
    json_t *document;
    TRY(document_open_json(s, SEAL_APPLICATION, r, row, &document));
    return people_from_value(s, document, out);
}

static bool all_own(const struct result *cases, int i)
{
    return result_flag(cases, i, "own") && result_flag(cases, i, "sent");
}

static enum problem load_more(struct scope *s, const struct result *cases, int count,
                              struct more *out)
{
    const char **ids = arena_array(s->arena, (size_t)count, sizeof(*ids));
    const char **others = arena_array(s->arena, (size_t)count, sizeof(*others));
    size_t n = 0;
    for (int i = 0; i < count; i++) {
        ids[i] = result_text(cases, i, "case_id");
        if (!all_own(cases, i))
            others[n++] = ids[i];
    }
    TRY(next_deadlines(s, ids, (size_t)count, &out->next));
    return DB_RUN(s, &sql_documents_of_cases, &out->documents, param_ids(s, others, n));
}

/* For whom it is, if not for the reader; who sent it, if neither the reader nor whom it is for. */
static enum problem say_whose(struct scope *s, const struct result *cases, int i,
                              const struct more *more, json_t *view)
{
    const char *for_whom = NULL, *sent_by = NULL;
    if (!all_own(cases, i)) {
        struct people people = { 0 };
        TRY(open_people(s, &more->documents,
                        row_of(&more->documents, result_text(cases, i, "case_id")), &people));
        bool self = !people.applicant || strcmp(people.submitter->role, "self") == 0;
        if (!result_flag(cases, i, "own"))
            for_whom = self ? people.submitter->name : people.applicant->name;
        if (!result_flag(cases, i, "sent") && !self)
            sent_by = people.submitter->name;
    }
    json_object_set_new(view, "for_whom", text_or_null(for_whom));
    json_object_set_new(view, "sent_by", text_or_null(sent_by));
    return OK;
}

static enum problem add_case(struct scope *s, const struct result *cases, int i,
                             const struct more *more, json_t *list)
{
    enum case_status status;
    struct municipality where;
    int row = row_of(&more->next, result_text(cases, i, "case_id"));
    if (!case_status_find(result_text(cases, i, "status"), &status))
        return scope_fail(s, PROBLEM_BUG, "the case has an unknown status");
    struct next_step next =
        next_step_of(status, row < 0 ? NULL : result_text(&more->next, row, "kind"),
                     row < 0 ? 0 : result_time(&more->next, row, "due_at"), NB);
    const char *words = case_status_words(status, NB), *due = due_words(s->arena, next.due.us);
    bool known = municipality_find(s, result_text(cases, i, "municipality"), &where);
    json_t *view = json_pack(
        "{s: s+, s: s, s: s, s: s, s: o, s: s, s: o}", "href", "/status/",
        result_text(cases, i, "id"), "reference", result_text(cases, i, "reference"), "received",
        date_words(s->arena, oslo_date(result_time(cases, i, "received_at"))), "municipality",
        known ? where.name : "", "status",
        strcmp(words, next.text) == 0 ? json_null() : json_string(words), "next", next.text, "due",
        text_or_null(due));
    json_array_append_new(list, view);
    access_note(s, &(struct access){ ACCESS_LOOK_UP, ACCESS_OF_CASE,
                                     result_text(cases, i, "municipality"),
                                     result_text(cases, i, "case_id") });
    return say_whose(s, cases, i, more, view);
}

static json_t *further(struct scope *s, const struct result *cases)
{
    if (cases->count <= PAGE)
        return json_null();
    const char *last = cursor_text(s, result_time(cases, PAGE - 1, "received_at"),
                                   result_text(cases, PAGE - 1, "case_id"));
    return json_string(arena_printf(s->arena, "/mine?fra=%s", last));
}

enum problem mine_show(struct scope *s, const struct request *request, struct reply *reply)
{
    struct result cases;
    struct more more;
    struct cursor behind = query_cursor(request, "fra");
    TRY(person_cases(s, s->who->tenants, s->who->person, behind, PAGE + 1, &cases));
    int count = cases.count > PAGE ? PAGE : cases.count;
    TRY(load_more(s, &cases, count, &more));
    json_t *list = arena_value(s->arena, json_array());
    for (int i = 0; i < count; i++)
        TRY(add_case(s, &cases, i, &more, list));
    if (count == 0)
        access_note_search(s, ACCESS_OF_CASE, NULL);
    json_t *view = json_pack("{s: O, s: b, s: o, s: b}", "cases", list, "any",
                             count > 0 || behind.id, "further", further(s, &cases), "behind",
                             behind.id != NULL);
    return page_render(s, "mine", "page_mine", NULL, view, &reply->http);
}
