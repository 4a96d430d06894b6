/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_HTTP_GATE_PRIVATE_H
#define COMMON_HTTP_GATE_PRIVATE_H
/* What the files of the gate share; included by them alone. */
#include <netinet/in.h>
#include <pthread.h>

#include "common/http/guard.h"
#include "common/http/http.h"
#include "common/http/http_private.h"

enum {
    MOST_CALLERS = 256,
    MOST_THREADS = 128,
    MOST_WAITING = 64 /* for threads; so there is always room for who asks how it is */
};

struct caller {
    int fd;
    enum { READING_HEAD, READING_BODY, HANDED, SENDING, PARTING } doing;
    int64_t since; /* steady ms */
    struct arena *arena;
    struct scope scope;
    struct buffer in;
    size_t head_length;
    struct head head;
    const char *accept; /* the header, whatever became of the head; or NULL */
    char peer[INET6_ADDRSTRLEN];
    struct http_request request;
    struct http_reply reply;
    struct buffer out;
    size_t sent;
    enum problem refused; /* what a thread shall say instead of handling it */
    bool finished;        /* the handler needs no body */
    struct caller *next;
};

/* First in, first out. */
struct queue {
    struct caller *first, *last;
    int count;
    pthread_cond_t more;
};

enum { FOR_ALL, FOR_READY, QUEUES };

struct gate {
    struct http_options own; /* what it answers by itself */
    int door, wake;
    pthread_t loop, threads[MOST_THREADS];
    int thread_count;
    pthread_mutex_t lock; /* of what follows */
    struct http_options served;
    bool serving, stopping;
    struct queue queues[QUEUES];
    struct caller *done;
    struct caller *callers[MOST_CALLERS]; /* the loop's own */
    int count;
};

struct caller *caller_new(struct gate *l, int fd);
void caller_end(struct caller *caller);
void caller_does(struct caller *caller, int doing);
void caller_answers(struct caller *caller);

/* What comes or may go over the line now. False: the connection is over. */
bool caller_reads(struct gate *l, struct caller *caller);
bool caller_writes(struct caller *caller);

/* False: it has had its time. It may have become another caller, whose request a thread still has. */
bool caller_may_stay(struct gate *l, struct caller **caller, int64_t now);

#endif
