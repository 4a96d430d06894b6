/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_LOGIN_OIDC_H
#define SERVICES_API_LOGIN_OIDC_H
/*
 * What we and an issuer who logs people in say to each other (OpenID Connect Core 1.0, code flow with
 * PKCE S256; source: docs.digdir.no, ID-porten). All that belongs to one login follows from
 * a secret of the browser that began it: state, nonce and code verifier need no place of
 * their own, and whoever lacks the secret can use none of them.
 */
#include "common/problem/scope.h"

struct entrance;

/* Paths of our own that the issuer knows. */
#define LOGIN_ANSWER "/logg-inn/svar"
#define LOGGED_OUT "/logget-ut"

/* The state that belongs to the login. */
const char *oidc_state(struct scope *s, const char *secret);

/* Where the browser goes to log in, as whom a trial says (hint, or NULL).
 * PROBLEM_UNAVAILABLE while the issuer can't be asked where that is. */
enum problem oidc_login_address(struct scope *s, struct entrance *at, const char *secret,
                                const char *hint, const char **out);

/* Where it goes to log out there too; NULL if the issuer says of no such place.
 * PROBLEM_UNAVAILABLE as above. */
enum problem oidc_logout_address(struct scope *s, struct entrance *at, const char **out);

/* Exchanges the code for what the issuer says of who came back, over a connection of our
 * own. The claims are the scope's.
 * UNAUTHENTICATED   the code is not good, or what came for it is not this login's
 * FORBIDDEN         they logged in, but not at a level that is high enough
 * UNAVAILABLE       the issuer does not answer, or too many wait for it */
enum problem oidc_redeem(struct scope *s, struct entrance *at, const char *secret,
                         const char *code, const json_t **claims);

/* What a token says before anyone has proven it: good for choosing who could. NULL if it
 * says nothing. */
const json_t *oidc_unproven(struct scope *s, const char *token);
bool oidc_claims_to_be_of(const struct entrance *at, const json_t *claims);

/* A session of the issuer's that ended; one of the same name that begins later is another:
 * who shows the statement again ends nothing. */
struct ended_session {
    const char *sid;
    int64_t begun_by; /* at the latest */
};

/* Which of its sessions the issuer says has ended (OpenID Connect Back-Channel Logout 1.0).
 * MALFORMED if the token is no such statement of the issuer's about one session. */
enum problem oidc_ended_session(struct scope *s, struct entrance *at, const char *token,
                                struct ended_session *out);

#endif
