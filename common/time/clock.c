/* SPDX-License-Identifier: EUPL-1.2 */
/* The wall clock, with an offset that a test may write into a file. */
#include "common/time/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/base/arena.h"

enum { REREAD_MS = 500, LONGEST_OFFSET = 64 };

struct clock {
    struct arena *arena;
    const char *offset_file;
    _Atomic int64_t offset; /* microseconds */
    _Atomic(const char *) fault;
    _Atomic int64_t read_at; /* steady ms */
    atomic_flag reading; /* one at a time: a file that does not answer holds no more than one thread */
};

struct clock *clock_new(const char *offset_file)
{
    struct arena *arena = arena_new();
    struct clock *clock = ARENA_NEW(arena, struct clock);
    clock->arena = arena;
    clock->offset_file = arena_strdup(arena, offset_file);
    atomic_flag_clear(&clock->reading);
    atomic_store(&clock->read_at, -REREAD_MS);
    return clock;
}

void clock_free(struct clock *clock)
{
    if (clock)
        arena_free(clock->arena);
}

int64_t clock_steady_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct timespec clock_steady_at(int64_t steady_ms)
{
    return (struct timespec){ .tv_sec = (time_t)(steady_ms / 1000),
                              .tv_nsec = (long)(steady_ms % 1000) * 1000000 };
}

struct timespec clock_steady_in(int ms)
{
    return clock_steady_at(clock_steady_ms() + ms);
}

/* Bytes of the file's beginning, -1 if there are none to be had; what is no file is not waited for. */
static ssize_t read_text(const char *path, char *text, size_t room)
{
    struct stat about;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return errno == ENOENT ? 0 : -1;
    ssize_t length = fstat(file, &about) == 0 && S_ISREG(about.st_mode) ? read(file, text, room) : -1;
    close(file);
    return length;
}

static const char *read_offset(const char *path, int64_t *offset)
{
    char text[LONGEST_OFFSET + 1], *end;
    ssize_t length = read_text(path, text, LONGEST_OFFSET);
    *offset = 0;
    if (length < 0)
        return "TILLIT_CLOCK_FILE is no file that can be read: it counts as 0";
    text[length] = '\0';
    if (text[strspn(text, " \t\r\n")] == '\0' && strlen(text) == (size_t)length)
        return NULL;
    errno = 0;
    long long seconds = strtoll(text, &end, 10);
    if (end == text || end + strspn(end, " \t\r\n") != text + length)
        return "TILLIT_CLOCK_FILE holds no number of seconds: it counts as 0";
    if (errno || seconds > CLOCK_OFFSET_MOST || seconds < -CLOCK_OFFSET_MOST)
        return "TILLIT_CLOCK_FILE holds more than 200 years: it counts as 0";
    *offset = seconds * SECOND_US;
    return NULL;
}

const char *clock_fault(struct clock *clock)
{
    return atomic_load(&clock->fault);
}

int64_t clock_now(struct clock *clock)
{
    int64_t steady = clock_steady_ms();
    if (clock->offset_file && steady - atomic_load(&clock->read_at) >= REREAD_MS &&
        !atomic_flag_test_and_set(&clock->reading)) {
        atomic_store(&clock->read_at, steady);
        int64_t offset;
        atomic_store(&clock->fault, read_offset(clock->offset_file, &offset));
        atomic_store(&clock->offset, offset);
        atomic_flag_clear(&clock->reading);
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000 + atomic_load(&clock->offset);
}
