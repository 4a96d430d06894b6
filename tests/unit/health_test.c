/* SPDX-License-Identifier: EUPL-1.2 */
/* What a program says of itself fits its place, and ends at a character. */
#include "tests/unit/table.h"

#include "common/base/arena.h"
#include "common/program/health.h"

static void what_is_said_ends_at_a_character(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct health *health = health_new(a);
    for (int before = 0; before < 4; before++) {
        char text[400] = "";
        for (int i = 0; i < before; i++)
            strcat(text, "x");
        for (int i = 0; i < 120; i++)
            strcat(text, "ø");
        health_say(health, text);
        struct health_state said = health_look(health);
        CHECK_INT("not ready", said.ready, false);
        CHECK_INT("whole characters", (strlen(said.why) - (size_t)before) % 2, 0);
        CHECK_INT("as much as fits", strlen(said.why) >= sizeof(said.why) - 2, true);
        CHECK_INT("its beginning", strncmp(said.why, text, strlen(said.why)), 0);
    }
    arena_free(a);
}

static void short_words_stay_as_they_are(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct health *health = health_new(a);
    health_say(health, "på pause");
    CHECK_TEXT("said", health_look(health).why, "på pause");
    health_say(health, NULL);
    CHECK_INT("ready", health_look(health).ready, true);
    CHECK_TEXT("nothing", health_look(health).why, "");
    arena_free(a);
}

/* Whoever has nothing to do finds nothing wrong: ready is who could do the next piece of work. */
static void ready_is_only_whose_heartbeat_comes_through(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct health *health = health_new(a);
    health_say(health, NULL);
    health_beat(health, "none came through yet");
    CHECK_INT("before the first", health_look(health).ready, false);
    CHECK_TEXT("before the first", health_look(health).why, "none came through yet");
    CHECK_INT("what a heartbeat writes", health_said(health).ready, true);
    health_beat(health, NULL);
    CHECK_INT("one came through", health_look(health).ready, true);
    health_beat(health, "the database does not answer");
    CHECK_INT("one that fails, within the time", health_look(health).ready, true);
    health_say(health, "paused");
    CHECK_TEXT("its own word comes first", health_look(health).why, "paused");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_said_ends_at_a_character),
                                        cmocka_unit_test(short_words_stay_as_they_are),
                                        cmocka_unit_test(ready_is_only_whose_heartbeat_comes_through) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
