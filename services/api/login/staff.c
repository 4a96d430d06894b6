/* SPDX-License-Identifier: EUPL-1.2 */
/* Staff come with their issuer's word for what they are; a row of ours remembers who they
 * were. */
#include "services/api/login/staff.h"

#include <string.h>

#include "common/base/uuid.h"
#include "common/db/pool.h"
#include "common/program/program.h"
#include "common/token/jose.h"
#include "common/who/role.h"
#include "common/who/tenants.h"
#include "common/who/who.h"
#include "services/api/case/person.h"
#include "services/api/login/queries.h"
#include "services/api/tenants/municipality.h"

/* The member that "realm_access.roles" leads to; NULL if it leads nowhere. */
static const json_t *follow(struct scope *s, const json_t *claims, const char *path)
{
    while (claims && *path) {
        size_t length = strcspn(path, ".");
        claims = json_object_get(claims, arena_strndup(s->arena, path, length));
        path += length + (path[length] == '.');
    }
    return claims;
}

/* What the claim's words, one or a list, mean here. */
static unsigned roles_claimed(struct scope *s, const struct staff_login *login,
                              const json_t *claims)
{
    const json_t *said = follow(s, claims, login->roles_claim), *word;
    json_t *map = arena_value(s->arena, json_loads(login->role_map, 0, NULL));
    unsigned bits = json_is_string(said) ? role_named(json_member_text(map, json_string_value(said)))
                                         : 0;
    size_t index;
    json_array_foreach(said, index, word)
        if (json_is_string(word))
            bits |= role_named(json_member_text(map, json_string_value(word)));
    return bits & ROLES_OF_STAFF;
}

/* As of the municipality, whose row it is. */
static enum problem keep_row(struct scope *s, const char *subject, struct staff *out)
{
    struct result r;
    struct principal as = { .kind = WHO_STAFF, .tenants = out->municipality };
    const struct principal *before = s->who;
    s->who = &as;
    enum problem p = api_staff(s);
    if (!p)
        p = DB_RUN(s, &sql_staff_come_in, &r, param_text(uuid_v7(s->arena, s->now)),
                   param_text(out->municipality), param_text(subject), param_text(out->name),
                   param_text(out->unit), param_text(role_names(s, out->roles).items[0]));
    if (!p)
        p = db_commit(s);
    if (!p)
        out->id = result_text(&r, 0, "id");
    pool_give(s, s->program->pool);
    s->who = before;
    return p;
}

enum problem staff_come_in(struct scope *s, const struct staff_login *login,
                           const json_t *claims, struct staff *out)
{
    const char *subject = json_member_text(claims, "sub"),
               *name = json_member_text(claims, "name"),
               *unit = json_member_text(claims, "department"),
               *person = json_member_text(claims, "pid");
    if (!subject || !*subject || text_blank(name))
        return scope_fail(s, PROBLEM_UNAUTHENTICATED, "the issuer names no subject or no name");
    *out = (struct staff){
        .municipality = login->municipality,
        .name = arena_strdup(s->arena, name),
        .unit = text_blank(unit) ? NULL : arena_strdup(s->arena, unit),
        .person = person && submitter_may_have(s, person) ? arena_strdup(s->arena, person) : NULL,
        .roles = roles_claimed(s, login, claims),
    };
    if (!out->roles)
        return scope_fail(s, PROBLEM_NOT_FOUND, "the issuer gives them no role of ours");
    return keep_row(s, subject, out);
}
