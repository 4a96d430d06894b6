/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * People log in and out: to the issuer and back, to the page that they came for. Citizens come by the public listener, staff
 * by the internal one.
 *
 * A login is a row that is taken once, opened by a cookie of the browser that began it. What goes out with the browser
 * (state, nonce, the hash of the PKCE verifier) is derived from that cookie's secret, and we keep its hash alone: somebody
 * else's code or state leads nowhere, whoever reads our database can finish no login, and a code that was caught on its
 * way is worth nothing without the browser. A browser may have several logins under way and end them in any order: each has
 * a cookie of its own, which also says where it was to lead.
 *
 * Why rows and not a sealed cookie by itself: a cookie can be sent twice, a row is taken once. Why where to go is held
 * against our own routes: an address of any other kind is nobody's to send people to. Why a login that fails still knows its
 * page: who chose the wrong means of login begins anew, and comes where they were going.
 *
 * Rejected: the implicit flow and tokens in the browser (a session of ours is a random secret, what it stands for lies
 * sealed), one cookie for all logins (two tabs would take each other's), refresh tokens (we ask the issuer for nothing
 * after the login, so there is nothing to keep).
 */
#include "services/api/login/login.h"

#include <string.h>

#include "common/api/admit.h"
#include "common/api/match.h"
#include "common/http/cookie.h"
#include "common/seal/secret.h"
#include "common/token/jose.h"
#include "common/token/outbound.h"
#include "services/api/case/person.h"
#include "services/api/login/oidc.h"
#include "services/api/login/place.h"
#include "services/api/login/prov.h"
#include "services/api/login/queries.h"
#include "services/api/login/session.h"
#include "services/api/login/staff.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"
#include "services/api/tenants/entrance.h"
#include "services/api/tenants/municipality.h"
#include "services/api/tenants/state.h"

enum { LOGIN_SECONDS = 10 * 60, LONGEST_PATH = 200, LONGEST_NAME = 400 };

/* What two listeners say otherwise. */
static const struct {
    const char *first_page, *who, *stranger; /* a page's texts */
} kinds[] = {
    [PUBLIC] = { "/mine", "citizen", "login_person" },
    [INTERNAL] = { "/", "staff", "login_role" },
};

static const char form_page[] = "/soknad"; /* takes the number of a municipality */

/* One that is under way. */
struct login {
    enum listener listener;
    struct entrance *at;
    const char *municipality; /* whose staff; NULL = a citizen */
    const char *secret;
    const char *back;
};

static struct entrance *entrance_to(struct scope *s, const struct login *login)
{
    return login->listener == PUBLIC ? entrance_of_citizens(s)
                                     : entrance_of_staff(s, login->municipality);
}

/* A page of ours that needs a login; an address of any other kind is nobody's to send
 * people to. */
static bool may_come_back(struct scope *s, const struct request *request, const char *path)
{
    static const char chosen[] = "?kommune=";
    const char *query = strchr(path, '?');
    if (strlen(path) > LONGEST_PATH ||
        (query && (strncmp(query, chosen, strlen(chosen)) != 0 ||
                   !text_has_format(query + strlen(chosen), FORMAT_MUNICIPALITY))))
        return false;
    const char *page = query ? arena_strndup(s->arena, path, (size_t)(query - path)) : path;
    const struct route *route = api_route(s->arena, routes_of(s), request->route->listener, page);
    return route && route->role != ANYONE && !route->summary &&
           (!query || strcmp(page, form_page) == 0);
}

static enum problem begin(struct scope *s, struct login *login, const char *hint,
                          const char *cookies, struct http_reply *reply)
{
    login->secret = secret_new(s->arena);
    struct bytes hash = secret_hash(s->arena, login->secret);
    TRY(oidc_login_address(s, login->at, login->secret, hint, &reply->location));
    TRY(SESSION_RUN(s, &sql_login_begin, NULL, param_bytes(hash.data, hash.length),
                    param_text(login->municipality), param_time(s, s->now),
                    param_time(s, s->now - LOGIN_SECONDS * SECOND_US)));
    login_place_keep(s, login->listener, cookies,
                     &(struct login_place){ login->secret, login->back }, reply);
    return OK;
}

/* What a login that failed says; without a page it is the listener's own. */
static const struct {
    enum problem problem;
    int status;
    const char *page;
} failures[] = {
    { PROBLEM_UNAUTHENTICATED, 400, "login_failed" },
    { PROBLEM_FORBIDDEN, 403, "login_level" },
    { PROBLEM_NOT_FOUND, 403, NULL },
    { PROBLEM_UNAVAILABLE, 503, "login_away" },
};

/* Where a login begins anew that leads to the same page. */
static const char *begin_anew(struct scope *s, const char *back)
{
    struct buffer query = buffer_new(s->arena);
    outbound_field(&query, "til", back);
    return arena_printf(s->arena, "/logg-inn?%s", query.text);
}

void login_metrics(struct metrics *m)
{
    for (size_t at = 0; at < sizeof(kinds) / sizeof(*kinds); at++) {
        metric_start(m, METRIC_LOGINS, LABELS(kinds[at].who, "good"));
        for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++)
            metric_start(m, METRIC_LOGINS, LABELS(kinds[at].who, problem_name(failures[i].problem)));
    }
}

/* The problem is returned with its page: logged as what it is. */
static enum problem say_failure(struct scope *s, const struct login *login, enum problem p,
                                struct http_reply *reply)
{
    for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++)
        if (failures[i].problem == p) {
            const char *cookie = reply->cookies[0];
            *reply = (struct http_reply){ .cookies = { cookie } };
            TRY(page_message(s, failures[i].page ? failures[i].page : kinds[login->listener].stranger,
                             failures[i].status, begin_anew(s, login->back), "login_again", reply));
            reply->retry_after = p == PROBLEM_UNAVAILABLE ? 5 : 0;
        }
    return p;
}

/* Staff of several municipalities say whose they are. */
static enum problem ask_whose(struct scope *s, const struct texts *numbers,
                              const char *back, struct http_reply *reply)
{
    json_t *list = json_array();
    for (size_t i = 0; i < numbers->count; i++) {
        struct municipality m;
        if (municipality_find(s, numbers->items[i], &m))
            json_array_append_new(list, json_pack("{s: s, s: s}", "number", m.number, "name", m.name));
    }
    return page_render(s, "whose", "whose_title", NULL,
                       json_pack("{s: o, s: s, s: b}", "municipalities", list, "back", back, "some",
                                 numbers->count > 0),
                       reply);
}

enum problem login_begin(struct scope *s, const struct request *request,
                         struct reply *reply)
{
    const char *back = pairs_get(&request->query, "til"),
               *as = pairs_get(&request->query, "som");
    struct login login = { .listener = request->route->listener,
                           .municipality = pairs_get(&request->query, "kommune"),
                           .back = back ? back : kinds[request->route->listener].first_page };
    bool trial = s->program->settings.synthetic;
    if ((back && !may_come_back(s, request, back)) ||
        (as && !(trial && synthetic_known(as))))
        return page_message(s, "missing", 404, NULL, NULL, &reply->http);
    if (login.listener == INTERNAL && !login.municipality) {
        struct texts numbers = staff_logins(s);
        if (numbers.count != 1) {
            reply->http.status = 200;
            return ask_whose(s, &numbers, login.back, &reply->http);
        }
        login.municipality = numbers.items[0];
    }
    login.at = entrance_to(s, &login);
    if (!login.at)
        return page_message(s, "missing", 404, NULL, NULL, &reply->http);
    enum problem p =
        begin(s, &login, as, api_cookies(s, request), &reply->http);
    return p ? say_failure(s, &login, p, &reply->http) : OK;
}

/* The login that the browser's cookie opens and the state belongs to, taken for good. What is known of it
 * when it can't be taken: where it was to lead. */
static enum problem take_login(struct scope *s, const struct request *request,
                               struct login *out, struct http_reply *reply)
{
    struct result r;
    enum listener at = request->route->listener;
    struct login_place place = login_place_find(s, at, api_cookies(s, request),
                                                pairs_get(&request->query, "state"));
    const char *issuer = pairs_get(&request->query, "iss");
    if (place.back && may_come_back(s, request, place.back))
        out->back = place.back;
    if (!place.secret)
        return scope_fail(s, PROBLEM_UNAUTHENTICATED, "the state is not this browser's, or used");
    struct bytes hash = secret_hash(s->arena, place.secret);
    TRY(SESSION_RUN(s, &sql_login_take, &r, param_bytes(hash.data, hash.length),
                    param_time(s, s->now - LOGIN_SECONDS * SECOND_US),
                    param_flag(at == PUBLIC)));
    if (r.count == 0)
        return scope_fail(s, PROBLEM_UNAUTHENTICATED, "the login is taken, or too old");
    reply->cookies[0] = login_place_used(s, at, &(struct login_place){ place.secret, out->back });
    out->municipality = result_text(&r, 0, "municipality");
    out->secret = place.secret;
    out->at = entrance_to(s, out);
    if (!out->at || (issuer && strcmp(issuer, out->at->url) != 0))
        return scope_fail(s, PROBLEM_UNAUTHENTICATED, "another issuer answers");
    return OK;
}

/* A session of one issuer's is no other issuer's to end. */
static const char *name_session(struct scope *s, const struct entrance *at, const char *sid)
{
    return sid && *sid ? arena_printf(s->arena, "%s %s", at->url, sid) : NULL;
}

/* By their issuer, if it says: a name is one line that people can read. */
static const char *called(struct scope *s, const json_t *claims)
{
    const char *name = json_member_text(claims, "name");
    if (text_blank(name) || strlen(name) > LONGEST_NAME)
        return NULL;
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return NULL;
    return arena_strdup(s->arena, name);
}

static enum problem find_citizen(struct scope *s, const json_t *claims, struct entry *out)
{
    const char *person = json_member_text(claims, "pid");
    if (!person || !submitter_may_have(s, person))
        return scope_fail(s, PROBLEM_NOT_FOUND,
                          "the issuer names no national id that we take");
    out->person = arena_strdup(s->arena, person);
    out->called = called(s, claims);
    return OK;
}

static enum problem find_staff(struct scope *s, const struct login *login,
                               const json_t *claims, struct entry *out)
{
    struct staff_login row;
    struct staff *staff = ARENA_NEW(s->arena, struct staff);
    if (!staff_login_find(s, login->municipality, &row))
        return scope_fail(s, PROBLEM_UNAUTHENTICATED, "the municipality's staff no longer log in");
    TRY(staff_come_in(s, &row, claims, staff));
    out->staff = staff;
    out->person = staff->person;
    return OK;
}

static enum problem finish(struct scope *s, const struct request *request,
                           struct login *login, struct http_reply *reply)
{
    const json_t *claims;
    struct entry entry = { 0 };
    TRY(take_login(s, request, login, reply));
    if (pairs_get(&request->query, "error"))
        return scope_fail(s, PROBLEM_UNAUTHENTICATED, "the issuer logged nobody in");
    TRY(oidc_redeem(s, login->at, login->secret, pairs_get(&request->query, "code"), &claims));
    TRY(login->municipality ? find_staff(s, login, claims, &entry)
                            : find_citizen(s, claims, &entry));
    entry.issuer_session = name_session(s, login->at, json_member_text(claims, "sid"));
    return session_begin(s, api_cookies(s, request), &entry,
                         &reply->cookies[1]);
}

/* Whoever is logged in has no use for the answer of a login that is over: another tab was first,
 * or the address came again. */
static bool is_in(struct scope *s, const struct request *request)
{
    struct principal who;
    return session_recognise(s, request->route->listener,
                             api_cookies(s, request), &who) == OK;
}

enum problem login_answer(struct scope *s, const struct request *request,
                          struct reply *reply)
{
    enum listener at = request->route->listener;
    struct login login = { .listener = at, .back = kinds[at].first_page };
    enum problem p = finish(s, request, &login, &reply->http);
    metric_add(s->program->metrics, METRIC_LOGINS,
               LABELS(kinds[at].who, p ? problem_name(p) : "good"), 1);
    if (p && (p != PROBLEM_UNAUTHENTICATED || !is_in(s, request)))
        return say_failure(s, &login, p, &reply->http);
    reply->http.location = login.back;
    return OK;
}

/* Where who asks logged in, or a browser says that they did; NULL if nowhere. */
static struct entrance *entrance_of_who(struct scope *s, const struct request *request)
{
    const struct login login = { .listener = request->route->listener,
                                 .municipality = s->who ? s->who->tenants : NULL };
    return entrance_to(s, &login);
}

/* Out here, and on to the issuer by itself: its own session would log in again without a
 * question. */
enum problem logout(struct scope *s, const struct request *request, struct reply *reply)
{
    const char *onward = NULL;
    enum listener at = request->route->listener;
    struct entrance *entrance = entrance_of_who(s, request);
    TRY(session_end(s, at, api_cookies(s, request)));
    if (entrance && oidc_logout_address(s, entrance, &onward))
        s->detail = NULL; /* out here all the same */
    s->who = NULL;
    reply->http.cookies[0] = cookie_forget(s->arena, session_cookie(at));
    return page_onward(s, "logged_out", onward, &reply->http);
}

enum problem logged_out_show(struct scope *s, const struct request *request,
                             struct reply *reply)
{
    return page_message(s, "logged_out", 200, request->route->listener == PUBLIC ? form_page : "/",
                        request->route->listener == PUBLIC ? "logged_out_link" : "login_again",
                        &reply->http);
}

/* The issuer says itself which of staff's it is. */
static struct entrance *entrance_that(struct scope *s, enum listener listener,
                                      bool (*is)(const struct entrance *, const void *),
                                      const void *said)
{
    if (listener == PUBLIC)
        return entrance_of_citizens(s);
    struct texts numbers = staff_logins(s);
    for (size_t i = 0; i < numbers.count; i++) {
        struct entrance *at = entrance_of_staff(s, numbers.items[i]);
        if (at && is(at, said))
            return at;
    }
    return NULL;
}

static bool is_called(const struct entrance *at, const void *issuer)
{
    return strcmp(at->url, issuer) == 0;
}

static bool is_claimed(const struct entrance *at, const void *claims)
{
    return oidc_claims_to_be_of(at, claims);
}

/* It tells through a frame in the browser, whose cookies it does not get: by its own
 * session's name. */
enum problem logout_front(struct scope *s, const struct request *request,
                          struct reply *reply)
{
    (void)reply;
    const char *issuer = pairs_get(&request->query, "iss"),
               *sid = pairs_get(&request->query, "sid");
    struct entrance *at =
        issuer ? entrance_that(s, request->route->listener, is_called, issuer) : NULL;
    if (!at || !is_called(at, issuer) || !sid || !*sid)
        return scope_fail(s, PROBLEM_MALFORMED, "iss and sid are needed, of our issuer");
    return session_end_of(s, name_session(s, at, sid), s->now);
}

/* Or it tells us itself, with a signed statement. */
enum problem logout_back(struct scope *s, const struct request *request,
                         struct reply *reply)
{
    (void)reply;
    const char *token = pairs_get(&request->form, "logout_token");
    const json_t *claims = token ? oidc_unproven(s, token) : NULL;
    struct ended_session ended;
    if (!claims)
        return scope_fail(s, PROBLEM_MALFORMED, "logout_token is missing, or no token");
    struct entrance *at = entrance_that(s, request->route->listener, is_claimed, claims);
    if (!at)
        return scope_fail(s, PROBLEM_MALFORMED, "the logout token is no issuer's of ours");
    TRY(oidc_ended_session(s, at, token, &ended));
    return session_end_of(s, name_session(s, at, ended.sid), ended.begun_by);
}
