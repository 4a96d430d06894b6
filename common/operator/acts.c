/* SPDX-License-Identifier: EUPL-1.2 */
/* Asking for operators' acts: what each needs is a table, and the database keeps who and why. */
#include "common/operator/acts.h"

#include <string.h>

#include "common/base/uuid.h"
#include "common/operator/clients.h"
#include "common/operator/queries.h"
#include "common/operator/replay.h"
#include "common/program/program.h"
#include "common/seal/seal.h"
#include "common/who/access.h"
#include "common/who/national_id.h"
#include "common/who/who.h"

/* clang-format off */
/*    name        summary                                                                       needs */
const struct act acts[] = {
    { "preview", "tells what a re-drive would do, on a transaction that is rolled back",          ACT_PARKED | ACT_LOOKS },
    { "redrive", "handles a parked event once more, and then what waits behind it",               ACT_PARKED | ACT_CAUSE },
    { "give-up", "lets the case go on without the parked event",                                  ACT_PARKED | ACT_GIVES_UP },
    { "pause",   "a worker keeps its place in the group and handles nothing",                     ACT_CONSUMER | ACT_MAKES | ACT_HOUSE },
    { "resume",  "a paused worker goes on",                                                       ACT_CONSUMER | ACT_HOUSE },
    { "replay",  "sends the log, or a part of it, to Kafka once more",                            ACT_TARGET | ACT_HOUSE },
    { "let-in",  "an organisation's systems may come, for these municipalities",                  ACT_CLIENT | ACT_MAKES | ACT_HOUSE },
    { "shut-out", "an organisation's systems may come no longer",                                 ACT_CLIENT | ACT_HOUSE },
    { 0 },
};

static const struct field act_request_fields[] = {
    FIELD(struct act_request, act,       .max = 20, .example = "\"redrive\""),
    FIELD(struct act_request, parked_id, .flags = OPTIONAL, .format = FORMAT_UUID),
    FIELD(struct act_request, consumer,  .flags = OPTIONAL, .max = 40),
    FIELD(struct act_request, problem,   .flags = OPTIONAL, .max = 40),
    FIELD(struct act_request, rate,      .flags = OPTIONAL),
    FIELD(struct act_request, target,    .flags = OPTIONAL, .max = 40),
    FIELD(struct act_request, name,      .flags = OPTIONAL, .max = 100),
    FIELD(struct act_request, municipalities, .flags = OPTIONAL | UNIQUE, .max = 4, .max_items = 400),
    FIELD(struct act_request, who,       .max = 100, .example = "\"Kari Drift\""),
    FIELD(struct act_request, why,       .max = 500, .example = "\"The template is mended\""),
    { 0 },
};

static const struct field act_answer_fields[] = {
    FIELD(struct act_answer, asked),
    FIELD(struct act_answer, events),
    FIELD(struct act_answer, ids),
    { 0 },
};
/* clang-format on */

const struct act *act_find(const char *name)
{
    for (const struct act *act = acts; act->name; act++)
        if (strcmp(act->name, name) == 0)
            return act;
    return NULL;
}

static void check_words(struct scope *s, const char *pointer, const char *words, size_t least,
                        size_t most)
{
    if (!words)
        return;
    if (!text_well_formed(words, strlen(words)))
        scope_fault(s, pointer, FAULT_FORMAT);
    else if (text_blank(words))
        scope_fault(s, pointer, FAULT_MISSING);
    else if (text_visible(words) < least || text_characters(words) > most)
        scope_fault(s, pointer, FAULT_LENGTH);
}

void operator_check(struct scope *s, const char *who, const char *why)
{
    check_words(s, "/why", why, 3, 500);
    if (why && national_id_within(why))
        scope_fault_why(s, "/why", FAULT_FORMAT, "no national id belongs in it");
    check_words(s, "/who", who, 2, 100);
}

static void check_act(struct scope *s, const void *document)
{
    const struct act_request *in = document;
    if (!act_find(in->act))
        scope_fault(s, "/act", FAULT_CHOICE);
}

static void check_who_and_why(struct scope *s, const void *document)
{
    const struct act_request *in = document;
    operator_check(s, in->who, in->why);
}

static void check_rate(struct scope *s, const void *document)
{
    const struct act_request *in = document;
    if (in->rate.value < 1 || in->rate.value > 100)
        scope_fault(s, "/rate", FAULT_RANGE);
}

/* What the act can't do without. */
static void check_needs(struct scope *s, const void *document)
{
    const struct act_request *in = document;
    const struct act *act = act_find(in->act);
    struct replay replay;
    bool cause = (act->needs & ACT_CAUSE) && in->consumer && in->problem;
    if ((act->needs & ACT_PARKED) && !in->parked_id && !cause)
        scope_fault(s, "/parked_id", FAULT_MISSING);
    else if (in->parked_id && !uuid_parse(in->parked_id, NULL)) /* the command line's own */
        scope_fault(s, "/parked_id", FAULT_FORMAT);
    if ((act->needs & ACT_CONSUMER) && !in->consumer)
        scope_fault(s, "/consumer", FAULT_MISSING);
    if ((act->needs & ACT_TARGET) && !in->target)
        scope_fault(s, "/target", FAULT_MISSING);
    else if ((act->needs & ACT_TARGET) && replay_begin(&replay, in->target))
        scope_fault(s, "/target", FAULT_FORMAT);
    if (act->needs & ACT_CLIENT)
        client_check(s, in, act->needs & ACT_MAKES);
}

static const struct check act_request_checks[] = {
    { { "/act" }, check_act },
    { { 0 }, check_who_and_why },
    { { "/rate" }, check_rate },
    { { "/act" }, check_needs }, /* of an act that there is: check_act refuses any other */
    { { 0 }, NULL },
};

const struct record act_request_record = { "act_request", sizeof(struct act_request),
                                           act_request_fields, act_request_checks };
const struct record act_answer_record = { "act_answer", sizeof(struct act_answer),
                                          act_answer_fields, NULL };

/* An act as its row has it. */
struct act_row {
    const char *municipality, *act, *consumer, *parked_id, *target, *who, *why, *detail;
    int64_t not_before;
    bool done; /* acts that no worker is needed for are done when they are noted */
};

static enum problem note(struct scope *s, const struct act_row *row, const char **id)
{
    struct bytes sealed;
    *id = uuid_v7(s->arena, s->now);
    TRY(seal_close(s, SEAL_ACT, ANY_MUNICIPALITY, *id, row->why, strlen(row->why), &sealed));
    return DB_RUN(s, &sql_act_note, NULL, param_text(*id), param_text(row->municipality),
                  param_text(row->act), param_text(row->consumer), param_text(row->parked_id),
                  param_text(row->target), param_text(row->who),
                  param_bytes(sealed.data, sealed.length), param_time(s, s->now),
                  param_time(s, row->not_before),
                  row->done ? param_time(s, s->now) : param_text(NULL), param_text(row->detail));
}

static enum problem note_done(struct scope *s, const struct act_request *in, const char **id)
{
    return note(s,
                &(struct act_row){ .act = in->act,
                                   .consumer = in->consumer,
                                   .target = in->target,
                                   .who = in->who,
                                   .why = in->why,
                                   .not_before = s->now,
                                   .done = true },
                id);
}

enum problem operator_note(struct scope *s, const char *act, const char *municipality,
                           const char *who, const char *why, const char *detail)
{
    const char *id;
    return note(s,
                &(struct act_row){ .municipality = municipality,
                                   .act = act,
                                   .target = municipality,
                                   .who = who,
                                   .why = why,
                                   .detail = detail,
                                   .not_before = s->now,
                                   .done = true },
                &id);
}

/* One parked event, and in its municipality's access log that it was tried, or taken further. */
static enum problem ask_one(struct scope *s, const struct act_request *in, enum access_act access,
                            const struct result *r, int row, const char **id)
{
    const char *municipality = result_text(r, row, "municipality");
    int64_t rate = in->rate.known ? in->rate.value : 5;
    if (municipality)
        access_note(s, &(struct access){ access, ACCESS_OF_PARKED, municipality,
                                         result_text(r, row, "case_id") });
    return note(s,
                &(struct act_row){ .municipality = municipality,
                                   .act = in->act,
                                   .consumer = result_text(r, row, "consumer"),
                                   .parked_id = result_text(r, row, "id"),
                                   .who = in->who,
                                   .why = in->why,
                                   .not_before = s->now + row * SECOND_US / rate },
                id);
}

bool operator_of_house(const struct scope *s)
{
    const char *own = s->who->tenants;
    return !own || text_lists(s->program->settings.house_operators, ',', own);
}

bool operator_may(const struct scope *s, const char *name)
{
    const struct act *act = name ? act_find(name) : NULL;
    return !act || !(act->needs & ACT_HOUSE) || operator_of_house(s);
}

static enum problem only_house(struct scope *s)
{
    return scope_fail(s, PROBLEM_FORBIDDEN, "that is for the operators of the whole installation");
}

enum problem operator_permits(struct scope *s, const char *name)
{
    return operator_may(s, name) ? OK : only_house(s);
}

static enum problem ask_parked(struct scope *s, const struct act_request *in,
                               enum access_act access, struct act_answer *out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_parked_choose, &r, param_text(in->parked_id), param_text(in->consumer),
               param_text(in->problem)));
    if (r.count == 0)
        return scope_fail(s, PROBLEM_NOT_FOUND, "nothing such is parked");
    s->accesses->reason = in->why;
    const char **ids = arena_array(s->arena, (size_t)r.count, sizeof(*ids));
    for (int i = 0; i < r.count; i++)
        if (!result_null(&r, i, "municipality") || operator_of_house(s))
            TRY(ask_one(s, in, access, &r, i, &ids[out->asked++]));
    out->ids = (struct texts){ .items = ids, .count = (size_t)out->asked };
    return out->asked ? OK : only_house(s);
}

static enum problem ask_worker(struct scope *s, const struct act_request *in, bool pauses)
{
    struct result r;
    TRY(DB_RUN(s, &sql_consumer_known, &r, param_text(in->consumer)));
    if (r.count == 0)
        return scope_fail(s, PROBLEM_NOT_FOUND, "there is no such worker");
    if (pauses)
        return DB_RUN(s, &sql_worker_pause, NULL, param_text(in->consumer), param_text(in->who),
                      param_time(s, s->now));
    return DB_RUN(s, &sql_worker_resume, NULL, param_text(in->consumer));
}

enum problem operator_ask(struct scope *s, const struct act_request *in, struct act_answer *out)
{
    const struct act *act = act_find(in->act);
    const char **id = arena_array(s->arena, 1, sizeof(*id));
    bool makes = act->needs & ACT_MAKES;
    *out = (struct act_answer){ 0 };
    TRY(operator_permits(s, in->act));
    if (act->needs & ACT_PARKED)
        return ask_parked(s, in, act->needs & ACT_LOOKS ? ACCESS_READ : ACCESS_WRITE, out);
    TRY(act->needs & ACT_CONSUMER ? ask_worker(s, in, makes)
        : act->needs & ACT_CLIENT ? client_ask(s, in, makes)
                                  : replay_all(s, in->target, &out->events));
    TRY(note_done(s, in, id));
    out->asked = 1;
    out->ids = (struct texts){ .items = id, .count = 1 };
    return OK;
}
