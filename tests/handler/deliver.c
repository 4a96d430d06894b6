/* SPDX-License-Identifier: EUPL-1.2 */
/* A request goes to the API's own handler of its listener, a bell to a worker's own loop. */
#include "tests/handler/deliver.h"

#include <stdlib.h>

#include "common/api/api_private.h"
#include "common/http/guard.h"
#include "common/http/limit.h"
#include "common/kafka/kafka.h"
#include "common/worker/bells.h"
#include "common/worker/worker.h"
#include "common/worker/worker_private.h"

enum { MOST_WORKERS = 8 };

static struct {
    struct api api; /* the API's own, but that who is given is admitted */
    void *own;
    const struct asked *asked;
    struct limits *limits;
    struct loop loops[MOST_WORKERS];
    size_t loop_count;
    const char *verdict;
    const char *detail;
} deliver;

static enum problem admit_given(struct scope *s, const char *token, const char *scope, struct principal *out)
{
    const struct asked *asked = deliver.asked;
    if (!asked->who)
        return house_api()->admit(s, token, scope, out);
    *out = *asked->who;
    return scope && text_lists(asked->scopes, ' ', scope)
               ? OK
               : scope_fail(s, PROBLEM_FORBIDDEN, "the token does not hold the scope");
}

static enum problem recognise_given(struct scope *s, enum listener at, const char *cookies, struct principal *out)
{
    if (!deliver.asked->who)
        return house_api()->recognise(s, at, cookies, out);
    *out = *deliver.asked->who;
    return OK;
}

static void api_begin(void)
{
    if (deliver.own)
        return;
    deliver.api = *house_api();
    deliver.api.admit = admit_given;
    deliver.api.recognise = recognise_given;
    deliver.own = deliver.api.own_new(house_program("api"));
    if (!deliver.own)
        fail_msg("the API does not start");
    api_remember();
}

void api_remember(void)
{
    api_begin();
    if (!deliver.api.own_ready(house_program("api"), deliver.own))
        fail_msg("the API does not know whom it serves");
}

static const char *crlf(const char *lines)
{
    struct buffer b = buffer_new(house_arena());
    buffer_text(&b, "");
    for (; lines && *lines; lines++)
        buffer_text(&b, *lines == '\n' ? "\r\n" : (const char[]){ *lines, '\0' });
    return b.text;
}

static const char *head_of(const struct asked *asked, const char *body)
{
    bool token = asked->who && asked->who->kind == WHO_SYSTEM;
    return arena_printf(house_arena(), "%s HTTP/1.1\r\nHost: tillit.example\r\n%s%s%s\r\n", house_text(asked->line),
                        token ? "Authorization: Bearer given\r\n" : "",
                        crlf(house_text(asked->headers)),
                        body ? arena_printf(house_arena(), "Content-Length: %zu\r\n", strlen(body)) : "");
}

static const char *kept(const char *text)
{
    return arena_strdup(house_arena(), text);
}

/* The scope's memory goes with it. */
static struct http_reply keep(const struct http_reply *from)
{
    struct http_reply to = *from;
    to.content_type = kept(from->content_type);
    if (from->body) {
        char *body = arena_alloc(house_arena(), from->length + 1);
        memcpy(body, from->body, from->length);
        to.body = body;
    }
    to.location = kept(from->location);
    to.etag = kept(from->etag);
    to.allow = kept(from->allow);
    to.challenge = kept(from->challenge);
    to.cache = kept(from->cache);
    to.file_name = kept(from->file_name);
    for (size_t i = 0; i < COOKIES_MOST; i++)
        to.cookies[i] = kept(from->cookies[i]);
    return to;
}

static void answer(struct scope *s, const struct door *door, const struct asked *asked, struct http_reply *reply)
{
    const char *body = house_text(asked->body), *bytes = head_of(asked, body);
    struct head head;
    enum problem p = guard_head(s->arena, bytes, strlen(bytes), (size_t)door->program->settings.body_limit, &head);
    *reply = (struct http_reply){ .status = p ? problem_status(p) : 500 };
    if (p)
        return;
    struct http_request request = http_request_of(&head, "127.0.0.1");
    if (api_handle(s, &request, reply, door))
        return;
    request.body = body;
    api_handle(s, &request, reply, door);
}

struct http_reply api_deliver(const struct asked *asked)
{
    api_begin();
    if (!deliver.limits)
        deliver.limits = limits_new(1 << 10);
    struct program *program = house_program("api");
    const struct door door = { &deliver.api, program, asked->internal ? INTERNAL : PUBLIC, deliver.own, deliver.limits };
    struct scope s = scope_open(program);
    struct http_reply reply;
    http_begin(&s, NULL);
    deliver.asked = asked;
    answer(&s, &door, asked, &reply);
    reply = keep(&reply);
    scope_close(&s);
    return reply;
}

struct http_reply api_deliver_often(const struct asked *asked, int times)
{
    struct http_reply reply = api_deliver(asked);
    while (--times > 0)
        reply = api_deliver(asked);
    return reply;
}

static struct loop *loop_of(const char *name)
{
    for (size_t i = 0; i < deliver.loop_count; i++)
        if (strcmp(deliver.loops[i].worker->name, name) == 0)
            return &deliver.loops[i];
    struct loop *loop = &deliver.loops[deliver.loop_count++];
    struct program *program = house_program(name);
    *loop = (struct loop){ .program = program, .worker = house_worker(name), .scope = scope_open(program) };
    loop->own = loop->worker->own_new ? loop->worker->own_new() : NULL;
    loop->scope.own = loop->own;
    return loop;
}

void __real_count_verdict(struct loop *loop, const char *type, enum problem verdict);
void __wrap_count_verdict(struct loop *loop, const char *type, enum problem verdict);

void __wrap_count_verdict(struct loop *loop, const char *type, enum problem verdict)
{
    deliver.verdict = problem_name(verdict);
    __real_count_verdict(loop, type, verdict);
}

/* Detail of what stopped it, or of what it parked. */
static const char *detail_of(const struct loop *loop, const char *case_id, int64_t n, enum problem p)
{
    const char *parked = house_look(arena_printf(
        house_arena(), "SELECT detail FROM parked_events WHERE consumer = '%s' AND case_id = '%s' AND case_seq <= %lld ORDER BY case_seq DESC",
        loop->worker->name, case_id, (long long)n));
    const char *said = p ? loop->scope.detail : parked;
    return kept(said ? said : "");
}

const char *worker_deliver(const char *worker, const char *case_id, int64_t n)
{
    struct loop *loop = loop_of(worker);
    const char *id = house_text(case_id);
    const char *type = house_look(arena_printf(house_arena(), "SELECT type FROM events WHERE case_id = '%s' AND case_seq = %lld",
                                               id, (long long)n));
    struct bell bell = { .topic = "house", .offset = n, .value = "", .read = true, .type = type, .case_id = id, .n = n, .at = house_now() };
    deliver.verdict = "NOTHING";
    scope_reset(&loop->scope);
    enum problem p = bells_answer(loop, &(struct bells){ .items = &bell, .count = 1 });
    deliver.detail = detail_of(loop, id, n, p);
    return p ? problem_name(p) : deliver.verdict;
}

const char *worker_deliver_last(const char *worker, const char *case_id)
{
    struct buffer types = buffer_new(house_arena());
    for (const struct subscription *sub = house_worker(worker)->subscriptions; sub->type; sub++)
        buffer_printf(&types, "%s'%s'", types.length ? ", " : "", sub->type->type);
    const char *last = house_look(arena_printf(house_arena(), "SELECT max(case_seq) FROM events WHERE case_id = '%s' AND type IN (%s)",
                                               case_id, types.text));
    return worker_deliver(worker, case_id, last ? atoll(last) : 0);
}

const char *worker_detail(void)
{
    return deliver.detail;
}

enum problem worker_tick(const char *worker, const char *tick)
{
    struct loop *loop = loop_of(worker);
    const struct tick *one = loop->worker->ticks;
    while (one->name && strcmp(one->name, tick) != 0)
        one++;
    if (!one->name)
        fail_msg("%s has no tick %s", worker, tick);
    struct scope s = scope_open(loop->program);
    s.own = loop->own;
    enum problem p = one->run(loop->program, &s);
    deliver.detail = kept(s.detail ? s.detail : "");
    scope_close(&s);
    return p;
}

void deliver_forget(void)
{
    limits_free(deliver.limits);
    deliver.limits = NULL;
}

void deliver_end(void)
{
    deliver_forget();
    if (deliver.own)
        deliver.api.own_free(deliver.own);
    for (size_t i = 0; i < deliver.loop_count; i++) {
        if (deliver.loops[i].worker->own_free)
            deliver.loops[i].worker->own_free(deliver.loops[i].own);
        scope_close(&deliver.loops[i].scope);
    }
}
