/* SPDX-License-Identifier: EUPL-1.2 */
/* How long anything is waited for: a scope's time, and the line before what stands still. */
#include "tests/unit/table.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "common/db/line.h"
#include "common/time/clock.h"

static void what_is_left(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t deadline_in; /* ms; 0 = none */
        int most, least_left, most_left;
    } rows[] = {
        { "no deadline", 0, 8000, 8000, 8000 },
        { "far away", 60000, 8000, 8000, 8000 },
        { "nearer than the wait's own", 1000, 8000, 500, 1000 },
        { "just past", -1, 8000, 0, 0 },
        { "long past", -60000, 8000, 0, 0 },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = { .deadline = rows[i].deadline_in ? clock_steady_ms() + rows[i].deadline_in : 0 };
        int left = scope_left(&s, rows[i].most);
        CHECK_INT(rows[i].name, left >= rows[i].least_left && left <= rows[i].most_left, 1);
    }
}

static void behind_those_who_stand_nobody_waits(void **state)
{
    (void)state;
    enum { INSIDE = 3 };
    struct arena *a = arena_new();
    struct line *line = line_new(a, INSIDE, 0);
    struct scope s = { .arena = a };
    for (int i = 0; i < INSIDE; i++)
        CHECK_INT("there is room", line_enter(&s, line), OK);
    int64_t began = clock_steady_ms();
    CHECK_INT("full, since a moment ago", line_enter(&s, line), PROBLEM_UNAVAILABLE);
    CHECK_INT("so it was waited for", clock_steady_ms() - began >= LINE_PATIENCE_MS / 2, 1);
    began = clock_steady_ms();
    for (int i = 0; i < 20; i++)
        CHECK_INT("full, and it stands", line_enter(&s, line), PROBLEM_UNAVAILABLE);
    CHECK_INT("at once", clock_steady_ms() - began < LINE_PATIENCE_MS, 1);
    line_leave(line);
    CHECK_INT("somebody left", line_enter(&s, line), OK);
    began = clock_steady_ms();
    CHECK_INT("it moved a moment ago", line_enter(&s, line), PROBLEM_UNAVAILABLE);
    int64_t waited = clock_steady_ms() - began;
    CHECK_INT("so it was waited for", waited >= LINE_PATIENCE_MS / 2 && waited < 10 * LINE_PATIENCE_MS, 1);
    s.deadline = clock_steady_ms() - 1;
    line_leave(line);
    CHECK_INT("room, though the time is up", line_enter(&s, line), OK);
    for (int i = 0; i < INSIDE; i++)
        line_leave(line);
    line_free(line);
    arena_free(a);
}

/* The first of those who wait stay, though nothing moves, until their own time is up. */
static void some_have_patience(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct line *line = line_new(a, 1, 1);
    struct scope s = { .arena = a };
    CHECK_INT("there is room", line_enter(&s, line), OK);
    int64_t began = clock_steady_ms();
    s.deadline = began + 3 * LINE_PATIENCE_MS;
    CHECK_INT("full", line_enter(&s, line), PROBLEM_UNAVAILABLE);
    CHECK_INT("it waited its whole time", clock_steady_ms() >= s.deadline, 1);
    line_leave(line);
    line_free(line);
    arena_free(a);
}

struct walker {
    struct line *line;
    int refused;
};

static void *walk(void *context)
{
    struct walker *walker = context;
    struct arena *a = arena_new();
    struct scope s = { .arena = a };
    for (int i = 0; i < 200; i++)
        if (line_enter(&s, walker->line))
            walker->refused++;
        else
            line_leave(walker->line);
    arena_free(a);
    return NULL;
}

static void while_it_moves_nobody_is_refused(void **state)
{
    (void)state;
    enum { WALKERS = 16 };
    struct arena *a = arena_new();
    struct line *line = line_new(a, 2, 0);
    struct walker walkers[WALKERS];
    pthread_t threads[WALKERS];
    for (size_t i = 0; i < WALKERS; i++) {
        walkers[i] = (struct walker){ line, 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, walk, &walkers[i]), 0);
    }
    for (size_t i = 0; i < WALKERS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT("refused", walkers[i].refused, 0);
    }
    line_free(line);
    arena_free(a);
}

struct waiting {
    struct line *line;
    atomic_bool over;
    enum problem problem;
};

static void *wait_once(void *context)
{
    struct waiting *waiting = context;
    struct arena *a = arena_new();
    struct scope s = { .arena = a };
    waiting->problem = line_enter(&s, waiting->line);
    if (!waiting->problem)
        line_leave(waiting->line);
    atomic_store(&waiting->over, true);
    arena_free(a);
    return NULL;
}

/* Somebody who comes again and again, and somebody who waits meanwhile. */
static void who_waits_is_not_passed(void **state)
{
    (void)state;
    enum { TURNS = 200, FAIR = 50 };
    struct arena *a = arena_new();
    struct line *line = line_new(a, 1, 0);
    struct scope s = { .arena = a };
    struct waiting waiting = { .line = line };
    pthread_t thread;
    CHECK_INT("there is room", line_enter(&s, line), OK);
    assert_int_equal(pthread_create(&thread, NULL, wait_once, &waiting), 0);
    int turns = 0;
    for (; turns < TURNS && !atomic_load(&waiting.over); turns++) {
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL); /* what it came for */
        line_leave(line);
        CHECK_INT("while it moves", line_enter(&s, line), OK);
    }
    line_leave(line);
    pthread_join(thread, NULL);
    CHECK_INT("who waited came in", waiting.problem, OK);
    CHECK_INT("before others had come many times", turns < FAIR, 1);
    line_free(line);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_left),
                                        cmocka_unit_test(behind_those_who_stand_nobody_waits),
                                        cmocka_unit_test(some_have_patience),
                                        cmocka_unit_test(while_it_moves_nobody_is_refused),
                                        cmocka_unit_test(who_waits_is_not_passed) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
