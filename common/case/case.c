/* SPDX-License-Identifier: EUPL-1.2 */
/* The case's statuses and moves, made from status.def. */
#include "common/case/case.h"

#include <string.h>

#include "common/case/queries.h"
#include "common/event/event.h"
#include "common/words/words.h"

static const char *const statuses[CASE_STATUS_COUNT] = {
#define STATUS(name) [CASE_##name] = #name,
#include "common/case/status.def"
#undef STATUS
};

static const struct {
    enum case_status from;
    enum case_status to;
    enum actor by;
    const char *because;
} moves[] = {
#define MOVE(from, to, by, because) { CASE_##from, CASE_##to, by, because },
#include "common/case/status.def"
#undef MOVE
};

static const char *const actors[ACTOR_COUNT] = {
    [TRIAGE] = "TRIAGE",         [SCHEDULING] = "SCHEDULING",   [LETTERS] = "LETTERS",
    [CASEWORKER] = "CASEWORKER", [TEAM_LEADER] = "TEAM_LEADER", [APPLICANT] = "APPLICANT",
    [SYSTEM] = "SYSTEM",
};

enum { MOVES = sizeof(moves) / sizeof(*moves) };

const char *case_status_name(enum case_status status)
{
    return statuses[status];
}

const char *case_status_words(enum case_status status, enum language language)
{
    return words_for(language, "case.", statuses[status]);
}

const char *actor_name(enum actor actor)
{
    return actors[actor];
}

bool case_status_find(const char *name, enum case_status *out)
{
    for (int i = 0; i < CASE_STATUS_COUNT; i++)
        if (strcmp(statuses[i], name) == 0) {
            *out = (enum case_status)i;
            return true;
        }
    return false;
}

bool case_may_move(enum case_status from, enum case_status to, enum actor by)
{
    for (int i = 0; i < MOVES; i++)
        if (moves[i].from == from && moves[i].to == to && moves[i].by == by)
            return true;
    return false;
}

bool case_status_is_end(enum case_status status)
{
    for (int i = 0; i < MOVES; i++)
        if (moves[i].from == status && moves[i].to != CASE_DECEASED)
            return false;
    return true;
}

static enum problem row_at(struct scope *s, const struct result *r, int row, struct case_row *out)
{
    enum case_status status;
    if (!case_status_find(result_text(r, row, "status"), &status))
        return scope_fail(s, PROBLEM_BUG, "the case has an unknown status");
    *out = (struct case_row){
        .id = result_text(r, row, "id"),
        .municipality = result_text(r, row, "municipality"),
        .reference = result_text(r, row, "reference"),
        .status = status,
        .last_seq = result_integer(r, row, "last_seq"),
        .received_at = result_time(r, row, "received_at"),
        .shielded = result_flag(r, row, "shielded"),
    };
    return OK;
}

enum problem case_lock(struct scope *s, const char *case_id, struct case_row *out)
{
    struct result found;
    TRY(DB_RUN(s, &sql_case_lock, &found, param_text(case_id)));
    if (found.count == 0)
        return scope_fail(s, PROBLEM_NOT_FOUND, "there is no such case");
    return row_at(s, &found, 0, out);
}

enum problem cases_lock(struct scope *s, const char *const *ids, size_t count,
                        struct case_row *rows)
{
    struct result found;
    TRY(DB_RUN(s, &sql_cases_lock, &found, param_ids(s, ids, count)));
    if ((size_t)found.count != count)
        return scope_fail(s, PROBLEM_NOT_FOUND, "there is no such case");
    for (size_t i = 0; i < count; i++)
        TRY(row_at(s, &found, (int)i, &rows[i]));
    return OK;
}

enum problem cases_move(struct scope *s, struct case_row *const *rows, size_t count,
                        enum case_status to, enum actor by, const struct event_type *type,
                        const struct saying *sayings)
{
    for (size_t i = 0; i < count; i++)
        if (!case_may_move(rows[i]->status, to, by))
            return scope_fail(s, PROBLEM_WRONG_STATUS, "%s may not move a case from %s to %s",
                              actors[by], statuses[rows[i]->status], statuses[to]);
    TRY(events_append_moving(s, type, sayings, count, statuses[to]));
    for (size_t i = 0; i < count; i++) {
        rows[i]->status = to;
        rows[i]->last_seq++;
    }
    return OK;
}

enum problem case_passed_or_wrong(struct scope *s, const struct case_row *row, int64_t seq)
{
    if (row->last_seq > seq)
        return scope_fail(s, PROBLEM_PASSED, "the case is %s by now", statuses[row->status]);
    return scope_fail(s, PROBLEM_WRONG_STATUS, "the case is %s at its head",
                      statuses[row->status]);
}
