/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_CASE_RULES_H
#define COMMON_CASE_RULES_H
/*
 * What a municipality may set of how its cases go. A case keeps the rules that held when it was
 * received: whoever asks, and whenever, gets the same.
 */
#include "common/db/values.h"

struct rules {
    int first_talk_days;        /* working days until the first talk is due */
    int first_talk_urgent_days; /* the same if it is acute or the applicant is in hospital */
    int team_services;          /* so many services, and a team looks at them */
    int team_step;              /* from this step of the care ladder on a team looks at it */
};

/* Where the municipality has set nothing. */
extern const struct rules rules_of_the_house;

/* How far each may be set, for whoever checks it. */
struct rule_range {
    const char *name;
    size_t offset; /* of the int in struct rules */
    int least, most;
};
extern const struct rule_range rule_ranges[]; /* ended by a row without name */

/* Of a row with columns of their names: what is NULL is the house's. */
struct rules rules_at(const struct result *r, int row);

/* The rules of each case, in the order given. PROBLEM_NOT_FOUND if one is not there. */
enum problem rules_find(struct scope *s, const char *const *case_ids, size_t count,
                        struct rules *out);

#endif
