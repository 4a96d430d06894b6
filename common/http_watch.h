/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_HTTP_WATCH_H
#define COMMON_HTTP_WATCH_H
/*
 * Civetweb's reads and writes wait for as long as the other side does a little. Each of its threads says here what it
 * does with its connection, and a thread of ours shuts the connection when that has had its time.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"

struct watch;

struct line {
    pthread_mutex_t lock;
    struct arena *arena;
    struct http_server *server; /* Civetweb's side of it */
    char peer[64];
    int port;
    enum { AT_REST, READING, ANSWERING, FAREWELL } doing;
    int64_t since, until; /* steady ms; until: of ANSWERING and FAREWELL */
    size_t have;          /* bytes of the body */
    bool cut;             /* it had its time */
    int64_t began;        /* steady ms; the thread's own */
    bool answered;        /* the thread's own */
};

struct watch *watch_start(struct arena *a, int most);
void watch_stop(struct watch *watch);

/* One thread's own, for good. */
struct line *watch_line(struct watch *watch);

/* Whose connection the thread has now, and what it does with it, from now on; ANSWERING and FAREWELL for so long. */
void line_opens(struct line *line, const char *peer, int port);
void line_does(struct line *line, int doing, int64_t for_ms);

/* So many bytes of a body have come; false: its time is up. */
bool line_has(struct line *line, size_t bytes);

/* Reads for a while what is still coming behind an answer, so that closing does not reset the connection before
 * the answer was read. */
void line_sees_off(const struct line *line);

#endif
