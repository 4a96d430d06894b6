/* SPDX-License-Identifier: EUPL-1.2 */
/* Operators' hands over REST: what is parked and why, and acts. The pages are made of the same. */
#include "services/api/operations/operations.h"

#include <string.h>

#include "common/base/uuid.h"
#include "common/db/run.h"
#include "common/operator/operator.h"
#include "common/operator/queries.h"
#include "common/record/encode.h"
#include "common/time/instant.h"
#include "common/who/access.h"
#include "services/api/handlers.h"
#include "services/api/once/idempotency.h"

/* clang-format off */
static const struct field cause_fields[] = {
    FIELD(struct cause_view, consumer), FIELD(struct cause_view, problem), FIELD(struct cause_view, title),
    FIELD(struct cause_view, parked),   FIELD(struct cause_view, since, .format = FORMAT_TIME), { 0 },
};
static const struct record cause_record = { "cause", sizeof(struct cause_view), cause_fields, NULL };
static const struct field causes_fields[] = { LIST_FIELD(struct causes_view, causes, &cause_record), { 0 } };
const struct record causes_record = { "causes", sizeof(struct causes_view), causes_fields, NULL };

static const struct field logged_fields[] = {
    FIELD(struct logged_view, case_seq), FIELD(struct logged_view, type), FIELD(struct logged_view, source),
    FIELD(struct logged_view, at, .format = FORMAT_TIME), { 0 },
};
static const struct record logged_record = { "logged_event", sizeof(struct logged_view), logged_fields, NULL };

static const struct field act_fields[] = {
    FIELD(struct act_view, act_id, .format = FORMAT_UUID),   FIELD(struct act_view, act),
    FIELD(struct act_view, consumer, .flags = NULLABLE),     FIELD(struct act_view, parked_id, .flags = NULLABLE),
    FIELD(struct act_view, target, .flags = NULLABLE),       FIELD(struct act_view, who),
    FIELD(struct act_view, why, .flags = NULLABLE),          FIELD(struct act_view, asked_at, .format = FORMAT_TIME),
    FIELD(struct act_view, done_at, .flags = NULLABLE),      FIELD(struct act_view, outcome, .flags = NULLABLE),
    FIELD(struct act_view, detail, .flags = NULLABLE),       FIELD(struct act_view, says),
    FIELD(struct act_view, then_types), { 0 },
};
static const struct record act_record = { "act", sizeof(struct act_view), act_fields, NULL };
static const struct field acts_fields[] = { LIST_FIELD(struct acts_view, acts, &act_record), { 0 } };
const struct record acts_record = { "acts", sizeof(struct acts_view), acts_fields, NULL };

static const struct field parked_fields[] = {
    FIELD(struct parked_view, parked_id, .format = FORMAT_UUID), FIELD(struct parked_view, consumer),
    FIELD(struct parked_view, type),                             FIELD(struct parked_view, problem),
    FIELD(struct parked_view, title),                            FIELD(struct parked_view, detail, .flags = NULLABLE),
    FIELD(struct parked_view, attempts),                         FIELD(struct parked_view, parked_at, .format = FORMAT_TIME),
    FIELD(struct parked_view, closed_how, .flags = NULLABLE),    FIELD(struct parked_view, case_id, .flags = NULLABLE),
    FIELD(struct parked_view, case_seq, .flags = NULLABLE),      FIELD(struct parked_view, reference, .flags = NULLABLE),
    FIELD(struct parked_view, status, .flags = NULLABLE),        FIELD(struct parked_view, mark, .flags = NULLABLE),
    FIELD(struct parked_view, place, .flags = NULLABLE),
    LIST_FIELD(struct parked_view, events, &logged_record),      LIST_FIELD(struct parked_view, acts, &act_record), { 0 },
};
const struct record parked_record = { "parked_event", sizeof(struct parked_view), parked_fields, NULL };
static const struct field parked_list_fields[] = { LIST_FIELD(struct parked_list_view, parked, &parked_record), { 0 } };
const struct record parked_list_record = { "parked_events", sizeof(struct parked_list_view), parked_list_fields, NULL };
/* clang-format on */

static const char *time_text(struct scope *s, const struct result *r, int row, const char *column)
{
    int64_t at = result_time(r, row, column);
    return at ? instant_rfc3339(s->arena, at) : NULL;
}

static struct maybe number_or(const struct result *r, int row, const char *column)
{
    return (struct maybe){ .known = !result_null(r, row, column),
                           .value = result_integer(r, row, column) };
}

static const char *title_of(const char *problem)
{
    return problem_title(problem_by_name(problem));
}

enum problem causes_load(struct scope *s, struct causes_view *out)
{
    struct result r;
    TRY(db_run(s, &sql_parked_causes, &r, NULL, 0));
    struct cause_view *rows = arena_array(s->arena, (size_t)r.count, sizeof(*rows));
    for (int i = 0; i < r.count; i++)
        rows[i] = (struct cause_view){ .consumer = result_text(&r, i, "consumer"),
                                       .problem = result_text(&r, i, "problem"),
                                       .title = title_of(result_text(&r, i, "problem")),
                                       .parked = result_integer(&r, i, "parked"),
                                       .since = time_text(s, &r, i, "since") };
    out->causes = (struct list){ .items = rows, .count = (size_t)r.count };
    return OK;
}

enum problem acts_load(struct scope *s, const char *id, struct list *out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_acts_list, &r, param_text(id), param_integer(s, 100)));
    struct act_view *rows = arena_array(s->arena, (size_t)r.count, sizeof(*rows));
    for (int i = 0; i < r.count; i++)
        rows[i] = (struct act_view){ .act_id = result_text(&r, i, "id"),
                                     .act = result_text(&r, i, "act"),
                                     .consumer = result_text(&r, i, "consumer"),
                                     .parked_id = result_text(&r, i, "parked_id"),
                                     .target = result_text(&r, i, "target"),
                                     .who = result_text(&r, i, "who"),
                                     .why = operator_why(s, &r, i),
                                     .asked_at = time_text(s, &r, i, "asked_at"),
                                     .done_at = time_text(s, &r, i, "done_at"),
                                     .outcome = result_text(&r, i, "outcome"),
                                     .detail = result_text(&r, i, "detail"),
                                     .says = result_texts(s, &r, i, "says"),
                                     .then_types = result_texts(s, &r, i, "then_types") };
    *out = (struct list){ .items = rows, .count = (size_t)r.count };
    return OK;
}

/* A row of the log may be of any shape, and is shown all the same. */
static const char *said_or_dash(const char *text)
{
    return text_blank(text) ? "–" : text;
}

static enum problem load_log(struct scope *s, const char *case_id, struct list *out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_case_log, &r, param_text(case_id)));
    struct logged_view *rows = arena_array(s->arena, (size_t)r.count, sizeof(*rows));
    for (int i = 0; i < r.count; i++)
        rows[i] = (struct logged_view){ .case_seq = result_integer(&r, i, "case_seq"),
                                        .type = said_or_dash(result_text(&r, i, "type")),
                                        .source = said_or_dash(result_text(&r, i, "source")),
                                        .at = time_text(s, &r, i, "occurred_at") };
    *out = (struct list){ .items = rows, .count = (size_t)r.count };
    return OK;
}

/* What a list and a single one have in common. */
static struct parked_view parked_at(struct scope *s, const struct result *r, int row)
{
    const char *topic = result_text(r, row, "topic");
    return (struct parked_view){
        .parked_id = result_text(r, row, "id"),
        .consumer = result_text(r, row, "consumer"),
        .type = result_text(r, row, "type"),
        .problem = result_text(r, row, "problem"),
        .title = title_of(result_text(r, row, "problem")),
        .detail = result_text(r, row, "detail"),
        .attempts = result_integer(r, row, "attempts"),
        .parked_at = time_text(s, r, row, "parked_at"),
        .case_id = result_text(r, row, "case_id"),
        .nobodys = result_null(r, row, "municipality"),
        .case_seq = number_or(r, row, "case_seq"),
        .place = topic ? arena_printf(s->arena, "%s/%s/%s", topic, result_text(r, row, "partition"),
                                      result_text(r, row, "offset"))
                       : NULL,
    };
}

/* Of each case, in its own municipality's log: it is a person's. Of what is nobody's, a search. */
static void note_looks(struct scope *s, enum access_act act, const struct result *r)
{
    bool noted = false;
    for (int i = 0; i < r->count; i++) {
        const char *municipality = result_text(r, i, "municipality");
        if (municipality)
            access_note(s, &(struct access){ act, ACCESS_OF_PARKED, municipality,
                                             result_text(r, i, "case_id") });
        noted = noted || municipality;
    }
    if (!noted)
        access_note_search(s, ACCESS_OF_PARKED, NULL);
}

enum problem parked_load(struct scope *s, const char *id, struct parked_view *out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_parked_show, &r, param_text(id)));
    if (r.count == 0)
        return PROBLEM_NOT_FOUND;
    *out = parked_at(s, &r, 0);
    note_looks(s, ACCESS_READ, &r);
    out->closed_how = result_text(&r, 0, "closed_how");
    out->reference = result_text(&r, 0, "reference");
    out->status = result_text(&r, 0, "status");
    out->mark = number_or(&r, 0, "mark");
    if (out->case_id)
        TRY(load_log(s, out->case_id, &out->events));
    return acts_load(s, id, &out->acts);
}

enum problem parked_of_cause(struct scope *s, const struct request *request,
                             struct parked_list_view *out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_parked_of_cause, &r, param_text(pairs_get(&request->query, "consumer")),
               param_text(pairs_get(&request->query, "problem"))));
    struct parked_view *rows = arena_array(s->arena, (size_t)r.count, sizeof(*rows));
    for (int i = 0; i < r.count; i++)
        rows[i] = parked_at(s, &r, i);
    out->parked = (struct list){ .items = rows, .count = (size_t)r.count };
    note_looks(s, ACCESS_LOOK_UP, &r);
    return OK;
}

static void answer(struct reply *reply, const struct record *record, const void *view)
{
    reply->record = record;
    reply->answer = view;
}

enum problem operations_causes(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    struct causes_view *view = ARENA_NEW(s->arena, struct causes_view);
    TRY(causes_load(s, view));
    answer(reply, &causes_record, view);
    return OK;
}

enum problem operations_parked_list(struct scope *s, const struct request *request,
                                    struct reply *reply)
{
    struct parked_list_view *view = ARENA_NEW(s->arena, struct parked_list_view);
    TRY(parked_of_cause(s, request, view));
    answer(reply, &parked_list_record, view);
    return OK;
}

enum problem operations_parked(struct scope *s, const struct request *request, struct reply *reply)
{
    struct parked_view *view = ARENA_NEW(s->arena, struct parked_view);
    TRY(parked_load(s, request->id, view));
    answer(reply, &parked_record, view);
    return OK;
}

enum problem operations_acts(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    struct acts_view *view = ARENA_NEW(s->arena, struct acts_view);
    TRY(acts_load(s, NULL, &view->acts));
    answer(reply, &acts_record, view);
    return OK;
}

/* An act may ask for many; the answer names them all. */
enum problem act_once(struct scope *s, const struct claim *claim, const struct act_request *in,
                      const char **out)
{
    struct act_answer asked;
    struct kept kept;
    bool fresh;
    TRY(claim_join(s, claim, uuid_v7(s->arena, s->now), &fresh, &kept));
    if (fresh) {
        TRY(operator_ask(s, in, &asked));
        kept = (struct kept){ .answer = record_to_json(s, &act_answer_record, &asked),
                              .location = "" };
        TRY(claim_keep(s, claim, &kept));
    }
    *out = kept.answer;
    return OK;
}

enum problem operations_may(struct scope *s, const struct request *request)
{
    const struct act_request *in = request->document;
    return request->route->handle == operations_ask ? operator_permits(s, in->act) : OK;
}

enum problem operations_ask(struct scope *s, const struct request *request, struct reply *reply)
{
    const char *identity =
        arena_printf(s->arena, "%s\n%s", request->http->path, request->http->body);
    const struct claim claim = { request->client, request->key, identity, strlen(identity) };
    const char *json;
    struct act_request in = *(const struct act_request *)request->document;
    in.who = s->who->name; /* whoever is logged in is nobody else */
    TRY(act_once(s, &claim, &in, &json));
    reply->http.content_type = "application/json";
    reply->http.body = json;
    reply->http.length = strlen(json);
    return OK;
}
