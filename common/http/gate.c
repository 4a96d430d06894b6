/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The loop of the internal address, and the threads behind it. A connection belongs to the loop, but while a thread has
 * its request: then to that thread, until it comes back by the list of those that are done.
 */
#include "common/http/gate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/address.h"
#include "common/http/gate_private.h"
#include "common/program/program.h"
#include "common/time/clock.h"

enum {
    TICK_MS = 250,
    LAST_TICKS = 8, /* for what is still to be said when the program ends */
    OTHERS = 2 /* of the polled: the wake-up and the door */
};

struct post {
    struct gate *gate;
    int queue;
};

static bool answer(const struct http_options *served, struct caller *caller)
{
    if (!caller->refused)
        return served->handle(&caller->scope, &caller->request, &caller->reply, served->context);
    http_refuse(served, &caller->scope, caller->refused, caller->accept, &caller->reply);
    return true;
}

static void *serve(void *context)
{
    struct gate *g = ((struct post *)context)->gate;
    struct queue *queue = &g->queues[((struct post *)context)->queue];
    pthread_mutex_lock(&g->lock);
    for (;;) {
        while (!queue->first && g->serving)
            pthread_cond_wait(&queue->more, &g->lock);
        struct caller *caller = queue->first;
        if (!caller)
            break;
        queue->first = caller->next;
        queue->count--;
        pthread_mutex_unlock(&g->lock);
        caller->finished = answer(&g->served, caller);
        pthread_mutex_lock(&g->lock);
        caller->next = g->done;
        g->done = caller;
        eventfd_write(g->wake, 1);
    }
    pthread_mutex_unlock(&g->lock);
    return NULL;
}

static void start_thread(struct gate *g, int queue)
{
    struct post *post = ARENA_NEW(g->own.program->arena, struct post);
    *post = (struct post){ g, queue };
    pthread_create(&g->threads[g->thread_count++], NULL, serve, post);
}

void gate_serve(struct gate *g, const struct http_options *options)
{
    pthread_mutex_lock(&g->lock);
    g->served = *options;
    g->serving = true;
    pthread_mutex_unlock(&g->lock);
    start_thread(g, FOR_READY);
    for (int i = 0; i < options->threads && g->thread_count < MOST_THREADS; i++)
        start_thread(g, FOR_ALL);
}

void gate_retire(struct gate *g)
{
    pthread_mutex_lock(&g->lock);
    g->serving = false;
    for (int i = 0; i < QUEUES; i++)
        pthread_cond_broadcast(&g->queues[i].more);
    pthread_mutex_unlock(&g->lock);
    for (; g->thread_count > 0; g->thread_count--)
        pthread_join(g->threads[g->thread_count - 1], NULL);
}

static void take_back(struct gate *g)
{
    pthread_mutex_lock(&g->lock);
    struct caller *done = g->done;
    g->done = NULL;
    pthread_mutex_unlock(&g->lock);
    for (struct caller *caller = done, *next; caller; caller = next) {
        next = caller->next;
        if (caller->fd < 0) {
            caller_end(caller);
        } else if (caller->finished) {
            caller_answers(caller);
        } else {
            caller_does(caller, READING_BODY);
            if (caller->head.expects) /* so short that it goes at once, or not at all */
                send(caller->fd, HTTP_CONTINUE, strlen(HTTP_CONTINUE), MSG_NOSIGNAL);
        }
    }
}

static void drop(struct gate *g, int i)
{
    caller_end(g->callers[i]);
    g->callers[i] = g->callers[--g->count];
}

/* The one that has been at it longest, unless a thread has it. */
static bool make_room(struct gate *g)
{
    int oldest = -1;
    for (int i = 0; i < g->count; i++)
        if (g->callers[i]->doing != HANDED &&
            (oldest < 0 || g->callers[i]->since < g->callers[oldest]->since))
            oldest = i;
    if (oldest >= 0)
        drop(g, oldest);
    return oldest >= 0;
}

static void take_callers(struct gate *g)
{
    struct sockaddr_storage from;
    socklen_t length = sizeof(from);
    int fd;
    while ((g->count < MOST_CALLERS || make_room(g)) &&
           ((fd = accept4(g->door, (struct sockaddr *)&from, &length, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0 ||
            ((errno == EMFILE || errno == ENFILE) && make_room(g)))) {
        if (fd < 0)
            continue;
        struct caller *caller = caller_new(g, fd);
        const void *address = from.ss_family == AF_INET6
                                  ? (const void *)&((struct sockaddr_in6 *)&from)->sin6_addr
                                  : &((struct sockaddr_in *)&from)->sin_addr;
        inet_ntop(from.ss_family, address, caller->peer, sizeof(caller->peer));
        g->callers[g->count++] = caller;
        length = sizeof(from);
    }
}

static short interest(const struct caller *caller)
{
    if (caller->doing == HANDED)
        return 0;
    return caller->doing == SENDING ? POLLOUT : POLLIN;
}

static void look_at_callers(struct gate *g, const struct pollfd *polled)
{
    int64_t now = clock_steady_ms();
    for (int i = g->count - 1; i >= 0; i--) {
        struct caller *caller = g->callers[i];
        short seen = caller->doing == HANDED ? 0 : polled[OTHERS + i].revents;
        bool stays = !seen || (caller->doing == SENDING ? caller_writes(caller) : caller_reads(g, caller));
        if (!stays || !caller_may_stay(g, &g->callers[i], now))
            drop(g, i);
    }
}

static void take_turn(struct gate *g)
{
    struct pollfd polled[OTHERS + MOST_CALLERS];
    eventfd_t count;
    polled[0] = (struct pollfd){ .fd = g->wake, .events = POLLIN };
    polled[1] = (struct pollfd){ .fd = g->door, .events = POLLIN };
    for (int i = 0; i < g->count; i++)
        polled[OTHERS + i] = (struct pollfd){ .fd = interest(g->callers[i]) ? g->callers[i]->fd : -1,
                                              .events = interest(g->callers[i]) };
    poll(polled, (nfds_t)(OTHERS + g->count), TICK_MS);
    look_at_callers(g, polled);
    if (polled[0].revents)
        eventfd_read(g->wake, &count);
    take_back(g);
    if (polled[1].revents)
        take_callers(g);
}

static bool is_stopping(struct gate *g)
{
    pthread_mutex_lock(&g->lock);
    bool stopping = g->stopping;
    pthread_mutex_unlock(&g->lock);
    return stopping;
}

static bool has_more_to_say(const struct gate *g)
{
    for (int i = 0; i < g->count; i++)
        if (g->callers[i]->doing == HANDED || g->callers[i]->doing == SENDING)
            return true;
    return false;
}

static void *loop(void *context)
{
    struct gate *g = context;
    while (!is_stopping(g))
        take_turn(g);
    for (int i = 0; i < LAST_TICKS && has_more_to_say(g); i++)
        take_turn(g);
    return NULL;
}

struct gate *gate_start(struct arena *a, const struct http_options *own, const char **why)
{
    struct gate *g = ARENA_NEW(a, struct gate);
    g->own = *own;
    g->door = address_listen(a, own->address, false, why);
    if (g->door < 0)
        return NULL;
    g->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&g->lock, NULL);
    for (int i = 0; i < QUEUES; i++)
        pthread_cond_init(&g->queues[i].more, NULL);
    pthread_create(&g->loop, NULL, loop, g);
    return g;
}

void gate_stop(struct gate *g)
{
    if (!g)
        return;
    gate_retire(g);
    pthread_mutex_lock(&g->lock);
    g->stopping = true;
    pthread_mutex_unlock(&g->lock);
    eventfd_write(g->wake, 1);
    pthread_join(g->loop, NULL);
    take_back(g);
    while (g->count > 0)
        drop(g, g->count - 1);
    close(g->door);
    close(g->wake);
}
