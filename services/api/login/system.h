/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_LOGIN_SYSTEM_H
#define SERVICES_API_LOGIN_SYSTEM_H
#include "common/problem/scope.h"

/*
 * Whom a system's token speaks for (Maskinporten). The token must be its issuer's and hold
 * the route's scope behind TILLIT_SCOPE_PREFIX; its consumer, an organisation of
 * Enhetsregisteret (authority iso6523-actorid-upis, ID 0192:NNNNNNNNN), must have been let
 * in. With delegation the consumer is on whose behalf, and the supplier is logged.
 * client_id is never looked at: it is not for authorisation. Source: docs.digdir.no,
 * Maskinporten, API provider.
 *
 * UNAUTHENTICATED if the token is refused; FORBIDDEN if it lacks the scope or its
 * organisation may not come; UNAVAILABLE while its issuer's keys can't be fetched.
 */
enum problem system_admit(struct scope *s, const char *token, const char *scope,
                          struct principal *out);

#endif
