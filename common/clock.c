/* SPDX-License-Identifier: EUPL-1.2 */
/* The wall clock, with an offset that a test may write into a file. */
#include "common/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { REREAD_MS = 500 };

struct clock {
    struct arena *arena;
    const char *offset_file;
    _Atomic int64_t offset; /* microseconds */
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

static int64_t read_offset(const char *path)
{
    long long seconds = 0;
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    if (fscanf(file, "%lld", &seconds) != 1)
        seconds = 0;
    fclose(file);
    return seconds * SECOND_US;
}

int64_t clock_now(struct clock *clock)
{
    int64_t steady = clock_steady_ms();
    if (clock->offset_file && steady - atomic_load(&clock->read_at) >= REREAD_MS &&
        !atomic_flag_test_and_set(&clock->reading)) {
        atomic_store(&clock->read_at, steady);
        atomic_store(&clock->offset, read_offset(clock->offset_file));
        atomic_flag_clear(&clock->reading);
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000 + atomic_load(&clock->offset);
}
