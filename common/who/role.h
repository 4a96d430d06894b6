/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WHO_ROLE_H
#define COMMON_WHO_ROLE_H
/* Who may use a route: roles, as bits and by name. ANYONE needs no login. */
#include "common/base/text.h"
#include "common/problem/scope.h"

enum role { /* bits in the order of role_codes */
    ANYONE = 0,
    ROLE_APPLICANT = 1 << 0,
    ROLE_CASEWORKER = 1 << 1,
    ROLE_TEAM_LEADER = 1 << 2,
    ROLE_TEAM_MEMBER = 1 << 3,
    ROLE_BENEFIT_OWNER = 1 << 4,
    ROLE_PRIVACY_OFFICER = 1 << 5,
    ROLE_ADMINISTRATOR = 1 << 6,
    ROLE_OPERATOR = 1 << 7,
    ROLE_SYSTEM = 1 << 8,
    ROLES_OF_CASES = ROLE_CASEWORKER | ROLE_TEAM_MEMBER | ROLE_TEAM_LEADER,
    ROLES_OF_STAFF = ROLES_OF_CASES | ROLE_BENEFIT_OWNER | ROLE_PRIVACY_OFFICER |
                     ROLE_ADMINISTRATOR | ROLE_OPERATOR,
};

/* The roles of the bits, by name: "caseworker". */
struct texts role_names(struct scope *s, unsigned roles);

/* The bits of roles by name; a name that is none of ours, or NULL, is no bit. */
unsigned role_named(const char *name);
unsigned roles_named(const struct texts *names);

#endif
