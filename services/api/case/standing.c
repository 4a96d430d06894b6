/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who may see a case, decided anew at every request: what has changed since counts at once.
 *
 * To a case a person of the staff stands in one of four ways. UNKNOWN: it is another municipality's, shielded from them,
 * their own, or about somebody they stand too near; they are told the same as of a case that there is not, for that it
 * exists is already a secret. OUTSIDE: it is none of theirs, and opens in an emergency alone, for an hour, looked at
 * afterwards by a privacy officer. AT_DOOR: theirs to open by role or agenda, for a reason that is kept and that the
 * person reads. INSIDE: they have opened it, within a working day.
 *
 * One statement asks for all of a page's cases what the database knows (municipality, shield, agenda, who has taken it, what
 * is open); what only sealed columns know (whose case it is, by blind indexes under every live key) is compared there too,
 * so no list is ever read and filtered afterwards. Row-level security keeps municipalities apart below this; it is no
 * substitute, for it knows no roles, reasons or relations.
 *
 * Rejected: rights kept as rows (they would have to be taken away in time, by something that can fail), a cache (a shield must
 * count from the next request on), and telling a refused one why (it answers what was asked).
 */
#include "services/api/case/standing.h"

#include <string.h>

#include "common/base/uuid.h"
#include "common/case/document.h"
#include "common/who/role.h"
#include "common/who/who.h"
#include "services/api/case/person.h"
#include "services/api/case/queries.h"

/* A working day; an emergency is short. */
#define OPEN_FOR (8 * 3600 * SECOND_US)
#define EMERGENCY_FOR (3600 * SECOND_US)

/* Of the staff themselves, where their issuer names them, and of those they stand too near. */
static enum problem indexes_near(struct scope *s, struct array *out)
{
    struct result relations;
    const char *tenants = s->who->tenants;
    *out = array_new(s, ARRAY_OF_BYTES, 0);
    if (s->who->person)
        person_indexes_add(s, tenants, s->who->person, out);
    TRY(DB_RUN(s, &sql_relations_of_staff, &relations, param_text(s->who->staff_id)));
    for (int i = 0; i < relations.count; i++) {
        struct bytes person;
        TRY(document_open(s, SEAL_RELATION, &relations, i, &person));
        person_indexes_add(s, tenants, (const char *)person.data, out);
    }
    return OK;
}

static enum standing decide(const struct principal *who, const struct result *r, int row)
{
    if (!result_null(r, row, "until"))
        return INSIDE;
    bool theirs = who->roles & ROLE_CASEWORKER || result_flag(r, row, "on_agenda");
    return theirs ? AT_DOOR : OUTSIDE;
}

static struct case_standing standing_at(const struct scope *s, const struct result *r, int row)
{
    const char *municipality = result_text(r, row, "municipality"),
               *worker = result_text(r, row, "worker_id");
    if (!municipality || result_flag(r, row, "near") ||
        (result_flag(r, row, "shielded") && !result_flag(r, row, "named")))
        return (struct case_standing){ .standing = UNKNOWN };
    return (struct case_standing){
        .standing = decide(s->who, r, row),
        .municipality = municipality,
        .reference = result_text(r, row, "reference"),
        .status = result_text(r, row, "status"),
        .emergency = result_flag(r, row, "emergency"),
        .mine = worker && strcmp(worker, s->who->staff_id) == 0,
        .worker = result_text(r, row, "worker_name"),
        .until = result_time(r, row, "until"),
        .reason = result_text(r, row, "reason"),
    };
}

static enum problem load(struct scope *s, const char *const *case_ids, size_t count,
                         struct result *out)
{
    struct array near;
    TRY(indexes_near(s, &near));
    return DB_RUN(s, &sql_cases_standing, out, param_ids(s, case_ids, count),
                  param_text(s->who->staff_id), param_time(s, s->now), param_array(&near));
}

enum problem standings_find(struct scope *s, const char *const *case_ids, size_t count,
                            struct case_standing *out)
{
    struct result r;
    TRY(load(s, case_ids, count, &r));
    for (int i = 0; i < r.count; i++)
        out[i] = standing_at(s, &r, i);
    return OK;
}

enum problem standing_find(struct scope *s, const char *case_id, struct case_standing *out)
{
    struct result r;
    struct bytes words;
    TRY(load(s, &case_id, 1, &r));
    *out = standing_at(s, &r, 0);
    if (out->standing == UNKNOWN)
        return PROBLEM_NOT_FOUND;
    TRY(document_open(s, SEAL_OPENING, &r, 0, &words));
    out->words = (const char *)words.data;
    return OK;
}

static enum problem check_opening(struct scope *s, const char *code, const char *words,
                                  bool emergency)
{
    bool reason = code_index(opening_reason_codes, code) >= 0;
    size_t length = text_blank(words) ? 0 : text_characters(words);
    bool short_of = length > 0 && text_visible(words) < OPENING_SHORTEST;
    if (!emergency && !reason)
        scope_fault(s, "/reason", code && *code ? FAULT_CHOICE : FAULT_MISSING);
    if (length == 0 && (emergency || (reason && strcmp(code, "other") == 0)))
        scope_fault(s, "/words", FAULT_MISSING);
    else if (length > OPENING_LONGEST || short_of)
        scope_fault(s, "/words", FAULT_LENGTH);
    else if (length > 0 && national_id_within(words))
        scope_fault(s, "/words", FAULT_FORMAT); /* those whom the case is about read it */
    return scope_faults(s);
}

enum problem standing_open(struct scope *s, const char *case_id, const struct case_standing *at,
                           const char *code, const char *words, bool emergency)
{
    struct bytes sealed = { 0 };
    const char *id = uuid_v7(s->arena, s->now);
    if (at->standing == OUTSIDE && !emergency)
        return scope_fail(s, PROBLEM_FORBIDDEN, "the case is not theirs but in an emergency");
    TRY(check_opening(s, code, words, emergency));
    if (!text_blank(words))
        TRY(seal_close(s, SEAL_OPENING, at->municipality, id, words, strlen(words), &sealed));
    return DB_RUN(s, &sql_case_open, NULL, param_text(id), param_text(at->municipality),
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
