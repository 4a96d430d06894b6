/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_CASE_STANDING_H
#define SERVICES_API_CASE_STANDING_H
/*
 * How one of the staff stands to a case: what is not theirs is not there, what may be
 * theirs they open for a reason, for a while. In the transaction that is open, as staff.
 *
 *      caseworkers       every case of the municipality: all of them handle all kinds
 *      team              the cases on an agenda of a team of theirs
 *      shielded          the named few alone
 *      own relations     nobody, whatever their role
 *
 * What is not theirs by role they may open in an emergency; a privacy officer looks at that
 * afterwards. Sources: pasientjournalloven § 22, Normen faktaark 14 and 15.
 */
#include "common/problem/scope.h"

enum standing {
    UNKNOWN, /* there is no such case, or none that they may know of: nothing else is told */
    OUTSIDE, /* not theirs, but in an emergency */
    AT_DOOR, /* theirs to open, for a reason */
    INSIDE,  /* it is open to them */
};

struct case_standing {
    enum standing standing;
    const char *municipality;
    const char *reference;
    const char *status;
    bool emergency;     /* it is open because of one */
    bool mine;          /* they have taken it on */
    const char *worker; /* the name of whoever has; NULL = nobody */
    int64_t until;      /* how long it is open */
    const char *reason; /* code of why it is open, "emergency" in one; NULL = it is not */
    const char *words;  /* that they gave besides, or NULL; by standing_find alone */
};

/* NOT_FOUND: there is no such case, or none that they may know of. */
enum problem standing_find(struct scope *s, const char *case_id, struct case_standing *out);

/* To each of the cases, in their order. */
enum problem standings_find(struct scope *s, const char *const *case_ids, size_t count,
                            struct case_standing *out);

enum { OPENING_LONGEST = 500, OPENING_SHORTEST = 3 }; /* characters of the words */

/* Opens the case, to which who asks stands so. MALFORMED with the fields' errors (/reason, one of
 * opening_reason_codes; /words, which "other" and an emergency need);
 * FORBIDDEN where it takes an emergency and is not said to be one. */
enum problem standing_open(struct scope *s, const char *case_id, const struct case_standing *at,
                           const char *reason, const char *words, bool emergency);

/* Who asks says that they stand too near to the person of that national id (checked before)
 * to handle a case of theirs: forvaltningsloven § 6. It is never taken back here. */
enum problem standing_step_back(struct scope *s, const char *person);

#endif
