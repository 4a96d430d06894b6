/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_HTTP_WATCH_H
#define COMMON_HTTP_WATCH_H
/*
 * Civetweb's reads and writes wait for as long as the other side does a little. Each of its threads says here what it
 * does with its connection, and a thread of ours shuts the connection when that has had its time, or when it keeps a
 * place that others wait for.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct http_server;
struct watch;

struct seat {
    pthread_mutex_t lock;
    struct arena *arena;
    struct http_server *server; /* Civetweb's side of it */
    char peer[64];
    int port;
    const void *connection; /* Civetweb's, while its head is awaited */
    enum { AT_REST, HEARING, READING, ANSWERING, FAREWELL } doing; /* HEARING: a head, READING: a body */
    int64_t since, until; /* steady ms; until: of ANSWERING and FAREWELL */
    size_t have;          /* bytes of the body */
    bool cut;             /* it had its time */
    bool crowded;         /* and others wait for its place */
    int64_t began;        /* steady ms; the thread's own */
    bool answered;        /* the thread's own */
};

/* Whose connection a seat has, by its `connection` (seat_is_of): false if that can't be said. Civetweb tells it
 * only when it has begun to read, so the watch asks. */
typedef bool (*watch_know)(struct seat *seat);

struct watch *watch_start(struct arena *a, int most, watch_know know);
void watch_stop(struct watch *watch);

/* One thread's own, for good. */
struct seat *watch_seat(struct watch *watch);

/* A connection begins: its head is awaited. */
void seat_hears(struct seat *seat, const void *connection);

/* Whose connection the thread has now, a head of it being there; and what it does with it, from now on; ANSWERING and
 * FAREWELL for so long. */
void seat_opens(struct seat *seat, const char *peer, int port);
void seat_does(struct seat *seat, int doing, int64_t for_ms);

/* So many bytes of a body have come; false: its time is up. */
bool seat_has(struct seat *seat, size_t bytes);

/* The same, told by a watch_know. */
void seat_is_of(struct seat *seat, const char *peer, int port);

/* Whether the head that was awaited was given up. */
bool seat_was_cut(struct seat *seat);

/* Reads for a while what is still coming behind an answer, so that closing does not reset the connection before
 * the answer was read; not where others wait for the place. */
void seat_sees_off(const struct seat *seat);

#endif
