/* SPDX-License-Identifier: EUPL-1.2 */
/* The code flow, from the first redirect to the claims of who came back. */
#include "services/api/login/oidc.h"

#include <string.h>

#include "common/base/base64.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/seal/secret.h"
#include "common/time/calendar.h"
#include "common/token/issuer.h"
#include "common/token/jose.h"
#include "common/token/outbound.h"
#include "common/token/signing_key.h"
#include "common/token/token.h"
#include "services/api/tenants/entrance.h"

enum { ASSERTION_SECONDS = 60, LONGEST_CODE = 2048, LONGEST_NAME = 1024, MOST_ASKING = 16 };

static const char ended[] = "http://schemas.openid.net/event/backchannel-logout";

static const char *own_address(struct scope *s, const struct entrance *at, const char *path)
{
    return arena_printf(s->arena, "%s%s", at->own_url, path);
}

const char *oidc_state(struct scope *s, const char *secret)
{
    return secret_derive(s->arena, secret, "state");
}

static const char *verifier_of(struct scope *s, const char *secret)
{
    return secret_derive(s->arena, secret, "verifier");
}

/* base?name=value&... */
static const char *with_query(struct scope *s, const char *base, const struct buffer *query)
{
    return arena_printf(s->arena, "%s%c%s", base, strchr(base, '?') ? '&' : '?',
                        query->text);
}

/* That it is we who ask: signed, for this issuer, for a minute (RFC 7523). */
static enum problem add_proof(struct scope *s, const struct entrance *at, struct buffer *form)
{
    const char *proof;
    json_int_t now = s->now / SECOND_US;
    json_t *claims =
        json_pack("{s: s, s: s, s: s, s: s, s: I, s: I}", "iss", at->client, "sub",
                  at->client, "aud", at->url, "jti",
                  uuid_v7(s->arena, s->now), "iat", now, "exp", now + ASSERTION_SECONDS);
    TRY(signing_key_sign(s, at->key, claims, &proof));
    outbound_field(form, "client_assertion_type",
                   "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    outbound_field(form, "client_assertion", proof);
    return OK;
}

/* An issuer that is slow must not hold every thread: the others are told so at once. */
static enum problem ask_in_turn(struct scope *s, struct entrance *at, const char *url,
                                const char *form, struct outbound_answer *answer)
{
    enum problem p = PROBLEM_UNAVAILABLE;
    if (atomic_fetch_add(&at->asking, 1) < MOST_ASKING)
        p = outbound_post(s, url, form, answer);
    else
        scope_fail(s, p, "too many wait for the issuer already");
    atomic_fetch_sub(&at->asking, 1);
    return p;
}

static const char *text_of(struct scope *s, const struct outbound_answer *answer,
                           const char *member)
{
    bool repeats;
    const struct bytes text = { (const unsigned char *)answer->body, answer->length };
    return json_member_text(json_object_decode(s, text, &repeats), member);
}

/* What a login asks for, as a query or a form. */
static struct buffer login_request(struct scope *s, const struct entrance *at,
                                   const char *secret, const char *hint)
{
    struct buffer b = buffer_new(s->arena);
    struct bytes challenge = secret_hash(s->arena, verifier_of(s, secret));
    outbound_field(&b, "response_type", "code");
    outbound_field(&b, "client_id", at->client);
    outbound_field(&b, "redirect_uri", own_address(s, at, LOGIN_ANSWER));
    outbound_field(&b, "scope", "openid");
    if (at->levels)
        outbound_field(&b, "acr_values",
                       arena_strndup(s->arena, at->levels, strcspn(at->levels, ",")));
    outbound_field(&b, "ui_locales", "nb");
    outbound_field(&b, "state", oidc_state(s, secret));
    outbound_field(&b, "nonce", secret_derive(s->arena, secret, "nonce"));
    outbound_field(&b, "code_challenge",
                   base64url_encode(s->arena, challenge.data, challenge.length));
    outbound_field(&b, "code_challenge_method", "S256");
    if (hint)
        outbound_field(&b, "login_hint", hint);
    return b;
}

/* Tells the issuer itself what will be asked: the browser carries a name for it, and can
 * neither read nor change it (RFC 9126). */
static enum problem push(struct scope *s, struct entrance *at, const char *url,
                         struct buffer *request)
{
    struct outbound_answer answer;
    TRY(add_proof(s, at, request));
    enum problem p = ask_in_turn(s, at, url, request->text, &answer);
    if (p == PROBLEM_FORBIDDEN)
        return PROBLEM_UNAVAILABLE; /* nothing that who logs in could do otherwise */
    TRY(p);
    const char *name = text_of(s, &answer, "request_uri");
    if (!name || !*name || strlen(name) > LONGEST_NAME)
        return scope_fail(s, PROBLEM_UNAVAILABLE,
                          "the issuer gave no name for what will be asked");
    *request = buffer_new(s->arena);
    outbound_field(request, "client_id", at->client);
    outbound_field(request, "request_uri", name);
    return OK;
}

enum problem oidc_login_address(struct scope *s, struct entrance *at, const char *secret,
                                const char *hint, const char **out)
{
    struct issuer_places places;
    TRY(issuer_find_places(s, at->issuer, &places));
    if (!places.authorization)
        return scope_fail(s, PROBLEM_UNAVAILABLE,
                          "the issuer does not say where to log in");
    struct buffer request = login_request(s, at, secret, hint);
    if (places.pushed)
        TRY(push(s, at, places.pushed, &request));
    *out = with_query(s, places.authorization, &request);
    return OK;
}

/* By client_id: an id_token_hint would put the national id into an address. */
enum problem oidc_logout_address(struct scope *s, struct entrance *at, const char **out)
{
    struct issuer_places places;
    struct buffer query = buffer_new(s->arena);
    *out = NULL;
    TRY(issuer_find_places(s, at->issuer, &places));
    if (!places.end_session)
        return OK;
    outbound_field(&query, "client_id", at->client);
    outbound_field(&query, "post_logout_redirect_uri", own_address(s, at, LOGGED_OUT));
    *out = with_query(s, places.end_session, &query);
    return OK;
}

static enum problem exchange(struct scope *s, struct entrance *at, const char *secret,
                             const char *code, const char **id_token)
{
    struct issuer_places places;
    struct outbound_answer answer;
    struct buffer form = buffer_new(s->arena);
    TRY(issuer_find_places(s, at->issuer, &places));
    if (!places.token)
        return scope_fail(s, PROBLEM_UNAVAILABLE,
                          "the issuer does not say where codes are exchanged");
    outbound_field(&form, "grant_type", "authorization_code");
    outbound_field(&form, "client_id", at->client);
    outbound_field(&form, "redirect_uri", own_address(s, at, LOGIN_ANSWER));
    outbound_field(&form, "code", code);
    outbound_field(&form, "code_verifier", verifier_of(s, secret));
    TRY(add_proof(s, at, &form));
    enum problem p = ask_in_turn(s, at, places.token, form.text, &answer);
    if (p == PROBLEM_FORBIDDEN)
        return PROBLEM_UNAUTHENTICATED;
    TRY(p);
    *id_token = text_of(s, &answer, "id_token");
    return *id_token
               ? OK
               : scope_fail(s, PROBLEM_UNAUTHENTICATED, "the issuer gave no id_token");
}

/* Of several whom the token is for, we must be the one to use it. */
static bool is_for_us(const struct entrance *at, const json_t *claims)
{
    const json_t *party = json_object_get(claims, "azp");
    if (party)
        return json_is_text(party, at->client);
    return json_array_size(json_object_get(claims, "aud")) <= 1;
}

static enum problem check_claims(struct scope *s, const struct entrance *at,
                                 const char *secret, const json_t *claims)
{
    const char *nonce = json_member_text(claims, "nonce");
    if (!secret_same(nonce, secret_derive(s->arena, secret, "nonce")) ||
        !is_for_us(at, claims))
        return scope_fail(s, PROBLEM_UNAUTHENTICATED, "the id_token is another login's");
    if (at->levels && !text_lists(at->levels, ',', json_member_text(claims, "acr")))
        return scope_fail(s, PROBLEM_FORBIDDEN, "the level of assurance is too low");
    return OK;
}

enum problem oidc_redeem(struct scope *s, struct entrance *at, const char *secret,
                         const char *code, const json_t **claims)
{
    const char *id_token;
    struct token token;
    if (!code || !*code || strlen(code) > LONGEST_CODE)
        return scope_fail(s, PROBLEM_UNAUTHENTICATED, "there is no code");
    TRY(exchange(s, at, secret, code, &id_token));
    TRY(issuer_verify(s, at->issuer, id_token, strlen(id_token), &token));
    *claims = token.claims;
    return check_claims(s, at, secret, token.claims);
}

const json_t *oidc_unproven(struct scope *s, const char *token)
{
    struct bytes payload;
    bool repeats;
    const char *from = strchr(token, '.'), *to = from ? strchr(from + 1, '.') : NULL;
    if (!to || strlen(token) > TOKEN_LONGEST ||
        !base64url_decode(s->arena, from + 1, (size_t)(to - from - 1), &payload))
        return NULL;
    return json_object_decode(s, payload, &repeats);
}

bool oidc_claims_to_be_of(const struct entrance *at, const json_t *claims)
{
    const json_t *audience = json_object_get(claims, "aud");
    return json_is_text(json_object_get(claims, "iss"), at->url) &&
           (json_is_text(audience, at->client) || json_lists(audience, at->client));
}

enum problem oidc_ended_session(struct scope *s, struct entrance *at, const char *text,
                                struct ended_session *out)
{
    struct token token;
    enum problem p = issuer_verify(s, at->issuer, text, strlen(text), &token);
    if (p == PROBLEM_UNAUTHENTICATED)
        return scope_fail(s, PROBLEM_MALFORMED, "the logout token is refused");
    TRY(p);
    const char *sid = json_member_text(token.claims, "sid");
    const json_t *events = json_object_get(token.claims, "events"),
                 *said_at = json_object_get(token.claims, "iat");
    if (!sid || !*sid || !json_is_object(json_object_get(events, ended)) || !said_at ||
        json_object_get(token.claims, "nonce"))
        return scope_fail(s, PROBLEM_MALFORMED,
                          "the token says of no session that it ended");
    *out = (struct ended_session){
        .sid = arena_strdup(s->arena, sid),
        .begun_by = (json_integer_value(said_at) + TOKEN_SKEW_SECONDS) * SECOND_US,
    };
    return OK;
}
