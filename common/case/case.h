/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_CASE_CASE_H
#define COMMON_CASE_CASE_H
/*
 * The life of a case: its statuses and who may move it (status.def). The database holds a copy of
 * the table and refuses anything else.
 */
#include "common/problem/scope.h"
#include "common/words/codes.h"

struct event_type;
struct saying;

enum case_status {
#define STATUS(name) CASE_##name,
#include "common/case/status.def"
#undef STATUS
    CASE_STATUS_COUNT,
};

enum actor {
    TRIAGE,
    SCHEDULING,
    LETTERS,
    CASEWORKER,
    TEAM_LEADER,
    APPLICANT,
    SYSTEM,
    ACTOR_COUNT,
};

const char *case_status_name(enum case_status status); /* "RECEIVED" */
/* What it means for the applicant. */
const char *case_status_words(enum case_status status, enum language language);
bool case_status_find(const char *name, enum case_status *out);
const char *actor_name(enum actor actor);
bool case_may_move(enum case_status from, enum case_status to, enum actor by);
/* No move but DECEASED leads out of it: the case has ended. */
bool case_status_is_end(enum case_status status);

/* The case, as its locked row says. Lives as long as the scope. */
struct case_row {
    const char *id;
    const char *municipality;
    const char *reference;
    enum case_status status;
    int64_t last_seq;
    int64_t received_at;
    bool shielded;
};

/* Locks the case's row until the transaction ends (FOR NO KEY UPDATE). PROBLEM_NOT_FOUND if there is
 * none, or none that the transaction may see. */
enum problem case_lock(struct scope *s, const char *case_id, struct case_row *out);

/* The same of several, in the order of their ids (which must be sorted, none twice). rows[i] is the
 * case of ids[i]; PROBLEM_NOT_FOUND if one is not there. */
enum problem cases_lock(struct scope *s, const char *const *ids, size_t count,
                        struct case_row *rows);

/* Moves locked cases, all to one status, and says of each the event that tells of it: sayings[i] is
 * of rows[i]. PROBLEM_WRONG_STATUS if the table lacks one of the moves, then none is moved. Updates the
 * rows' statuses and last numbers. */
enum problem cases_move(struct scope *s, struct case_row *const *rows, size_t count,
                        enum case_status to, enum actor by, const struct event_type *type,
                        const struct saying *sayings);

/* The verdict of a worker whose effect needs one of the statuses up to `latest` while the case is
 * not there: PROBLEM_PASSED if the case has later numbers than seq and has moved on, else
 * PROBLEM_WRONG_STATUS (parks: a wrong status at the case's head). */
enum problem case_passed_or_wrong(struct scope *s, const struct case_row *row, int64_t seq);

#endif
