/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From a request to a handler and from its verdict to an answer. All that a route's row says is
 * enforced here, so that no handler can forget it.
 */
#include <string.h>
#include <strings.h>
#include <stdlib.h>
#include <time.h>

#include "common/access.h"
#include "common/api_private.h"
#include "common/clock.h"
#include "common/crash.h"
#include "common/limit.h"
#include "common/queries.h"

enum { MOST_LIMITED = 1 << 17, PUBLIC_THREADS = 64, INTERNAL_THREADS = 4, MOST_TRIES = 5, LONGEST_KEY = 255 };

/* What one listener's handler needs. */
struct door {
    const struct api *api;
    struct program *program;
    enum listener listener;
    void *own;
    struct limits *limits;
};

void *api_own(const struct scope *s)
{
    return s->own;
}

static bool is_content_type(const char *header, const char *type)
{
    size_t length = strlen(type);
    if (!header || strncasecmp(header, type, length) != 0)
        return false;
    header += length;
    header += strspn(header, " ;");
    return *header == '\0' || strcasecmp(header, "charset=utf-8") == 0 ||
           strcasecmp(header, "charset=\"utf-8\"") == 0;
}

static enum problem take_key(struct request *request)
{
    request->key = http_header(request->http, "Idempotency-Key");
    size_t length = request->key ? strlen(request->key) : 0;
    for (size_t i = 0; i < length; i++)
        if (request->key[i] < 0x21 || request->key[i] > 0x7e)
            return PROBLEM_KEY_MISSING;
    return length >= 1 && length <= LONGEST_KEY ? OK : PROBLEM_KEY_MISSING;
}

/* "7" as a number, * as -1; what is no tag of ours matches nothing. */
static enum problem take_match(struct request *request)
{
    const char *match = http_header(request->http, "If-Match");
    if (!match || !*match)
        return PROBLEM_MATCH_MISSING;
    char *end = NULL;
    request->match = -2;
    if (strcmp(match, "*") == 0)
        request->match = -1;
    else if (match[0] == '"' && match[1] >= '0' && match[1] <= '9')
        request->match = strtoll(match + 1, &end, 10);
    if (end && strcmp(end, "\"") != 0)
        request->match = -2;
    return OK;
}

static enum problem take_body(struct scope *s, struct request *request)
{
    const struct route *route = request->route;
    const char *type = http_header(request->http, "Content-Type");
    if (route->needs & NEEDS_FORM) {
        if (!is_content_type(type, "application/x-www-form-urlencoded"))
            return PROBLEM_MEDIA_TYPE;
        return pairs_parse(s, request->http->body, request->http->body_length, &request->form);
    }
    if (!route->body)
        return OK;
    if (!is_content_type(type, "application/json"))
        return PROBLEM_MEDIA_TYPE;
    void *document = arena_alloc(s->arena, route->body->size);
    request->document = document;
    return record_from_json(s, route->body, RECORD_BODY, request->http->body,
                            request->http->body_length, document);
}

/* Query parameters that the route does not name are refused: a misspelt filter must not widen. */
static enum problem take_query(struct scope *s, struct request *request)
{
    TRY(pairs_parse(s, request->http->query, strlen(request->http->query), &request->query));
    for (size_t i = 0; i < request->query.count && request->route->summary; i++) {
        const char *const *name = request->route->query;
        while (name && *name && strncmp(*name, request->query.items[i].name, strcspn(*name, "!")))
            name++;
        if (!name || !*name)
            scope_fault(s, arena_printf(s->arena, "/%s", request->query.items[i].name),
                        FAULT_UNKNOWN);
    }
    return scope_faults(s);
}

static enum problem limit_by(struct scope *s, const struct door *door,
                             struct request *request, const char *kind, const char *who,
                             int64_t per_minute)
{
    request->retry_after = limit_take(door->limits, arena_printf(s->arena, "%s %s", kind, who),
                                      per_minute, clock_steady_ms());
    return request->retry_after ? PROBLEM_TOO_MANY : OK;
}

/* Before anything is looked up, verified or written. */
static enum problem limit_peer(struct scope *s, const struct door *door, struct request *request)
{
    char text[LIMIT_ADDRESS];
    const struct settings *set = &s->program->settings;
    const char *address =
        limit_address(request->http->peer, set->proxy,
                      http_header_last(request->http, "X-Forwarded-For"), text);
    if (door->listener != PUBLIC || !address)
        return OK;
    TRY(limit_by(s, door, request, "address", address, set->rate_address));
    return request->route && request->route->needs & NEEDS_PATIENCE
               ? limit_by(s, door, request, "login", address, set->rate_login)
               : OK;
}

static enum problem limit_client(struct scope *s, const struct door *door,
                                 struct request *request)
{
    if (door->listener != PUBLIC || !s->who)
        return OK;
    return limit_by(s, door, request, "client", s->who->client,
                    s->program->settings.rate_client);
}

static enum problem prepare(struct scope *s, const struct door *door,
                            struct request *request)
{
    const struct route *route = request->route;
    const char *type = route->answer ? "application/json" : NULL;
    TRY(take_principal(s, door->api, request));
    TRY(access_take_reason(s, request));
    TRY(limit_client(s, door, request));
    if (type && !accepts(http_header(request->http, "Accept"), type))
        return PROBLEM_NOT_ACCEPTABLE;
    if (route->needs & NEEDS_KEY)
        TRY(take_key(request));
    if (route->needs & NEEDS_MATCH)
        TRY(take_match(request));
    TRY(take_query(s, request));
    TRY(take_body(s, request));
    return check_form(s, request);
}

enum problem api_staff(struct scope *s)
{
    TRY(pool_take(s, s->program->pool));
    TRY(db_begin(s));
    return DB_RUN(s, &sql_tenants_set, NULL,
                  param_text(s->who ? s->who->tenants : s->program->settings.municipality));
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
    if (!p && changes)
        crash_point("change.commit-after");
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
            (p != PROBLEM_STALE && (p != PROBLEM_UNAVAILABLE || tries >= 3)))
            break;
        struct timespec rest = { .tv_nsec = (long)(rand_r(&(unsigned){ (unsigned)s->now }) % 10 +
                                                   5 * tries) * 1000000 };
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
        s->program->name, s->now, status >= 500 ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO,
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

static void handle(struct scope *s, const struct http_request *http, struct http_reply *out,
                   const void *context)
{
    const struct door *door = context;
    int64_t began = clock_steady_ms();
    struct request request = { .http = http, .client = "none", .match = -1,
                               .language = language_of(http_header(http, "Accept-Language")) };
    struct reply reply = { .http.status = 200 };
    struct path_parts parts = { 0 };
    const char *allow = NULL;
    s->own = door->own;
    s->internal = door->listener == INTERNAL;
    enum problem p = route_find(s->arena, door->api->routes, door->listener, http->method,
                                http->path, &request.route, &parts, &allow);
    const char *pattern = request.route ? request.route->path : "none";
    if (p == PROBLEM_NOT_FOUND && door->listener == INTERNAL &&
        program_health(s, http, &reply.http) == OK) {
        *out = reply.http;
        return;
    }
    request.id = parts.id;
    request.n = parts.n;
    request.name = parts.name;
    access_begin(s);
    enum problem limited = limit_peer(s, door, &request);
    if (limited)
        p = limited;
    if (!p)
        p = prepare(s, door, &request);
    if (!p)
        p = run_handler(s, &request, &reply);
    reply.http.allow = p == PROBLEM_METHOD ? allow : NULL;
    reply.http.challenge = challenge_of(s, &request, p);
    if (!p)
        fill(s, &reply);
    else if (!reply.http.body && !turned_away(s, door, &request, p, &reply.http))
        api_problem(s, p, request.language, &reply.http);
    access_refused(s, &request, reply.http.status);
    if (p == PROBLEM_TOO_MANY)
        reply.http.retry_after = request.retry_after;
    tell(s, http, pattern, p, reply.http.status, began);
    *out = reply.http;
}

static void refuse(struct scope *s, enum problem p, struct http_reply *reply)
{
    api_problem(s, p, NB, reply);
}

static struct http_server *open_door(struct program *program, const struct door *door)
{
    const struct settings *set = &program->settings;
    bool public = door->listener == PUBLIC;
    const char *why = NULL;
    struct http_server *server = http_start(
        program->arena,
        &(struct http_options){
            .address = public ? set->public_address : set->internal_address,
            .threads = public ? PUBLIC_THREADS : INTERNAL_THREADS,
            .body_limit = (size_t)set->body_limit,
            .program = program,
            .handle = handle,
            .context = door,
            .refuse = refuse,
        },
        &why);
    if (!server)
        LOG_WRITE(program->name, clock_now(program->clock), LOG_LEVEL_ERROR, "can not listen",
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

static int serve(const struct api *api, struct program *program, void *own)
{
    struct limits *limits = limits_new(MOST_LIMITED);
    struct door doors[] = { { api, program, PUBLIC, own, limits },
                            { api, program, INTERNAL, own, limits } };
    struct http_server *inner = open_door(program, &doors[1]);
    struct http_server *outer = inner ? open_door(program, &doors[0]) : NULL;
    if (outer) {
        health_say(program->health, NULL);
        while (!program_stopping(program, 1000))
            health_alive(program->health);
    }
    http_stop(outer);
    http_stop(inner);
    limits_free(limits);
    return outer ? 0 : 1;
}

static int body(struct program *program, const void *context)
{
    const struct api *api = context;
    void *own = api->own_new ? api->own_new(program) : NULL;
    if (api->own_new && !own)
        return 1;
    int status = await_own(api, program, own) ? serve(api, program, own) : 0;
    if (api->own_free)
        api->own_free(own);
    return status;
}

int api_main(const struct api *api, int argc, char **argv)
{
    return program_main(&(struct program_options){ .name = api->name,
                                                   .summary = api->summary,
                                                   .needs_keys = true,
                                                   .own_listener = true,
                                                   .statements = api->statements,
                                                   .flags = api->flags,
                                                   .body = body,
                                                   .context = api },
                        argc, argv);
}
