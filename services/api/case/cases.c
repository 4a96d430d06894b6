/* SPDX-License-Identifier: EUPL-1.2 */
/* A case as staff see it, its letters, and registering a talk. */
#include "services/api/case/cases.h"

#include <string.h>

#include "common/api/match.h"
#include "common/base/crash.h"
#include "common/base/uuid.h"
#include "common/case/case.h"
#include "common/case/document.h"
#include "common/db/row.h"
#include "common/event/event.h"
#include "common/record/encode.h"
#include "common/who/access.h"
#include "services/api/case/queries.h"
#include "services/api/case/view.h"
#include "services/api/once/idempotency.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"

/* Clocks may differ a little. */
#define CLOCKS_DIFFER (5 * 60 * SECOND_US)

static struct texts flags_of(struct scope *s, const struct result *r)
{
    static const struct {
        const char *column;
        const char *word;
    } flags[] = { { "urgent", "urgent" },
                  { "shielded", "shielded" },
                  { "joint", "joint" },
                  { "preliminary_reply_sent", "preliminary_reply_sent" } };
    const char **words = arena_array(s->arena, 4, sizeof(*words));
    size_t count = 0;
    for (int i = 0; i < 4; i++)
        if (result_flag(r, 0, flags[i].column))
            words[count++] = flags[i].word;
    return (struct texts){ .items = words, .count = count };
}

static struct list rules_of(struct scope *s, const struct result *r)
{
    json_t *rules = arena_value(s->arena, json_loads(result_text(r, 0, "rules"), 0, NULL));
    struct rule_view *items = arena_array(s->arena, json_array_size(rules), sizeof(*items));
    for (size_t i = 0; i < json_array_size(rules); i++) {
        json_t *rule = json_array_get(rules, i);
        items[i] = (struct rule_view){ json_string_value(json_object_get(rule, "id")),
                                       json_string_value(json_object_get(rule, "text")) };
    }
    return (struct list){ .items = items, .count = json_array_size(rules) };
}

static enum problem load_list(struct scope *s, const struct statement *statement, const char *case_id,
                              const struct record *record, struct list *out)
{
    struct result r;
    TRY(DB_RUN(s, statement, &r, param_text(case_id)));
    return records_from_result(s, record, &r, out);
}

enum problem letters_load(struct scope *s, const char *case_id, struct list *out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_case_letters, &r, param_text(case_id)));
    struct letter_view *letters = arena_array(s->arena, (size_t)r.count, sizeof(*letters));
    TRY(records_into(s, &letter_record, &r, letters));
    for (int i = 0; i < r.count; i++)
        letters[i].href = arena_printf(s->arena, "/api/v1/cases/%s/letters/%lld", case_id, (long long)letters[i].n);
    *out = (struct list){ letters, (size_t)r.count };
    return OK;
}

static const char *etag_of(struct scope *s, int64_t seq)
{
    return arena_printf(s->arena, "\"%lld\"", (long long)seq);
}

enum problem case_view_load(struct scope *s, const char *case_id, struct case_view *view,
                            int64_t *seq)
{
    struct result r;
    TRY(DB_RUN(s, &sql_case_load, &r, param_text(case_id)));
    if (r.count == 0)
        return PROBLEM_NOT_FOUND;
    *view = (struct case_view){ .flags = flags_of(s, &r), .rules = rules_of(s, &r) };
    TRY(record_from_row(s, &case_view_record, &r, 0, view));
    access_note(s, &(struct access){ ACCESS_READ, ACCESS_OF_CASE,
                                     result_text(&r, 0, "municipality"), view->case_id });
    TRY(load_list(s, &sql_case_deadlines, view->case_id, &deadline_record, &view->deadlines));
    TRY(load_list(s, &sql_case_agenda, view->case_id, &agenda_record, &view->agenda));
    *seq = result_integer(&r, 0, "last_seq");
    return letters_load(s, view->case_id, &view->letters);
}

enum problem case_show(struct scope *s, const struct request *request, struct reply *reply)
{
    struct case_view *view = ARENA_NEW(s->arena, struct case_view);
    int64_t seq;
    TRY(case_view_load(s, request->id, view, &seq));
    reply->http.etag = etag_of(s, seq);
    reply->record = &case_view_record;
    reply->answer = view;
    return OK;
}

/* "T-0R100001G-kvittering.pdf": it says which case, and no more. */
static const char *file_name(struct scope *s, const struct result *r)
{
    const char *kind = result_text(r, 0, "kind");
    return arena_printf(s->arena, "%s-%s.pdf", result_text(r, 0, "reference"), coded_text("letter_file_", kind));
}

enum problem letter_load(struct scope *s, const char *case_id, int64_t n,
                         struct http_reply *reply)
{
    struct result r;
    struct bytes pdf;
    TRY(DB_RUN(s, &sql_letter_load, &r, param_text(case_id), param_integer(s, n)));
    if (r.count == 0)
        return PROBLEM_NOT_FOUND;
    TRY(document_open(s, SEAL_LETTER, &r, 0, &pdf));
    access_note(s, &(struct access){ ACCESS_READ, ACCESS_OF_LETTER,
                                     result_text(&r, 0, "municipality"), case_id });
    reply->content_type = "application/pdf";
    reply->file_name = file_name(s, &r);
    reply->body = pdf.data;
    reply->length = pdf.length;
    return OK;
}

enum problem letter_show(struct scope *s, const struct request *request,
                         struct reply *reply)
{
    return letter_load(s, request->id, request->n, &reply->http);
}

/* Before a talk is planned there is no case to talk about; after its end it is too late. */
static bool takes_contact(enum case_status status)
{
    return status != CASE_RECEIVED && !case_status_is_end(status);
}

/* Says that there was contact; the first that goes both ways ends the waiting for a talk. */
static enum problem say_contact(struct scope *s, const struct contact_body *in,
                                const char *contact_id, struct case_row *row)
{
    const struct contact_made said = { .contact_id = contact_id,
                                       .kind = in->kind,
                                       .two_way = in->two_way,
                                       .at = in->at };
    const struct saying saying = { row->id, &said, s->traceparent };
    if (in->two_way && row->status == CASE_DIALOGUE)
        return cases_move(s, &row, 1, CASE_ASSESSMENT, CASEWORKER, &contact_made, &saying);
    return event_append(s, row->id, &contact_made, &said, &row->last_seq);
}

/* A talk about a case was held by now, and on the day that the application came at the earliest: what
 * led to it may have been a call that morning. */
static enum problem check_held(struct scope *s, const struct case_row *row, int64_t at)
{
    int64_t first = oslo_instant(oslo_date(row->received_at), 0, 0);
    if (at < first - CLOCKS_DIFFER)
        scope_fault_why(s, "/at", FAULT_RANGE, "before the day of the application");
    else if (at > s->now + CLOCKS_DIFFER)
        scope_fault_why(s, "/at", FAULT_RANGE, "in the future");
    return scope_faults(s);
}

static enum problem register_contact(struct scope *s, const struct request *request,
                                     const char *contact_id, struct kept *kept)
{
    const struct contact_body *in = request->document;
    struct case_row row;
    TRY(case_lock(s, request->id, &row));
    access_note(s, &(struct access){ ACCESS_WRITE, ACCESS_OF_CONTACT, row.municipality, row.id });
    crash_point("change.case-locked");
    if (!match_names(request->match, etag_of(s, row.last_seq)))
        return PROBLEM_CHANGED;
    if (!takes_contact(row.status))
        return scope_fail(s, PROBLEM_WRONG_STATUS, "the case is %s", case_status_name(row.status));
    TRY(check_held(s, &row, in->at.us));
    TRY(say_contact(s, in, contact_id, &row));
    crash_point("change.event-written");
    TRY(DB_RUN(s, &sql_contact_add, NULL, param_text(contact_id), param_text(row.municipality),
               param_text(row.id), param_integer(s, row.last_seq), param_text(in->kind),
               param_list(s, in->with.items, in->with.count), param_flag(in->two_way),
               param_time(s, in->at.us)));
    crash_point("change.state-written");
    *kept = (struct kept){ .answer = record_to_json(s, &contact_answer_record,
                                                    &(struct contact_answer){ contact_id, row.id, row.last_seq }),
                           .location = "",
                           .etag = etag_of(s, row.last_seq) };
    return OK;
}

enum problem contact_register(struct scope *s, const struct request *request,
                              struct reply *reply)
{
    /* The key stands for this body, for this case. */
    const char *identity = arena_printf(s->arena, "%s\n%s", request->id, request->http->body);
    const struct claim claim = { request->client, request->key, identity, strlen(identity) };
    const char *contact_id = uuid_v7(s->arena, s->now);
    struct kept kept;
    bool fresh;
    crash_point("change.identity-set");
    TRY(claim_join(s, &claim, contact_id, &fresh, &kept));
    if (fresh) {
        TRY(register_contact(s, request, contact_id, &kept));
        TRY(claim_keep(s, &claim, &kept));
    } else {
        TRY(access_note_of(s, ACCESS_READ, ACCESS_OF_CONTACT, request->id));
    }
    reply->http.content_type = "application/json";
    reply->http.body = kept.answer;
    reply->http.length = strlen(kept.answer);
    reply->http.etag = kept.etag;
    return OK;
}
