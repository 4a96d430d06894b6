/* SPDX-License-Identifier: EUPL-1.2 */
/* Roles by name, as rows of the database and the access log have them. */
#include "common/who/role.h"

#include <string.h>

static const struct {
    enum role role;
    const char *name;
} roles[] = {
    { ROLE_APPLICANT, "applicant" },
    { ROLE_CASEWORKER, "caseworker" },
    { ROLE_TEAM_LEADER, "team_leader" },
    { ROLE_TEAM_MEMBER, "team_member" },
    { ROLE_BENEFIT_OWNER, "benefit_owner" },
    { ROLE_PRIVACY_OFFICER, "privacy_officer" },
    { ROLE_ADMINISTRATOR, "administrator" },
    { ROLE_OPERATOR, "operator" },
    { ROLE_SYSTEM, "system" },
};
enum { ROLES = sizeof(roles) / sizeof(*roles) };

struct texts role_names(struct scope *s, unsigned bits)
{
    const char **names = arena_array(s->arena, ROLES, sizeof(*names));
    size_t count = 0;
    for (size_t i = 0; i < ROLES; i++)
        if (bits & roles[i].role)
            names[count++] = roles[i].name;
    return (struct texts){ .items = names, .count = count };
}

unsigned role_named(const char *name)
{
    for (size_t i = 0; i < ROLES && name; i++)
        if (strcmp(roles[i].name, name) == 0)
            return roles[i].role;
    return 0;
}

unsigned roles_named(const struct texts *names)
{
    unsigned bits = 0;
    for (size_t i = 0; i < names->count; i++)
        bits |= role_named(names->items[i]);
    return bits;
}
