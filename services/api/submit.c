/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Taking an application in: sealed, with its case and its first event, in one durable statement.
 * The statement works on arrays, so that submissions that wait may share a commit.
 */
#include <string.h>

#include "common/api.h"
#include "common/clock.h"
#include "common/event/event.h"
#include "common/seal.h"
#include "common/uuid.h"
#include "services/api/application.h"
#include "services/api/handlers.h"
#include "services/api/municipality.h"
#include "services/api/queries.h"

enum { MOST_TRIES = 4 };

/* One row of the arrays, all made before the statement is sent: running it again with the same ids
 * after an unknown outcome finds its own key. */
struct row {
    struct receipt receipt;
    const char *document_id;
    const char *location;
    const char *answer;
    const char *event;
    struct bytes hash;
    struct bytes sealed;
    struct bytes index; /* data NULL: the applicant has no national id */
};

static bool for_self(const struct application *in)
{
    return strcmp(in->submitter->role, "self") == 0;
}

static const char *applicant_number(const struct application *in)
{
    const char *number = for_self(in) ? in->submitter->national_id : in->applicant->national_id;
    return number && *number ? number : NULL;
}

static const char *event_of(struct scope *s, const struct application *in,
                            const struct submission *how, const char *application_id)
{
    return record_to_json(s, application_received.record,
                          &(struct application_received){
                              .application_id = application_id,
                              .channel = how->channel,
                              .language = in->language,
                              .submitter_role = in->submitter->role,
                              .services = in->services,
                              .urgency = in->urgency,
                              .in_hospital = in->in_hospital,
                              .has_what_matters = in->what_matters != NULL,
                          });
}

static enum problem make_row(struct scope *s, const struct application *in,
                             const struct submission *how, struct row *row)
{
    const char *id = uuid_v7(s->arena, s->now), *case_id = uuid_v7(s->arena, s->now);
    *row = (struct row){
        .receipt = { .application_id = id,
                     .case_id = case_id,
                     .reference = reference_from_case(s->arena, case_id),
                     .received_at = instant_rfc3339(s->arena, s->now),
                     .status_url = arena_printf(s->arena, "/status/%s", id) },
        .document_id = uuid_v7(s->arena, s->now),
        .location = arena_printf(s->arena, "/api/v1/applications/%s", id),
        .event = event_of(s, in, how, id),
    };
    row->answer = record_to_json(s, &receipt_record, &row->receipt);
    TRY(seal_request_hash(s, how->raw, how->raw_length, &row->hash));
    TRY(seal_close(s, SEAL_APPLICATION, in->municipality, row->document_id, how->document,
                   how->document_length, &row->sealed));
    const char *number = applicant_number(in);
    return number ? seal_index(s, in->municipality, number, &row->index) : OK;
}

static struct param one_text(struct scope *s, const char *text)
{
    return param_list(s, &text, 1);
}

static struct param one_blob(struct scope *s, struct bytes bytes)
{
    const void *item = bytes.data;
    return param_blobs(s, &item, &bytes.length, 1);
}

static struct param one_flag(struct scope *s, bool value)
{
    return one_text(s, value ? "t" : "f");
}

static enum problem insert(struct scope *s, const struct application *in,
                           const struct submission *how, const struct row *row, bool *fresh)
{
    struct result r;
    TRY(DB_RUN(s, &sql_applications_accept, &r, one_text(s, how->client), one_text(s, how->key),
               one_blob(s, row->hash), one_text(s, row->answer), one_text(s, row->location),
               one_text(s, row->receipt.application_id), one_text(s, row->receipt.case_id),
               one_text(s, row->document_id), one_text(s, in->municipality),
               one_text(s, row->receipt.reference), one_blob(s, row->sealed),
               one_blob(s, row->index), one_text(s, how->channel), one_text(s, in->language),
               one_text(s, in->submitter->role),
               one_text(s, array_literal(s, in->services.items, in->services.count)),
               one_text(s, in->urgency), one_flag(s, in->in_hospital),
               one_flag(s, in->what_matters != NULL), one_text(s, in->household),
               param_times(s, &s->now, 1), one_text(s, row->event),
               one_text(s, s->traceparent)));
    *fresh = r.count == 1;
    return OK;
}

/* The key was taken: by the same request (its answer again) or by another one. */
static enum problem answer_again(struct scope *s, const struct submission *how,
                                 const char **answer)
{
    struct result r;
    struct bytes hash;
    TRY(DB_RUN(s, &sql_key_read, &r, param_text(how->client), param_text(how->key)));
    if (r.count == 0)
        return scope_fail(s, PROBLEM_IN_FLIGHT, "the key is being taken right now");
    hash.data = result_bytes(s, &r, 0, "request_hash", &hash.length);
    if (!seal_request_matches(s, hash, how->raw, how->raw_length))
        return PROBLEM_KEY_REUSED;
    *answer = result_text(&r, 0, "answer");
    return OK;
}

static enum problem take_once(struct scope *s, const struct application *in,
                              const struct submission *how, const struct row *row,
                              const char **answer)
{
    bool fresh = false;
    TRY(pool_take(s, intake_pool(s)));
    enum problem p = insert(s, in, how, row, &fresh);
    if (!p && !fresh)
        p = answer_again(s, how, answer);
    else if (!p)
        *answer = row->answer;
    if (p == PROBLEM_MALFORMED && strcmp(db_last_constraint(s->db), "cases_reference_key") == 0)
        p = PROBLEM_STALE;
    pool_give(s, intake_pool(s));
    return p;
}

enum problem application_take(struct scope *s, const struct application *in,
                              const struct submission *how, const char **answer)
{
    struct row row;
    enum problem p = PROBLEM_STALE;
    for (int tries = 0; tries < MOST_TRIES && (p == PROBLEM_STALE || p == PROBLEM_UNAVAILABLE);
         tries++) {
        s->detail = NULL;
        if (p == PROBLEM_STALE) /* a reference that was taken: other ids */
            TRY(make_row(s, in, how, &row));
        p = take_once(s, in, how, &row, answer);
    }
    return p;
}

enum problem application_submit(struct scope *s, const struct request *request,
                                struct reply *reply)
{
    const struct submission how = {
        .channel = "api",
        .client = request->client,
        .key = request->key,
        .raw = request->http->body,
        .raw_length = request->http->body_length,
        .document = request->http->body,
        .document_length = request->http->body_length,
    };
    const char *answer;
    TRY(application_take(s, request->document, &how, &answer));
    json_t *receipt = json_loads(answer, 0, NULL);
    reply->http.location =
        arena_printf(s->arena, "/api/v1/applications/%s",
                     json_string_value(json_object_get(receipt, "application_id")));
    json_decref(receipt);
    reply->http.content_type = "application/json";
    reply->http.body = answer;
    reply->http.length = strlen(answer);
    return OK;
}
