/* SPDX-License-Identifier: EUPL-1.2 */
/* Whose time is up, and how a connection is found that another library holds. */
#include "common/http_watch.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/http_private.h"

enum { WATCH_MS = 250, CROWDED_MS = 1000 };

struct watch {
    struct line *lines;
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

void line_does(struct line *line, int doing, int64_t for_ms)
{
    int64_t now = clock_steady_ms();
    pthread_mutex_lock(&line->lock);
    line->doing = doing;
    line->since = now;
    line->until = now + for_ms;
    line->have = 0;
    line->cut = false;
    pthread_mutex_unlock(&line->lock);
}

/* Where most threads wait for bodies, those that have waited longest give way. */
static bool has_had_its_time(const struct line *line, int64_t now, bool crowded)
{
    if (line->doing == READING)
        return http_is_slow(line->have, now - line->since) ||
               (crowded && now - line->since > CROWDED_MS);
    return line->doing != AT_REST && now > line->until;
}

static bool is_crowded(struct watch *watch, int threads)
{
    int reading = 0;
    for (int i = 0; i < threads; i++) {
        pthread_mutex_lock(&watch->lines[i].lock);
        reading += watch->lines[i].doing == READING;
        pthread_mutex_unlock(&watch->lines[i].lock);
    }
    return reading * 2 > threads;
}

/* A reader wakes at once, and what it answers still goes out; a writer is ended. */
static void cut(struct line *line)
{
    int fd = socket_of(line);
    if (fd >= 0)
        shutdown(fd, line->doing == ANSWERING ? SHUT_RDWR : SHUT_RD);
    line->cut = true;
}

static void look_at_lines(struct watch *watch)
{
    int64_t now = clock_steady_ms();
    int threads = atomic_load(&watch->threads);
    bool crowded = is_crowded(watch, threads);
    for (int i = 0; i < threads; i++) {
        struct line *line = &watch->lines[i];
        pthread_mutex_lock(&line->lock);
        if (!line->cut && has_had_its_time(line, now, crowded))
            cut(line);
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

struct watch *watch_start(struct arena *a, int most)
{
    struct watch *watch = ARENA_NEW(a, struct watch);
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

void line_opens(struct line *line, const char *peer, int port)
{
    pthread_mutex_lock(&line->lock);
    snprintf(line->peer, sizeof(line->peer), "%s", peer);
    line->port = port;
    pthread_mutex_unlock(&line->lock);
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
    int fd = socket_of(line);
    if (fd < 0)
        return;
    shutdown(fd, SHUT_WR);
    for (int64_t left; (left = until - clock_steady_ms()) > 0;)
        if (poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, (int)left) <= 0 ||
            recv(fd, away, sizeof(away), 0) <= 0)
            return;
}
