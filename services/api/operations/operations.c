/* SPDX-License-Identifier: EUPL-1.2 */
/* Operators' hands over REST: what is parked and why, and acts. The pages are made of the same. */
#include "services/api/operations/operations.h"

#include <string.h>

#include "common/base/uuid.h"
#include "common/operator/acts.h"
#include "common/record/encode.h"
#include "common/who/access.h"
#include "services/api/once/idempotency.h"
#include "services/api/routes.h"

/* clang-format off */
static const struct field causes_fields[] = { LIST_FIELD(struct causes_view, causes, &cause_record), { 0 } };
const struct record causes_record = RECORD("causes", struct causes_view, causes_fields);
static const struct field acts_fields[] = { LIST_FIELD(struct acts_view, acts, &act_record), { 0 } };
const struct record acts_record = RECORD("acts", struct acts_view, acts_fields);
static const struct field parked_list_fields[] = { LIST_FIELD(struct parked_list_view, parked, &parked_record), { 0 } };
const struct record parked_list_record = RECORD("parked_events", struct parked_list_view, parked_list_fields);
/* clang-format on */

/* Of each case, in its own municipality's log: it is a person's. Of what is nobody's, a search. */
static void note_looks(struct scope *s, enum access_act act, const struct parked_view *parked, size_t count)
{
    bool noted = false;
    for (size_t i = 0; i < count; i++) {
        if (parked[i].municipality)
            access_note(s, &(struct access){ act, ACCESS_OF_PARKED, parked[i].municipality, parked[i].case_id });
        noted = noted || parked[i].municipality;
    }
    if (!noted)
        access_note_search(s, ACCESS_OF_PARKED, NULL);
}

enum problem parked_look(struct scope *s, const char *id, struct parked_view *out)
{
    TRY(parked_load(s, id, out));
    note_looks(s, ACCESS_READ, out, 1);
    return OK;
}

enum problem parked_list_look(struct scope *s, const struct request *request, struct parked_list_view *out)
{
    TRY(parked_of_cause(s, pairs_get(&request->query, "consumer"), pairs_get(&request->query, "problem"),
                        &out->parked));
    note_looks(s, ACCESS_LOOK_UP, out->parked.items, out->parked.count);
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
    TRY(causes_load(s, &view->causes));
    answer(reply, &causes_record, view);
    return OK;
}

enum problem operations_parked_list(struct scope *s, const struct request *request,
                                    struct reply *reply)
{
    struct parked_list_view *view = ARENA_NEW(s->arena, struct parked_list_view);
    TRY(parked_list_look(s, request, view));
    answer(reply, &parked_list_record, view);
    return OK;
}

enum problem operations_parked(struct scope *s, const struct request *request, struct reply *reply)
{
    struct parked_view *view = ARENA_NEW(s->arena, struct parked_view);
    TRY(parked_look(s, request->id, view));
    answer(reply, &parked_record, view);
    return OK;
}

enum problem operations_acts(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    struct acts_view *view = ARENA_NEW(s->arena, struct acts_view);
    TRY(acts_load(s, NULL, LATEST_ACTS, &view->acts));
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
