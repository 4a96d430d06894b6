/* SPDX-License-Identifier: EUPL-1.2 */
/* Log lines: JSON, only the fields of log.def, given to whoever reads without waiting for them. */
#include "common/program/log.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/arena.h"
#include "common/base/text.h"
#include "common/time/instant.h"

enum { LONGEST = 200, PER_BYTE = 6 /* "\u001f" */, ROOM_TO_END = 2 /* "}" and the line's end */ };

struct log {
    struct arena *arena;
    const char *svc;
    int fd;
    int own; /* the same pipe or terminal, opened anew so that our not waiting is nobody else's; or -1 */
    bool socket;
    pthread_mutex_t lock; /* of what follows */
    char rest[LOG_LONGEST]; /* of a line of which only the beginning was taken */
    size_t rest_length;
    uint64_t untold; /* lines dropped that no line has told of */
    _Atomic uint64_t dropped;
};

static const char *const names[LOG_FIELD_COUNT] = {
#define LOG_FIELD(symbol, name) [LOG_##symbol] = name,
#include "common/program/log.def"
#undef LOG_FIELD
};

static const char *const levels[] = { "debug", "info", "warn", "error" };

static size_t cut_at_character(const char *text)
{
    size_t length = strlen(text);
    if (length <= LONGEST)
        return length;
    length = LONGEST;
    while (length > 0 && (text[length] & 0xc0) == 0x80)
        length--;
    return length;
}

/* The bytes at text that are no ASCII, and how many they are. What is no UTF-8 must not break the
 * line: each such byte becomes U+FFFD. */
static size_t add_beyond_ascii(struct buffer *b, const char *text, size_t length)
{
    size_t run = 0;
    while (run < length && (unsigned char)text[run] >= 0x80)
        run++;
    if (text_well_formed(text, run))
        buffer_add(b, text, run);
    else
        for (size_t i = 0; i < run; i++)
            buffer_text(b, "\\ufffd");
    return run;
}

static void add_quoted(struct buffer *b, const char *text)
{
    size_t length = cut_at_character(text);
    buffer_char(b, '"');
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x80)
            i += add_beyond_ascii(b, text + i, length - i) - 1;
        else if (c == '"' || c == '\\')
            buffer_printf(b, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            buffer_printf(b, "\\u%04x", c);
        else
            buffer_char(b, (char)c);
    }
    buffer_char(b, '"');
}

/* A descriptor's flags are shared with all who have it from the same parent: what must not wait gets
 * one of its own. A file needs none, and would lose its place. */
static int open_anew(int fd, mode_t mode)
{
    char path[32];
    if (!S_ISFIFO(mode) && !S_ISCHR(mode))
        return -1;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

struct log *log_new(const char *svc, int fd)
{
    struct stat about = { 0 };
    struct arena *arena = arena_new();
    struct log *log = ARENA_NEW(arena, struct log);
    fstat(fd, &about);
    log->arena = arena;
    log->svc = svc;
    log->fd = fd;
    log->socket = S_ISSOCK(about.st_mode);
    log->own = open_anew(fd, about.st_mode);
    pthread_mutex_init(&log->lock, NULL);
    return log;
}

void log_free(struct log *log)
{
    if (!log)
        return;
    if (log->own >= 0)
        close(log->own);
    pthread_mutex_destroy(&log->lock);
    arena_free(log->arena);
}

uint64_t log_dropped(const struct log *log)
{
    return atomic_load(&log->dropped);
}

/* How many bytes were taken, or -1. A pipe of another user's can not be opened anew: whether it has room for a line
 * is asked first then. */
static ssize_t give(const struct log *log, const char *text, size_t length)
{
    if (log->socket)
        return send(log->fd, text, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (log->own >= 0)
        return write(log->own, text, length);
    struct pollfd room = { .fd = log->fd, .events = POLLOUT };
    return poll(&room, 1, 0) == 1 && room.revents & POLLOUT ? write(log->fd, text, length) : -1;
}

/* Under the lock: true if the line is on its way. What has begun is ended before anything else is said. */
static bool put(struct log *log, const char *line, size_t length)
{
    if (log->rest_length) {
        ssize_t taken = give(log, log->rest, log->rest_length);
        if (taken > 0) {
            log->rest_length -= (size_t)taken;
            memmove(log->rest, log->rest + taken, log->rest_length);
        }
        if (log->rest_length)
            return false;
    }
    ssize_t taken = give(log, line, length);
    if (taken <= 0)
        return false;
    log->rest_length = length - (size_t)taken;
    memcpy(log->rest, line + taken, log->rest_length);
    return true;
}

/* False: the values that are left have no room. */
static bool add_pair(struct buffer *b, const struct log_pair *pair)
{
    size_t most = PER_BYTE * cut_at_character(pair->text) + strlen(names[pair->field]) + 6;
    if (b->length + most + ROOM_TO_END > LOG_LONGEST)
        return false;
    buffer_text(b, ",\"");
    buffer_text(b, names[pair->field]);
    buffer_text(b, "\":");
    add_quoted(b, pair->text);
    return true;
}

static struct buffer line_of(struct arena *a, const struct log *log, int64_t now, enum log_level level,
                             const char *msg, const struct log_pair *pairs, size_t count)
{
    struct buffer b = buffer_sized(a, 1024);
    buffer_printf(&b, "{\"ts\":\"%s\",\"level\":\"%s\",\"svc\":\"%s\",\"msg\":",
                  instant_rfc3339(a, now), levels[level], log->svc);
    add_quoted(&b, msg);
    for (size_t i = 0; i < count; i++)
        if (pairs[i].text && !add_pair(&b, &pairs[i]))
            break;
    buffer_text(&b, "}\n");
    return b;
}

/* Under the lock: false while nobody takes the line that tells. */
static bool tell_dropped(struct log *log, struct arena *a, int64_t now)
{
    if (!log->untold)
        return true;
    const struct log_pair count = { LOG_COUNT, arena_printf(a, "%llu", (unsigned long long)log->untold) };
    struct buffer b = line_of(a, log, now, LOG_LEVEL_WARN, "log lines were dropped: nobody read them", &count, 1);
    if (!put(log, b.text, b.length))
        return false;
    log->untold = 0;
    return true;
}

void log_settle(struct log *log, int64_t now)
{
    struct arena_room room;
    struct arena *a = arena_within(&room);
    pthread_mutex_lock(&log->lock);
    tell_dropped(log, a, now);
    pthread_mutex_unlock(&log->lock);
    arena_free(a);
}

void log_write(struct log *log, int64_t now, enum log_level level, const char *msg,
               const struct log_pair *pairs, size_t count)
{
    struct arena_room room;
    if (!log)
        return;
    struct arena *a = arena_within(&room);
    struct buffer b = line_of(a, log, now, level, msg, pairs, count);
    pthread_mutex_lock(&log->lock);
    if (!tell_dropped(log, a, now) || !put(log, b.text, b.length)) {
        log->untold++;
        atomic_fetch_add(&log->dropped, 1);
    }
    pthread_mutex_unlock(&log->lock);
    arena_free(a);
}
