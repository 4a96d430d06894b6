/* SPDX-License-Identifier: EUPL-1.2 */
/* Whose time is up, and how a connection is found that another library holds. */
#include "common/http/watch.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/http/http_private.h"
#include "common/http/message.h"
#include "common/time/clock.h"

enum { WATCH_MS = 100, CROWDED_MS = 1000, CROWDED_HEAD_MS = 500, FULL_HEAD_MS = 200 };

enum crowd { ROOM, CROWDED, FULL };

struct watch {
    struct seat *seats;
    watch_know know;
    atomic_int threads; /* that have taken a seat */
    pthread_t thread;
    int stop; /* an eventfd */
};

/* The other side's address and port of one of our sockets. */
static bool is_peer(int fd, const struct seat *seat)
{
    struct sockaddr_in other;
    char text[INET_ADDRSTRLEN];
    socklen_t length = sizeof(other);
    return getpeername(fd, (struct sockaddr *)&other, &length) == 0 &&
           other.sin_family == AF_INET && ntohs(other.sin_port) == seat->port &&
           inet_ntop(AF_INET, &other.sin_addr, text, sizeof(text)) &&
           strcmp(text, seat->peer) == 0;
}

static void closedir_of(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

/* Civetweb does not tell a connection's socket: it is the one with that other side. -1: it is gone. */
static int socket_of(const struct seat *seat)
{
    CLEANUP(closedir_of) DIR *folder = opendir("/proc/self/fd");
    for (const struct dirent *entry; folder && (entry = readdir(folder));) {
        int fd = atoi(entry->d_name);
        if (entry->d_name[0] != '.' && is_peer(fd, seat))
            return fd;
    }
    return -1;
}

static void does(struct seat *seat, int doing, int64_t for_ms)
{
    seat->doing = doing;
    seat->since = clock_steady_ms();
    seat->until = seat->since + for_ms;
    seat->have = 0;
    seat->cut = false;
}

void seat_does(struct seat *seat, int doing, int64_t for_ms)
{
    pthread_mutex_lock(&seat->lock);
    does(seat, doing, for_ms);
    pthread_mutex_unlock(&seat->lock);
}

/* Where most threads wait for what others send, those that have waited longest give way; who has not even said what is
 * wanted gives way first, and sooner where no thread is left. */
static bool has_had_its_time(const struct seat *seat, int64_t now, enum crowd crowd)
{
    static const int head_ms[] = { [ROOM] = INT_MAX, [CROWDED] = CROWDED_HEAD_MS, [FULL] = FULL_HEAD_MS };
    if (seat->doing == HEARING)
        return now - seat->since > head_ms[crowd];
    if (seat->doing == READING)
        return http_is_slow(seat->have, now - seat->since) ||
               (crowd != ROOM && now - seat->since > CROWDED_MS);
    return seat->doing != AT_REST && now > seat->until;
}

static enum crowd crowd_of(struct watch *watch, int threads)
{
    int waiting = 0;
    for (int i = 0; i < threads; i++) {
        pthread_mutex_lock(&watch->seats[i].lock);
        waiting += watch->seats[i].doing == HEARING || watch->seats[i].doing == READING;
        pthread_mutex_unlock(&watch->seats[i].lock);
    }
    if (waiting * 8 > threads * 7)
        return FULL;
    return waiting * 2 > threads ? CROWDED : ROOM;
}

/* A reader wakes at once, and what it answers still goes out; a writer is ended. */
static void cut(const struct watch *watch, struct seat *seat, enum crowd crowd)
{
    bool known = seat->doing != HEARING || watch->know(seat);
    int fd = known ? socket_of(seat) : -1;
    if (fd >= 0)
        shutdown(fd, seat->doing == ANSWERING ? SHUT_RDWR : SHUT_RD);
    seat->crowded = seat->doing == HEARING && crowd != ROOM;
    seat->cut = true;
}

static void look_at_lines(struct watch *watch)
{
    int64_t now = clock_steady_ms();
    int threads = atomic_load(&watch->threads);
    enum crowd crowd = crowd_of(watch, threads);
    for (int i = 0; i < threads; i++) {
        struct seat *seat = &watch->seats[i];
        pthread_mutex_lock(&seat->lock);
        if (!seat->cut && has_had_its_time(seat, now, crowd))
            cut(watch, seat, crowd);
        pthread_mutex_unlock(&seat->lock);
    }
}

static void *look(void *context)
{
    struct watch *watch = context;
    while (poll(&(struct pollfd){ .fd = watch->stop, .events = POLLIN }, 1, WATCH_MS) <= 0)
        look_at_lines(watch);
    return NULL;
}

struct watch *watch_start(struct arena *a, int most, watch_know know)
{
    struct watch *watch = ARENA_NEW(a, struct watch);
    watch->know = know;
    watch->seats = arena_array(a, (size_t)most, sizeof(*watch->seats));
    for (int i = 0; i < most; i++)
        pthread_mutex_init(&watch->seats[i].lock, NULL);
    watch->stop = eventfd(0, EFD_CLOEXEC);
    pthread_create(&watch->thread, NULL, look, watch);
    return watch;
}

struct seat *watch_seat(struct watch *watch)
{
    return &watch->seats[atomic_fetch_add(&watch->threads, 1)];
}

void watch_stop(struct watch *watch)
{
    eventfd_write(watch->stop, 1);
    pthread_join(watch->thread, NULL);
    close(watch->stop);
}

void seat_hears(struct seat *seat, const void *connection)
{
    pthread_mutex_lock(&seat->lock);
    seat->connection = connection;
    seat->crowded = false;
    does(seat, HEARING, 0);
    pthread_mutex_unlock(&seat->lock);
}

void seat_opens(struct seat *seat, const char *peer, int port)
{
    pthread_mutex_lock(&seat->lock);
    seat_is_of(seat, peer, port);
    does(seat, AT_REST, 0);
    pthread_mutex_unlock(&seat->lock);
}

void seat_is_of(struct seat *seat, const char *peer, int port)
{
    snprintf(seat->peer, sizeof(seat->peer), "%s", peer);
    seat->port = port;
}

bool seat_was_cut(struct seat *seat)
{
    pthread_mutex_lock(&seat->lock);
    bool cut = seat->doing == HEARING && seat->cut;
    pthread_mutex_unlock(&seat->lock);
    return cut;
}

bool seat_has(struct seat *seat, size_t bytes)
{
    pthread_mutex_lock(&seat->lock);
    seat->have = bytes;
    bool in_time = !seat->cut;
    pthread_mutex_unlock(&seat->lock);
    return in_time;
}

/* What is still coming is read for a while, so that closing does not reset the connection before the answer was read. */
void seat_sees_off(const struct seat *seat)
{
    char away[4096];
    int64_t until = clock_steady_ms() + FAREWELL_MS;
    int fd = seat->crowded ? -1 : socket_of(seat);
    if (fd < 0)
        return;
    shutdown(fd, SHUT_WR);
    for (int64_t left; (left = until - clock_steady_ms()) > 0;)
        if (poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, (int)left) <= 0 ||
            recv(fd, away, sizeof(away), 0) <= 0)
            return;
}
