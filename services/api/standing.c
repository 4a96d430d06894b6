/* SPDX-License-Identifier: EUPL-1.2 */
/* Decided anew at every request: what has changed since counts at once. */
#include "services/api/standing.h"

#include <string.h>

#include "common/clock.h"
#include "common/db.h"
#include "common/program.h"
#include "common/seal.h"
#include "common/uuid.h"
#include "services/api/person.h"
#include "services/api/queries.h"

/* A working day; an emergency is short. */
#define OPEN_FOR (8 * 3600 * SECOND_US)
#define EMERGENCY_FOR (3600 * SECOND_US)

const struct reason reasons[] = {
    { "handling", false }, { "assessment", false }, { "enquiry", false },
    { "quality", false },  { "other", true },       { NULL, false },
};

/* Also whose part has ended stands near. */
static enum problem is_of(struct scope *s, const char *case_id, const char *person, bool *out)
{
    struct param indexes;
    struct result r;
    TRY(person_indexes(s, s->who->tenants, person, &indexes));
    TRY(DB_RUN(s, &sql_case_is_of, &r, param_text(case_id), indexes));
    *out = result_flag(&r, 0, "theirs");
    return OK;
}

/* Of the staff themselves, where their issuer names them, or of one they stand too near. */
static enum problem stands_near(struct scope *s, const char *case_id, bool *near)
{
    struct result relations;
    *near = false;
    if (s->who->person)
        TRY(is_of(s, case_id, s->who->person, near));
    TRY(DB_RUN(s, &sql_relations_of_staff, &relations, param_text(s->who->staff_id)));
    for (int i = 0; i < relations.count && !*near; i++) {
        size_t length;
        struct bytes person;
        const unsigned char *sealed = result_bytes(s, &relations, i, "sealed", &length);
        TRY(seal_open(s, SEAL_RELATION, s->who->tenants, result_text(&relations, i, "id"), sealed,
                      length, &person));
        TRY(is_of(s, case_id, (const char *)person.data, near));
    }
    return OK;
}

static enum standing decide(const struct principal *who, const struct result *r)
{
    if (!result_null(r, 0, "until"))
        return INSIDE;
    bool theirs = who->roles & ROLE_CASEWORKER || result_flag(r, 0, "on_agenda");
    return theirs ? AT_DOOR : OUTSIDE;
}

static enum problem open_words(struct scope *s, const struct result *r, const char **out)
{
    size_t length;
    struct bytes words;
    if (result_null(r, 0, "words"))
        return OK;
    const unsigned char *sealed = result_bytes(s, r, 0, "words", &length);
    TRY(seal_open(s, SEAL_OPENING, result_text(r, 0, "municipality"),
                  result_text(r, 0, "opening_id"), sealed, length, &words));
    *out = (const char *)words.data;
    return OK;
}

enum problem standing_find(struct scope *s, const char *case_id, struct case_standing *out)
{
    struct result r;
    bool near;
    TRY(DB_RUN(s, &sql_case_standing, &r, param_text(case_id), param_text(s->who->staff_id),
               param_time(s, s->now)));
    if (r.count == 0 || (result_flag(&r, 0, "shielded") && !result_flag(&r, 0, "named")))
        return PROBLEM_NOT_FOUND;
    TRY(stands_near(s, case_id, &near));
    if (near)
        return PROBLEM_NOT_FOUND;
    const char *worker = result_text(&r, 0, "worker_id");
    *out = (struct case_standing){
        .standing = decide(s->who, &r),
        .municipality = result_text(&r, 0, "municipality"),
        .reference = result_text(&r, 0, "reference"),
        .status = result_text(&r, 0, "status"),
        .emergency = result_flag(&r, 0, "emergency"),
        .mine = worker && strcmp(worker, s->who->staff_id) == 0,
        .worker = result_text(&r, 0, "worker_name"),
        .until = result_time(&r, 0, "until"),
        .reason = result_text(&r, 0, "reason"),
    };
    return open_words(s, &r, &out->words);
}

static const struct reason *reason_find(const char *code)
{
    for (const struct reason *reason = reasons; reason->code && code; reason++)
        if (strcmp(reason->code, code) == 0)
            return reason;
    return NULL;
}

static enum problem check_opening(struct scope *s, const char *code, const char *words,
                                  bool emergency)
{
    const struct reason *reason = reason_find(code);
    size_t length = text_blank(words) ? 0 : text_characters(words);
    if (!emergency && !reason)
        scope_fault(s, "/reason", code && *code ? FAULT_CHOICE : FAULT_MISSING);
    if (length == 0 && (emergency || (reason && reason->words)))
        scope_fault(s, "/words", FAULT_MISSING);
    else if (length > OPENING_LONGEST || (length > 0 && length < OPENING_SHORTEST))
        scope_fault(s, "/words", FAULT_LENGTH);
    return scope_faults(s);
}

enum problem standing_open(struct scope *s, const char *case_id, const char *code,
                           const char *words, bool emergency)
{
    struct case_standing at;
    struct bytes sealed = { 0 };
    const char *id = uuid_v7(s->arena, s->now);
    TRY(standing_find(s, case_id, &at));
    if (at.standing == OUTSIDE && !emergency)
        return scope_fail(s, PROBLEM_FORBIDDEN, "the case is not theirs but in an emergency");
    TRY(check_opening(s, code, words, emergency));
    if (!text_blank(words))
        TRY(seal_close(s, SEAL_OPENING, at.municipality, id, words, strlen(words), &sealed));
    return DB_RUN(s, &sql_case_open, NULL, param_text(id), param_text(at.municipality),
                  param_text(case_id), param_text(s->who->staff_id),
                  param_text(emergency ? "emergency" : code),
                  sealed.data ? param_bytes(sealed.data, sealed.length) : param_text(NULL),
                  param_flag(emergency), param_time(s, s->now),
                  param_time(s, s->now + (emergency ? EMERGENCY_FOR : OPEN_FOR)));
}

enum problem standing_step_back(struct scope *s, const char *person)
{
    const char *id = uuid_v7(s->arena, s->now);
    struct bytes sealed;
    TRY(seal_close(s, SEAL_RELATION, s->who->tenants, id, person, strlen(person), &sealed));
    return DB_RUN(s, &sql_relation_add, NULL, param_text(id), param_text(s->who->staff_id),
                  param_text(s->who->tenants), param_bytes(sealed.data, sealed.length),
                  param_time(s, s->now));
}
