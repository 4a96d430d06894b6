/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_LOGIN_SESSION_H
#define SERVICES_API_LOGIN_SESSION_H
/*
 * Our own sessions: of citizens 30 minutes without a request end one, two hours in any
 * case, as ID-porten's own do; of staff an hour and a working day of ten. Each function
 * takes a connection by itself; PROBLEM_UNAVAILABLE if there is none.
 */
#include "common/api/api.h"
#include "common/db/values.h"

struct staff;
struct statement;

/* What our cookies are called: two listeners may share a host, and browsers tell no ports
 * apart. */
const char *session_cookie(enum listener at);
const char *login_cookie(enum listener at);

/* Whose session the cookies open (struct api's recognise). */
enum problem session_recognise(struct scope *s, enum listener at, const char *cookies,
                               struct principal *out);

/* Who has come in. */
struct entry {
    const char *person;         /* a citizen's national id, or NULL */
    const char *called;         /* what their issuer calls a citizen, in one line, or NULL */
    const struct staff *staff;  /* or NULL */
    const char *issuer_session; /* the issuer's name of its session (sid), or NULL */
};

/* Begins a session: always with a new secret, in place of what the cookies opened before.
 * *cookie is what to set. */
enum problem session_begin(struct scope *s, const char *cookies, const struct entry *entry,
                           const char **cookie);

/* Whether the name that a citizen's keys and accesses are kept under (struct principal's client) is that of
 * who asks, by whichever live key it was made. */
bool session_is(struct scope *s, const char *client);

/* Ends what the cookies open, if they open anything. */
enum problem session_end(struct scope *s, enum listener at, const char *cookies);

/* Ends all sessions that began under that one of the issuer's, at that time or before. */
enum problem session_end_of(struct scope *s, const char *issuer_session, int64_t begun_by);

/* Runs one statement on a connection of its own. */
enum problem session_run(struct scope *s, const struct statement *statement,
                         struct result *out, const struct param *params, int count);
#define SESSION_RUN(s, statement, out, ...)                                                \
    session_run(                                                                           \
        (s), (statement), (out), (const struct param[]){ __VA_ARGS__ },                    \
        (int)(sizeof((const struct param[]){ __VA_ARGS__ }) / sizeof(struct param)))

#endif
