/* SPDX-License-Identifier: EUPL-1.2 */
/* Taking an application in: sealed, with its case and its first event, in one durable commit. */
#include "services/api/application/submit.h"

#include <string.h>

#include "common/base/crash.h"
#include "common/base/uuid.h"
#include "common/db/pool.h"
#include "common/event/types.h"
#include "common/record/encode.h"
#include "common/seal/seal.h"
#include "common/who/tenants.h"
#include "services/api/application/application.h"
#include "services/api/application/intake.h"
#include "services/api/case/person.h"
#include "services/api/once/idempotency.h"
#include "services/api/routes.h"
#include "services/api/tenants/state.h"

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
                             const struct submission *how, struct intake_row *row)
{
    const char *id = uuid_v7(s->arena, s->now), *case_id = uuid_v7(s->arena, s->now);
    const struct receipt receipt = { .application_id = id,
                                     .case_id = case_id,
                                     .reference = reference_from_case(s->arena, case_id),
                                     .received_at = { s->now },
                                     .status_url = arena_printf(s->arena, "/status/%s", id) };
    *row = (struct intake_row){
        .client = how->client,
        .key = how->key,
        .once = how->once,
        .answer = record_to_json(s, &receipt_record, &receipt),
        .location = arena_printf(s->arena, "/api/v1/applications/%s", id),
        .application_id = id,
        .case_id = case_id,
        .document_id = uuid_v7(s->arena, s->now),
        .municipality = in->municipality,
        .reference = receipt.reference,
        .channel = how->channel,
        .language = in->language,
        .submitter_role = in->submitter->role,
        .services = array_literal(s, in->services.items, in->services.count),
        .urgency = in->urgency,
        .in_hospital = in->in_hospital,
        .has_what_matters = in->what_matters != NULL,
        .household = in->household,
        .received_at = { s->now },
        .event = event_of(s, in, how, id),
        .traceparent = s->traceparent,
    };
    const struct access access = { ACCESS_WRITE, ACCESS_OF_APPLICATION, in->municipality, case_id };
    TRY(access_row_make(s, &access, &row->access));
    TRY(seal_request_hash(s, how->raw, how->raw_length, &row->request_hash));
    TRY(seal_close(s, SEAL_APPLICATION, in->municipality, row->document_id, how->document,
                   how->document_length, &row->sealed));
    return participants_make(
        s, in->municipality, &(struct people){ in->submitter, in->applicant, in->services },
        s->now, row->people, &row->people_count);
}

/* The key was taken: by the same request (its answer again) or by another one. Or the same was sent under
 * another key, where it is taken once. */
static enum problem answer_again(struct scope *s, const struct submission *how,
                                 struct taken *out)
{
    struct kept kept = { 0 };
    const struct claim claim = { how->client, how->key, how->raw, how->raw_length };
    TRY(pool_take(s, intake_pool(s)));
    enum problem p = claim_find(s, &claim, &kept);
    bool other_key = p == PROBLEM_IN_FLIGHT && how->once;
    if (other_key) {
        s->detail = NULL;
        p = claim_find_once(s, &claim, &kept);
    }
    pool_give(s, intake_pool(s));
    if (p && p != PROBLEM_KEY_REUSED)
        return p;
    s->accesses->by_handler = true; /* it was logged when it was taken in */
    *out = (struct taken){ kept.answer, kept.location, other_key || p ? kept.at : 0 };
    return p;
}

static enum problem take_once(struct scope *s, const struct submission *how,
                              const struct intake_row *row, struct taken *out)
{
    bool fresh = false;
    crash_point("submit.commit-before");
    TRY(intake_commit(s, intake_of(s), row, &fresh));
    crash_point("submit.commit-after");
    if (!fresh)
        return answer_again(s, how, out);
    access_count(s, row->access.act, 1);
    *out = (struct taken){ .answer = row->answer, .location = row->location };
    return OK;
}

/* Of who logs in alone: a system's clients are the municipality's own to hold back. */
enum problem applications_full(struct scope *s, const char *applicant, bool *out)
{
    int64_t open = 0;
    *out = false;
    if (!s->who || s->who->kind != WHO_CITIZEN)
        return OK;
    TRY(person_open_count(s, s->who->tenants, s->who->person, applicant, &open));
    *out = open >= s->program->settings.open_applications;
    return OK;
}

static const char *helped(const struct application *in)
{
    const char *number = strcmp(in->submitter->role, "self") == 0 ? in->submitter->national_id
                                                                  : in->applicant->national_id;
    return number && *number ? number : NULL;
}

/* What was taken once is answered again, however many are open by now; what is acute is taken always. */
static enum problem few_open(struct scope *s, const struct application *in,
                             const struct submission *how, struct taken *out, bool *answered)
{
    bool full = false;
    if (strcmp(in->urgency, "acute") != 0)
        TRY(applications_full(s, helped(in), &full));
    if (!full)
        return OK;
    enum problem p = answer_again(s, how, out);
    *answered = !p;
    if (p != PROBLEM_IN_FLIGHT)
        return p;
    s->detail = NULL;
    return PROBLEM_MANY_OPEN;
}

enum problem application_take(struct scope *s, const struct application *in,
                              const struct submission *how, struct taken *out)
{
    struct intake_row row;
    bool answered = false;
    TRY(few_open(s, in, how, out, &answered));
    if (answered)
        return OK;
    TRY(make_row(s, in, how, &row));
    return take_once(s, how, &row, out);
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
    struct taken taken;
    crash_point("submit.begin");
    if (!api_sees(s, ((const struct application *)request->document)->municipality))
        return scope_fail(s, PROBLEM_FORBIDDEN,
                          "the client may not come for this municipality");
    TRY(application_take(s, request->document, &how, &taken));
    reply->http.crash_points = "submit";
    reply->http.location = taken.location;
    reply->http.content_type = "application/json";
    reply->http.body = taken.answer;
    reply->http.length = strlen(taken.answer);
    return OK;
}
