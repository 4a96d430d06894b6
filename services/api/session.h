/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_SESSION_H
#define SERVICES_API_SESSION_H
/*
 * Our own sessions of citizens: 30 minutes without a request end one, two hours in any
 * case, as the issuer's own do. Each function takes a connection by itself;
 * PROBLEM_UNAVAILABLE if there is none.
 */
#include "common/api.h"
#include "common/cookie.h"

/* The cookie of a login that has begun; SESSION_COOKIE is that of a session. */
#define LOGIN_COOKIE "__Host-tillit-login"

/* Whose session the cookies open (struct api's recognise). */
enum problem session_recognise(struct scope *s, const char *cookies, struct principal *out);

/* Begins a session of the person with that national id: always with a new secret, in place
 * of what the cookies opened before. issuer_session is the issuer's name of its own (sid),
 * or NULL. *cookie is what to set. */
enum problem session_begin(struct scope *s, const char *cookies, const char *person,
                           const char *issuer_session, const char **cookie);

/* Ends what the cookies open, if they open anything. */
enum problem session_end(struct scope *s, const char *cookies);

/* Ends all sessions that began under that one of the issuer's. */
enum problem session_end_of(struct scope *s, const char *issuer_session);

/* Runs one statement on a connection of its own. */
enum problem session_run(struct scope *s, const struct statement *statement,
                         struct result *out, const struct param *params, int count);
#define SESSION_RUN(s, statement, out, ...)                                                \
    session_run(                                                                           \
        (s), (statement), (out), (const struct param[]){ __VA_ARGS__ },                    \
        (int)(sizeof((const struct param[]){ __VA_ARGS__ }) / sizeof(struct param)))

#endif
