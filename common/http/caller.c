/* SPDX-License-Identifier: EUPL-1.2 */
/* One connection to the internal address: its head, its body, its answer, and when it has had its time. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/http/gate_private.h"
#include "common/time/clock.h"

enum {
    OWN_HEAD_MS = 2000, /* those who come here are near */
    READY_MS = 800,     /* then readiness is told without what it asks */
    PIECE = 4096
};

static const char ready_path[] = "/healthz/ready";

static void enqueue(struct queue *queue, struct caller *caller)
{
    caller->next = NULL;
    if (queue->first)
        queue->last->next = caller;
    else
        queue->first = caller;
    queue->last = caller;
    queue->count++;
    pthread_cond_signal(&queue->more);
}

void caller_does(struct caller *caller, int doing)
{
    caller->doing = doing;
    caller->since = clock_steady_ms();
}

void caller_end(struct caller *caller)
{
    if (caller->fd >= 0)
        close(caller->fd);
    arena_free(caller->arena);
}

struct caller *caller_new(struct gate *g, int fd)
{
    struct arena *arena = arena_new();
    struct caller *caller = ARENA_NEW(arena, struct caller);
    caller->fd = fd;
    caller->arena = arena;
    caller->scope = (struct scope){ .arena = arena, .program = g->own.program };
    caller->in = buffer_new(arena);
    http_begin(&caller->scope, NULL);
    caller_does(caller, READING_HEAD);
    return caller;
}

static bool is_head(const struct caller *caller)
{
    return caller->head.method && strcmp(caller->head.method, "HEAD") == 0;
}

void caller_answers(struct caller *caller)
{
    caller->out = http_bytes(&caller->scope, &caller->reply, !is_head(caller));
    caller_does(caller, SENDING);
}

static bool asks_readiness(const struct caller *caller)
{
    return caller->request.path && strcmp(caller->request.path, ready_path) == 0;
}

/* NOT_FOUND: nobody serves more here. UNAVAILABLE: too many wait already. */
static enum problem hand_over(struct gate *g, struct caller *caller)
{
    struct queue *queue = &g->queues[!caller->refused && asks_readiness(caller) ? FOR_READY : FOR_ALL];
    pthread_mutex_lock(&g->lock);
    enum problem p = !g->serving ? PROBLEM_NOT_FOUND : queue->count >= MOST_WAITING ? PROBLEM_UNAVAILABLE : OK;
    if (!p) {
        caller_does(caller, HANDED);
        enqueue(queue, caller);
    }
    pthread_mutex_unlock(&g->lock);
    return p;
}

/* A thread finds the words for who may want a page; a program gets its document at once. */
static void caller_refuses(struct gate *g, struct caller *caller, enum problem p)
{
    caller->refused = p;
    if (caller->accept && hand_over(g, caller) == OK)
        return;
    http_refuse(&g->own, &caller->scope, p, NULL, &caller->reply);
    caller_answers(caller);
}

static void hand_over_or_refuse(struct gate *g, struct caller *caller)
{
    enum problem p = hand_over(g, caller);
    if (p)
        caller_refuses(g, caller, p);
}

static bool take_body(struct caller *caller)
{
    size_t length = caller->head.body_length;
    if (caller->in.length - caller->head_length < length)
        return false;
    caller->request.body = arena_strndup(caller->arena, caller->in.text + caller->head_length, length);
    return true;
}

static bool is_serving(struct gate *g)
{
    pthread_mutex_lock(&g->lock);
    bool serving = g->serving;
    pthread_mutex_unlock(&g->lock);
    return serving;
}

static void take_request(struct gate *g, struct caller *caller)
{
    struct scope *s = &caller->scope;
    caller->request = http_request_of(&caller->head, caller->peer);
    http_begin(s, http_header(&caller->request, "traceparent"));
    if (caller->head.body_length)
        take_body(caller);
    bool asks_more = is_serving(g) && asks_readiness(caller);
    if (!asks_more && g->own.handle(s, &caller->request, &caller->reply, g->own.context))
        caller_answers(caller);
    else
        hand_over_or_refuse(g, caller);
}

static void take_head(struct gate *g, struct caller *caller)
{
    size_t limit = is_serving(g) ? g->served.body_limit : 0;
    caller->head_length = guard_length(caller->in.text, caller->in.length);
    if (!caller->head_length && caller->in.length < LONGEST_HEAD)
        return;
    caller->accept = guard_accept(caller->arena, caller->in.text, caller->head_length);
    enum problem p = caller->head_length && caller->head_length <= LONGEST_HEAD
                         ? guard_head(caller->arena, caller->in.text, caller->head_length, limit, &caller->head)
                         : PROBLEM_TOO_LARGE;
    if (p)
        caller_refuses(g, caller, p);
    else
        take_request(g, caller);
}

/* False: the connection is over. */
bool caller_reads(struct gate *g, struct caller *caller)
{
    char piece[PIECE];
    ssize_t got = recv(caller->fd, piece, sizeof(piece), 0);
    bool ended = got == 0 && caller->doing != PARTING && caller->in.length > 0;
    if (ended)
        caller_refuses(g, caller, PROBLEM_MALFORMED); /* who sends no more may still read */
    if (got <= 0)
        return ended || (got < 0 && errno == EAGAIN);
    if (caller->doing == PARTING)
        return true;
    buffer_add(&caller->in, piece, (size_t)got);
    if (caller->doing == READING_HEAD)
        take_head(g, caller);
    else if (take_body(caller))
        hand_over_or_refuse(g, caller);
    return true;
}

/* What is still sent is read for a while: closed at once, the answer could be lost. */
bool caller_writes(struct caller *caller)
{
    ssize_t sent = send(caller->fd, caller->out.text + caller->sent, caller->out.length - caller->sent,
                        MSG_NOSIGNAL);
    if (sent < 0)
        return errno == EAGAIN;
    caller->sent += (size_t)sent;
    if (caller->sent == caller->out.length) {
        shutdown(caller->fd, SHUT_WR);
        caller_does(caller, PARTING);
    }
    return true;
}

/* Out of the queue, if no thread has it yet. */
static bool withdraw(struct gate *g, struct caller *caller)
{
    struct queue *queue = &g->queues[FOR_READY];
    struct caller *before = NULL, *it;
    pthread_mutex_lock(&g->lock);
    for (it = queue->first; it && it != caller; it = it->next)
        before = it;
    if (it && before)
        before->next = it->next;
    else if (it)
        queue->first = it->next;
    if (it && queue->last == it)
        queue->last = before;
    queue->count -= it != NULL;
    pthread_mutex_unlock(&g->lock);
    return it;
}

/* A request whose thread still waits for a database is left to it; its connection goes on without. */
static struct caller *answer_late(struct gate *g, struct caller *caller)
{
    static const char late[] = "{\"ready\":false,\"not_ready\":{\"database\":\"it does not answer in time\"}}";
    struct caller *other = caller_new(g, caller->fd);
    other->head.method = is_head(caller) ? "HEAD" : "GET";
    other->reply = (struct http_reply){ .status = 503, .content_type = "application/json",
                                        .body = late, .length = strlen(late) };
    caller_answers(other);
    caller->fd = -1;
    if (withdraw(g, caller))
        caller_end(caller);
    return other;
}

/* False: it has had its time. */
bool caller_may_stay(struct gate *g, struct caller **caller, int64_t now)
{
    struct caller *it = *caller;
    int64_t ms = now - it->since;
    if (it->doing == READING_HEAD && ms > OWN_HEAD_MS) {
        if (it->in.length == 0)
            return false;
        caller_refuses(g, it, PROBLEM_TOO_SLOW);
    }
    if (it->doing == READING_BODY && http_is_slow(it->in.length - it->head_length, ms))
        caller_refuses(g, it, PROBLEM_TOO_SLOW);
    if (it->doing == HANDED && ms > READY_MS && asks_readiness(it))
        it = *caller = answer_late(g, it);
    ms = now - it->since;
    if (it->doing == SENDING)
        return ms < ANSWER_MS + (int64_t)(it->out.length * 1000 / ANSWER_RATE);
    return it->doing != PARTING || ms < FAREWELL_MS;
}

