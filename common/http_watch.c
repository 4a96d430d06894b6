/* SPDX-License-Identifier: EUPL-1.2 */
/* Whose time is up, and how a connection is found that another library holds. */
#include "common/http_watch.h"

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

#include "common/clock.h"
#include "common/http_private.h"

enum { WATCH_MS = 100, CROWDED_MS = 1000, CROWDED_HEAD_MS = 500, FULL_HEAD_MS = 200 };

enum crowd { ROOM, CROWDED, FULL };

struct watch {
    struct line *lines;
    watch_know know;
    atomic_int threads; /* that have taken a line */
    pthread_t thread;
    int stop; /* an eventfd */
};

/* The other side's address and port of one of our sockets. */
static bool is_peer(int fd, const struct line *line)
{
    struct sockaddr_in other;
    char text[INET_ADDRSTRLEN];
    socklen_t length = sizeof(other);
    return getpeername(fd, (struct sockaddr *)&other, &length) == 0 &&
           other.sin_family == AF_INET && ntohs(other.sin_port) == line->port &&
           inet_ntop(AF_INET, &other.sin_addr, text, sizeof(text)) &&
           strcmp(text, line->peer) == 0;
}

static void closedir_of(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

/* Civetweb does not tell a connection's socket: it is the one with that other side. -1: it is gone. */
static int socket_of(const struct line *line)
{
    CLEANUP(closedir_of) DIR *folder = opendir("/proc/self/fd");
    for (const struct dirent *entry; folder && (entry = readdir(folder));) {
        int fd = atoi(entry->d_name);
        if (entry->d_name[0] != '.' && is_peer(fd, line))
            return fd;
    }
    return -1;
}

static void does(struct line *line, int doing, int64_t for_ms)
{
    line->doing = doing;
    line->since = clock_steady_ms();
    line->until = line->since + for_ms;
    line->have = 0;
    line->cut = false;
}

void line_does(struct line *line, int doing, int64_t for_ms)
{
    pthread_mutex_lock(&line->lock);
    does(line, doing, for_ms);
    pthread_mutex_unlock(&line->lock);
}

/* Where most threads wait for what others send, those that have waited longest give way; who has not even said what is
 * wanted gives way first, and sooner where no thread is left. */
static bool has_had_its_time(const struct line *line, int64_t now, enum crowd crowd)
{
    static const int head_ms[] = { [ROOM] = INT_MAX, [CROWDED] = CROWDED_HEAD_MS, [FULL] = FULL_HEAD_MS };
    if (line->doing == HEARING)
        return now - line->since > head_ms[crowd];
    if (line->doing == READING)
        return http_is_slow(line->have, now - line->since) ||
               (crowd != ROOM && now - line->since > CROWDED_MS);
    return line->doing != AT_REST && now > line->until;
}

static enum crowd crowd_of(struct watch *watch, int threads)
{
    int waiting = 0;
    for (int i = 0; i < threads; i++) {
        pthread_mutex_lock(&watch->lines[i].lock);
        waiting += watch->lines[i].doing == HEARING || watch->lines[i].doing == READING;
        pthread_mutex_unlock(&watch->lines[i].lock);
    }
    if (waiting * 8 > threads * 7)
        return FULL;
    return waiting * 2 > threads ? CROWDED : ROOM;
}

/* A reader wakes at once, and what it answers still goes out; a writer is ended. */
static void cut(const struct watch *watch, struct line *line, enum crowd crowd)
{
    bool known = line->doing != HEARING || watch->know(line);
    int fd = known ? socket_of(line) : -1;
    if (fd >= 0)
        shutdown(fd, line->doing == ANSWERING ? SHUT_RDWR : SHUT_RD);
    line->crowded = line->doing == HEARING && crowd != ROOM;
    line->cut = true;
}

static void look_at_lines(struct watch *watch)
{
    int64_t now = clock_steady_ms();
    int threads = atomic_load(&watch->threads);
    enum crowd crowd = crowd_of(watch, threads);
    for (int i = 0; i < threads; i++) {
        struct line *line = &watch->lines[i];
        pthread_mutex_lock(&line->lock);
        if (!line->cut && has_had_its_time(line, now, crowd))
            cut(watch, line, crowd);
        pthread_mutex_unlock(&line->lock);
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
    watch->lines = arena_array(a, (size_t)most, sizeof(*watch->lines));
    for (int i = 0; i < most; i++)
        pthread_mutex_init(&watch->lines[i].lock, NULL);
    watch->stop = eventfd(0, EFD_CLOEXEC);
    pthread_create(&watch->thread, NULL, look, watch);
    return watch;
}

struct line *watch_line(struct watch *watch)
{
    return &watch->lines[atomic_fetch_add(&watch->threads, 1)];
}

void watch_stop(struct watch *watch)
{
    eventfd_write(watch->stop, 1);
    pthread_join(watch->thread, NULL);
    close(watch->stop);
}

void line_hears(struct line *line, const void *connection)
{
    pthread_mutex_lock(&line->lock);
    line->connection = connection;
    line->crowded = false;
    does(line, HEARING, 0);
    pthread_mutex_unlock(&line->lock);
}

void line_opens(struct line *line, const char *peer, int port)
{
    pthread_mutex_lock(&line->lock);
    line_is_of(line, peer, port);
    does(line, AT_REST, 0);
    pthread_mutex_unlock(&line->lock);
}

void line_is_of(struct line *line, const char *peer, int port)
{
    snprintf(line->peer, sizeof(line->peer), "%s", peer);
    line->port = port;
}

bool line_was_cut(struct line *line)
{
    pthread_mutex_lock(&line->lock);
    bool cut = line->doing == HEARING && line->cut;
    pthread_mutex_unlock(&line->lock);
    return cut;
}

bool line_has(struct line *line, size_t bytes)
{
    pthread_mutex_lock(&line->lock);
    line->have = bytes;
    bool in_time = !line->cut;
    pthread_mutex_unlock(&line->lock);
    return in_time;
}

/* What is still coming is read for a while, so that closing does not reset the connection before the answer was read. */
void line_sees_off(const struct line *line)
{
    char away[4096];
    int64_t until = clock_steady_ms() + FAREWELL_MS;
    int fd = line->crowded ? -1 : socket_of(line);
    if (fd < 0)
        return;
    shutdown(fd, SHUT_WR);
    for (int64_t left; (left = until - clock_steady_ms()) > 0;)
        if (poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, (int)left) <= 0 ||
            recv(fd, away, sizeof(away), 0) <= 0)
            return;
}
