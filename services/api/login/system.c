/* SPDX-License-Identifier: EUPL-1.2 */
/* Other systems log in with Maskinporten's tokens; each request carries its own. */
#include "services/api/login/system.h"

#include <string.h>

#include "common/program/program.h"
#include "common/token/issuer.h"
#include "common/token/jose.h"
#include "common/token/token.h"
#include "common/who/who.h"
#include "services/api/tenants/municipality.h"
#include "services/api/tenants/state.h"

static const char authority[] = "iso6523-actorid-upis";
static const char register_code[] = "0192:"; /* Enhetsregisteret, in ISO 6523 */

/* The organisation's nine digits, or NULL if the claim names none. */
static const char *organisation_of(const json_t *claims, const char *name)
{
    const json_t *party = json_object_get(claims, name);
    const char *kind = json_string_value(json_object_get(party, "authority"));
    const char *id = json_string_value(json_object_get(party, "ID"));
    if (!kind || strcmp(kind, authority) != 0 || !id ||
        strncmp(id, register_code, strlen(register_code)) != 0)
        return NULL;
    id += strlen(register_code);
    return strlen(id) == 9 && strspn(id, "0123456789") == 9 ? id : NULL;
}

static void log_supplier(const struct scope *s, const char *client, const char *supplier)
{
    if (supplier)
        LOG_WRITE(s->program->log, s->now, LOG_LEVEL_INFO, "on behalf of a client",
                  { LOG_CLIENT, client }, { LOG_SUPPLIER, supplier },
                  { LOG_REQUEST_ID, s->request_id });
}

enum problem system_admit(struct scope *s, const char *token, const char *scope,
                          struct principal *out)
{
    struct token verified;
    struct client client;
    struct issuer *issuer = systems_issuer(s);
    if (!issuer)
        return scope_fail(s, PROBLEM_UNAUTHENTICATED, "no system logs in here");
    TRY(issuer_verify(s, issuer, token, strlen(token), &verified));
    const char *held = json_member_text(verified.claims, "scope");
    const char *organisation = organisation_of(verified.claims, "consumer");
    if (!organisation || !client_find(s, organisation, &client))
        return scope_fail(s, PROBLEM_FORBIDDEN, "the organisation was not let in");
    *out = (struct principal){
        .kind = WHO_SYSTEM,
        .client = arena_printf(s->arena, "%s%s", register_code, client.organisation),
        .tenants = client.municipalities,
        .name = client.name,
    };
    if (!scope || !text_lists(held, ' ',
                              arena_printf(s->arena, "%s%s",
                                           s->program->settings.scope_prefix, scope)))
        return scope_fail(s, PROBLEM_FORBIDDEN, "the token does not hold the scope");
    log_supplier(s, out->client, organisation_of(verified.claims, "supplier"));
    return OK;
}
