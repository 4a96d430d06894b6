/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Citizens log in and out: to the issuer and back, to the page that they came for. A login
 * is a row that is taken once, opened by a cookie of the browser that began it: nobody
 * else's code or state leads anywhere.
 */
#include <string.h>

#include "common/clock.h"
#include "common/cookie.h"
#include "common/program.h"
#include "common/secret.h"
#include "services/api/handlers.h"
#include "services/api/oidc.h"
#include "services/api/prov.h"
#include "services/api/queries.h"
#include "services/api/routes.h"
#include "services/api/session.h"
#include "services/api/state.h"
#include "services/api/texts.h"

enum { LOGIN_SECONDS = 10 * 60, LONGEST_PATH = 200 };

static const char first_page[] = "/soknad";

/* A page of ours that needs a login; an address of any other kind is nobody's to send
 * people to. */
static bool may_come_back(struct scope *s, const char *path)
{
    static const char chosen[] = "?kommune=";
    const char *query = strchr(path, '?');
    if (strlen(path) > LONGEST_PATH ||
        (query && (strncmp(query, chosen, strlen(chosen)) != 0 ||
                   !text_has_format(query + strlen(chosen), FORMAT_MUNICIPALITY))))
        return false;
    const char *page = query ? arena_strndup(s->arena, path, (size_t)(query - path)) : path;
    const struct route *route = api_route(s->arena, routes, PUBLIC, page);
    return route && route->role == ROLE_APPLICANT && !route->summary &&
           (!query || strcmp(page, first_page) == 0);
}

static enum problem begin(struct scope *s, const char *back, const char *hint,
                          struct http_reply *reply)
{
    const char *secret = secret_new(s->arena);
    struct bytes hash = secret_hash(s->arena, secret);
    TRY(oidc_login_address(s, secret, hint, &reply->location));
    TRY(SESSION_RUN(s, &sql_login_begin, NULL, param_bytes(hash.data, hash.length),
                    param_text(back), param_time(s, s->now),
                    param_time(s, s->now - LOGIN_SECONDS * SECOND_US)));
    reply->cookies[0] = cookie_set(s->arena, LOGIN_COOKIE, secret, LOGIN_SECONDS);
    return OK;
}

/* What a login that failed says. */
static const struct {
    enum problem problem;
    int status;
    const char *page;
} failures[] = {
    { PROBLEM_UNAUTHENTICATED, 400, "login_failed" },
    { PROBLEM_FORBIDDEN, 403, "login_level" },
    { PROBLEM_NOT_FOUND, 403, "login_person" },
    { PROBLEM_UNAVAILABLE, 503, "login_away" },
};

/* The problem is returned with its page: logged as what it is. */
static enum problem say_failure(struct scope *s, enum problem p, struct http_reply *reply)
{
    for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++)
        if (failures[i].problem == p) {
            const char *cookie = reply->cookies[0];
            *reply = (struct http_reply){ .cookies = { cookie } };
            TRY(page_message(s, failures[i].page, failures[i].status, "/logg-inn",
                             "login_again", reply));
            reply->retry_after = p == PROBLEM_UNAVAILABLE ? 5 : 0;
        }
    return p;
}

enum problem login_begin(struct scope *s, const struct request *request,
                         struct reply *reply)
{
    const char *back = pairs_get(&request->query, "til"),
               *as = pairs_get(&request->query, "som");
    bool trial = s->program->settings.synthetic;
    if (!citizens_of(s) || (back && !may_come_back(s, back)) ||
        (as && !(trial && synthetic_known(as))))
        return page_message(s, "missing", 404, NULL, NULL, &reply->http);
    enum problem p = begin(s, back ? back : first_page, as, &reply->http);
    return p ? say_failure(s, p, &reply->http) : OK;
}

/* The login that the browser's cookie opens and the state belongs to, taken for good. */
static enum problem take_login(struct scope *s, const struct request *request,
                               const char **secret, const char **back)
{
    struct result r;
    *secret = cookie_find(s->arena, http_header(request->http, "Cookie"), LOGIN_COOKIE);
    const char *issuer = pairs_get(&request->query, "iss");
    if (!secret_well_formed(*secret) ||
        !oidc_state_is(s, *secret, pairs_get(&request->query, "state")))
        return scope_fail(s, PROBLEM_UNAUTHENTICATED, "the state is not this browser's");
    if (issuer && strcmp(issuer, s->program->settings.citizen_issuer) != 0)
        return scope_fail(s, PROBLEM_UNAUTHENTICATED, "another issuer answers");
    struct bytes hash = secret_hash(s->arena, *secret);
    TRY(SESSION_RUN(s, &sql_login_take, &r, param_bytes(hash.data, hash.length),
                    param_time(s, s->now - LOGIN_SECONDS * SECOND_US)));
    if (r.count == 0)
        return scope_fail(s, PROBLEM_UNAUTHENTICATED, "the login is taken, or too old");
    *back = result_text(&r, 0, "back");
    return OK;
}

static enum problem finish(struct scope *s, const struct request *request,
                           struct http_reply *reply)
{
    const char *secret, *cookies = http_header(request->http, "Cookie");
    struct citizen citizen;
    TRY(take_login(s, request, &secret, &reply->location));
    reply->cookies[0] = cookie_forget(s->arena, LOGIN_COOKIE);
    if (pairs_get(&request->query, "error"))
        return scope_fail(s, PROBLEM_UNAUTHENTICATED, "the issuer logged nobody in");
    TRY(oidc_redeem(s, secret, pairs_get(&request->query, "code"), &citizen));
    return session_begin(s, cookies, citizen.person, citizen.issuer_session,
                         &reply->cookies[1]);
}

enum problem login_answer(struct scope *s, const struct request *request,
                          struct reply *reply)
{
    if (!citizens_of(s))
        return page_message(s, "missing", 404, NULL, NULL, &reply->http);
    enum problem p = finish(s, request, &reply->http);
    metric_add(s->program->metrics, METRIC_LOGINS,
               LABELS("citizen", p ? problem_name(p) : "good"), 1);
    return p ? say_failure(s, p, &reply->http) : OK;
}

/* Out here, and on to the issuer by itself: its own session would log in again without a
 * question. */
enum problem logout(struct scope *s, const struct request *request, struct reply *reply)
{
    const char *onward = NULL;
    if (!citizens_of(s))
        return page_message(s, "missing", 404, NULL, NULL, &reply->http);
    TRY(session_end(s, http_header(request->http, "Cookie")));
    if (oidc_logout_address(s, &onward))
        s->detail = NULL; /* out here all the same */
    s->who = NULL;
    reply->http.cookies[0] = cookie_forget(s->arena, SESSION_COOKIE);
    return page_onward(s, "logged_out", onward, &reply->http);
}

enum problem logged_out_show(struct scope *s, const struct request *request,
                             struct reply *reply)
{
    (void)request;
    return page_message(s, "logged_out", 200, first_page, "logged_out_link", &reply->http);
}

/* The issuer tells through a frame in the browser, whose cookies it does not get: by its
 * own session's name. */
enum problem logout_front(struct scope *s, const struct request *request,
                          struct reply *reply)
{
    (void)reply;
    const char *issuer = pairs_get(&request->query, "iss"),
               *sid = pairs_get(&request->query, "sid");
    if (!citizens_of(s))
        return PROBLEM_NOT_FOUND;
    if (!issuer || strcmp(issuer, s->program->settings.citizen_issuer) != 0 || !sid ||
        !*sid)
        return scope_fail(s, PROBLEM_MALFORMED, "iss and sid are needed, of our issuer");
    return session_end_of(s, sid);
}

/* Or it tells us itself, with a signed statement. */
enum problem logout_back(struct scope *s, const struct request *request,
                         struct reply *reply)
{
    (void)reply;
    const char *token = pairs_get(&request->form, "logout_token"), *sid;
    if (!citizens_of(s))
        return PROBLEM_NOT_FOUND;
    if (!token)
        return scope_fail(s, PROBLEM_MALFORMED, "logout_token is missing");
    TRY(oidc_ended_session(s, token, &sid));
    return session_end_of(s, sid);
}
