/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From a request to a handler and from its verdict to an answer. All that a route's row says is
 * enforced here, so that no handler can forget it.
 */
#include "common/api/api.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/api/access.h"
#include "common/api/admit.h"
#include "common/api/api_private.h"
#include "common/api/match.h"
#include "common/api/request.h"
#include "common/base/crash.h"
#include "common/db/pool.h"
#include "common/db/run.h"
#include "common/http/gate.h"
#include "common/http/http.h"
#include "common/http/limit.h"
#include "common/record/encode.h"
#include "common/start/answer.h"
#include "common/start/start.h"
#include "common/time/clock.h"
#include "common/who/access.h"
#include "common/who/tenants.h"

enum { MOST_LIMITED = 1 << 17, MOST_TRIES = 5 };

/* All that a request waits for, one after the other, ends in time for an answer within five seconds, its body's way here
 * apart; what is not worth another try is not tried. */
enum { REQUEST_MS = 4500, TRY_MS = 300 };

/* Threads of a listener that no outage takes: those beyond all that may wait. Slow bodies take of the public one's. */
enum { SPARE_PUBLIC = 96, SPARE_INTERNAL = 4 };

void *api_own(const struct scope *s)
{
    return s->own;
}

/* What a handler answered holds only if its work does, and what it looked at is logged. */
static enum problem conclude(struct scope *s, const struct route *route, struct reply *reply)
{
    bool changes = route->needs & NEEDS_TENANTS && route->method != GET;
    enum problem p = access_settle(s, route, reply->http.status);
    if (!p && changes)
        crash_point("change.commit-before");
    if (!p && route->needs & NEEDS_TENANTS)
        p = db_commit(s);
    if (!p && changes) {
        crash_point("change.commit-after");
        reply->http.crash_points = "change";
    }
    if (p)
        *reply = (struct reply){ .http.status = problem_status(p) };
    return p;
}

static enum problem attempt(struct scope *s, const struct request *request, struct reply *reply)
{
    access_forget(s->accesses);
    enum problem p = request->route->needs & NEEDS_TENANTS ? api_staff(s) : OK;
    if (!p)
        p = request->route->handle(s, request, reply);
    if (!p)
        p = conclude(s, request->route, reply);
    pool_give(s, s->program->pool);
    return p;
}

/* STALE and UNAVAILABLE are tried again: handlers that write join their key or event first.
 * What a handler has answered in words is its answer. */
static enum problem run_handler(struct scope *s, const struct request *request,
                                struct reply *reply)
{
    enum problem p = OK;
    for (int tries = 1; tries <= MOST_TRIES; tries++) {
        s->detail = NULL;
        *reply = (struct reply){ .http.status = request->route->success };
        p = attempt(s, request, reply);
        if (reply->http.body ||
            (p != PROBLEM_STALE && (p != PROBLEM_UNAVAILABLE || tries >= 3)) ||
            scope_left(s, TRY_MS) < TRY_MS)
            break;
        struct timespec rest = { .tv_nsec = (long)(randombytes_uniform(10) + 5 * (unsigned)tries) *
                                            1000000 };
        nanosleep(&rest, NULL);
    }
    return p;
}

static void fill(struct scope *s, struct reply *reply)
{
    if (!reply->record)
        return;
    reply->http.content_type = "application/json";
    reply->http.body = record_to_json(s, reply->record, reply->answer);
    reply->http.length = strlen(reply->http.body);
}

static void tell(const struct scope *s, const struct http_request *http, const char *route,
                 enum problem p, int status, int64_t began)
{
    int64_t ms = clock_steady_ms() - began;
    char ms_text[24], status_text[12];
    snprintf(ms_text, sizeof(ms_text), "%lld", (long long)ms);
    snprintf(status_text, sizeof(status_text), "%d", status);
    metric_add(s->program->metrics, METRIC_HTTP_REQUESTS,
               LABELS(route, method_name(http->method), status_text), 1);
    metric_observe(s->program->metrics, METRIC_HTTP_SECONDS, LABELS(route), (double)ms / 1000);
    LOG_WRITE(
        s->program->log, s->now, status >= 500 ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO,
        "answered", { LOG_ROUTE, route }, { LOG_METHOD, method_name(http->method) },
        { LOG_STATUS, status_text }, { LOG_MS, ms_text }, { LOG_REQUEST_ID, s->request_id },
        { LOG_CLIENT, s->who && s->who->kind == WHO_SYSTEM ? s->who->client : NULL },
        { LOG_PROBLEM, p ? problem_name(p) : NULL }, { LOG_DETAIL, p ? s->detail : NULL });
}

/* Whoever looks at a page reads words, not a problem document. */
static bool turned_away(struct scope *s, const struct door *door,
                        const struct request *request, enum problem p,
                        struct http_reply *reply)
{
    struct http_reply page = { .status = problem_status(p), .challenge = reply->challenge };
    bool is_page = request->route && !request->route->summary;
    if (!is_page ||
        (p != PROBLEM_UNAUTHENTICATED && p != PROBLEM_FORBIDDEN &&
         p != PROBLEM_UNAVAILABLE && p != PROBLEM_TOO_MANY) ||
        door->api->turn_away(s, request, p, &page))
        return false;
    *reply = page;
    return true;
}

/* Words in our layout for who asks for HTML, a problem document for all others, and under /api/ for everybody. */
static void explain(struct scope *s, const struct door *door, enum problem p, bool is_page,
                    const char *accept, enum language language, struct http_reply *reply)
{
    struct http_reply page = { .status = problem_status(p), .challenge = reply->challenge, .allow = reply->allow };
    api_problem(s, p, language, reply);
    page.retry_after = reply->retry_after;
    if (is_page && door->api->explain && asks_for_html(accept) &&
        door->api->explain(s, door->listener, p, &page) == OK)
        *reply = page;
}

/* A request between its head and its answer. */
struct exchange {
    struct request request;
    const char *pattern, *allow;
    const char *moved; /* where the page is that is asked for with a slash behind; or NULL */
    enum problem problem;
    int64_t began;
    int left_ms; /* to wait for anything, when its body is here */
};

/* A slash too many at the end leads to the page without it: the path fits a route, so that it can name no other host. */
static const char *page_without_slash(struct scope *s, const struct door *door, const struct http_request *http)
{
    char *path = arena_strdup(s->arena, http->path);
    size_t length = strlen(path);
    if ((http->method != GET && http->method != HEAD) || length < 2 || path[length - 1] != '/')
        return NULL;
    while (length > 1 && path[length - 1] == '/')
        path[--length] = '\0';
    const struct route *route = length > 1 ? api_route(s->arena, door->api->routes, door->listener, path) : NULL;
    if (!route || route->summary || strstr(route->path, "{name}"))
        return NULL;
    return arena_printf(s->arena, "%s%s%s", path, *http->query ? "?" : "", http->query);
}

static struct exchange *judge(struct scope *s, const struct door *door,
                              struct http_request *http)
{
    struct exchange *x = ARENA_NEW(s->arena, struct exchange);
    struct path_parts parts = { 0 };
    x->began = clock_steady_ms();
    s->deadline = x->began + REQUEST_MS;
    x->request = (struct request){ .http = http, .client = "none",
                                   .language = language_of(http_header_list(s->arena, http, "Accept-Language", ", ")) };
    s->own = door->own;
    s->internal = door->listener == INTERNAL;
    x->problem = route_find(s->arena, door->api->routes, door->listener, http->method,
                            http->path, &x->request.route, &parts, &x->allow);
    x->pattern = x->request.route ? x->request.route->path : "none";
    x->request.id = parts.id;
    x->request.n = parts.n;
    x->request.name = parts.name;
    if (x->problem == PROBLEM_NOT_FOUND)
        x->moved = page_without_slash(s, door, http);
    access_begin(s);
    enum problem limited = request_limit(s, door, &x->request);
    if (limited || x->moved)
        x->problem = limited;
    if (!x->problem && !x->moved)
        x->problem = request_prepare(s, door, &x->request);
    x->left_ms = scope_left(s, REQUEST_MS);
    return x;
}

/* What is refused needs no body, unless it is given back with the refusal. */
static bool needs_body(const struct exchange *x)
{
    const struct route *route = x->request.route;
    return x->request.http->body_length > 0 && route && request_body_type(route) &&
           (!x->problem || (route->needs & NEEDS_RETURN && x->problem != PROBLEM_TOO_MANY));
}

static bool is_page(const struct exchange *x)
{
    static const char api[] = "/api/";
    return strncmp(x->request.http->path, api, strlen(api)) != 0 &&
           !(x->request.route && x->request.route->summary);
}

static void conclude_exchange(struct scope *s, const struct door *door, struct exchange *x,
                              struct http_reply *out)
{
    struct reply reply = { .http.status = 200 };
    enum problem p = x->problem;
    s->deadline = clock_steady_ms() + x->left_ms;
    if (!p) {
        p = request_take_body(s, &x->request);
        enum problem barred = x->request.document && door->api->may ? door->api->may(s, &x->request) : OK;
        if (barred)
            s->errors = NULL;
        p = barred ? barred : p;
    }
    if (!p)
        p = admit_form(s, &x->request);
    if (!p)
        p = run_handler(s, &x->request, &reply);
    reply.http.allow = p == PROBLEM_METHOD ? x->allow : NULL;
    reply.http.challenge = admit_challenge(s, &x->request, p);
    if (!p)
        fill(s, &reply);
    else if (!reply.http.body && !turned_away(s, door, &x->request, p, &reply.http))
        explain(s, door, p, is_page(x), http_header_list(s->arena, x->request.http, "Accept", ", "),
                x->request.language, &reply.http);
    access_refused(s, &x->request, reply.http.status);
    if (p == PROBLEM_TOO_MANY)
        reply.http.retry_after = x->request.retry_after;
    tell(s, x->request.http, x->pattern, p, reply.http.status, x->began);
    *out = reply.http;
}

bool api_handle(struct scope *s, struct http_request *http, struct http_reply *out,
                const void *context)
{
    const struct door *door = context;
    struct exchange *x = http->kept ? http->kept : judge(s, door, http);
    http->kept = x;
    if (!http->body && needs_body(x))
        return false;
    if (!http->body) { /* what nobody asked for is not looked at */
        http->body = "";
        http->body_length = 0;
    }
    if (x->moved && !x->problem) {
        *out = (struct http_reply){ .status = 308, .location = x->moved };
        tell(s, http, x->pattern, OK, out->status, x->began);
    } else {
        conclude_exchange(s, door, x, out);
    }
    return true;
}

static void refuse(struct scope *s, enum problem p, const char *accept,
                   struct http_reply *reply, const void *context)
{
    const struct door *door = context;
    s->own = door->own;
    s->internal = door->listener == INTERNAL;
    metric_add(s->program->metrics, METRIC_HTTP_REQUESTS,
               LABELS("none", "none", arena_printf(s->arena, "%d", problem_status(p))), 1);
    explain(s, door, p, true, accept, NB, reply);
}

static struct http_options options_of(struct program *program, const struct door *door)
{
    bool public = door->listener == PUBLIC;
    int pool = (int)program->settings.db_connections + POOL_WAITING;
    return (struct http_options){
        .address = program->settings.public_address,
        .threads = public ? pool + door->api->own_waiting(program) + SPARE_PUBLIC
                          : pool + SPARE_INTERNAL,
        .body_limit = (size_t)program->settings.body_limit,
        .program = program,
        .handle = api_handle,
        .context = door,
        .refuse = refuse,
    };
}

static struct http_server *open_door(struct program *program, const struct door *door)
{
    const char *why = NULL;
    struct http_options options = options_of(program, door);
    struct http_server *server = http_start(program->arena, &options, &why);
    if (!server)
        LOG_WRITE(program->log, clock_now(program->clock), LOG_LEVEL_ERROR, "can not listen",
                  { LOG_DETAIL, why });
    return server;
}

/* False: it was told to stop meanwhile. */
static bool await_own(const struct api *api, struct program *program, void *own)
{
    while (api->own_ready && !api->own_ready(program, own)) {
        health_alive(program->health);
        if (program_stopping(program, 200))
            return false;
    }
    return true;
}

static void start_metrics(struct metrics *m, const struct route *routes)
{
    metric_start(m, METRIC_FORWARDED_UNREADABLE, LABELS(NULL));
    metric_start(m, METRIC_FORWARDED_MISSING, LABELS(NULL));
    metric_start(m, METRIC_HTTP_SECONDS, LABELS("none"));
    for (; routes->path; routes++)
        metric_start(m, METRIC_HTTP_SECONDS, LABELS(routes->path));
}

static int serve(const struct api *api, struct program *program, void *own)
{
    struct limits *limits = limits_new(MOST_LIMITED);
    struct door doors[] = { { api, program, PUBLIC, own, limits },
                            { api, program, INTERNAL, own, limits } };
    const struct http_options within = options_of(program, &doors[1]);
    struct http_server *outer = open_door(program, &doors[0]);
    if (outer) {
        gate_serve(program->gate, &within);
        health_say(program->health, NULL);
        while (!program_stopping(program, 1000)) {
            health_alive(program->health);
            if (api->own_ready)
                api->own_ready(program, own);
        }
    }
    http_stop(outer);
    gate_retire(program->gate);
    limits_free(limits);
    return outer ? 0 : 1;
}

static int body(struct program *program, const void *context)
{
    const struct api *api = context;
    void *own = api->own_new ? api->own_new(program) : NULL;
    if (api->own_new && !own)
        return 1;
    start_metrics(program->metrics, api->routes);
    int status = await_own(api, program, own) ? serve(api, program, own) : 0;
    if (api->own_free)
        api->own_free(own);
    return status;
}

int api_main(const struct api *api, int argc, char **argv)
{
    return program_main(&(struct program_options){ .name = api->name,
                                                   .needs_keys = true,
                                                   .flags = api->flags,
                                                   .body = body,
                                                   .context = api },
                        argc, argv);
}
