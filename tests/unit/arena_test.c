/* SPDX-License-Identifier: EUPL-1.2 */
/* Memory that is freed as a whole; buffers that grow in it. */
#include "tests/unit/table.h"

#include <jansson.h>
#include <stdalign.h>
#include <stdbool.h>

#include "common/base/arena.h"

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t size;
    } rows[] = { { "nothing", 0 }, { "a byte", 1 }, { "odd", 17 }, { "a block", 8192 }, { "more than a block", 100000 } };
    struct arena *a = arena_new();
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < ROWS(rows); i++) {
            unsigned char *memory = arena_alloc(a, rows[i].size);
            CHECK_INT(rows[i].name, (uintptr_t)memory % alignof(max_align_t), 0);
            for (size_t k = 0; k < rows[i].size; k++)
                CHECK_INT(rows[i].name, memory[k], 0);
            memset(memory, 0xaa, rows[i].size);
        }
        arena_reset(a);
    }
    arena_free(a);
}

struct note {
    struct buffer *said;
    char letter;
};

static void say(void *note)
{
    buffer_char(((struct note *)note)->said, ((struct note *)note)->letter);
}

static void what_is_deferred_runs_once_and_last_first(void **state)
{
    (void)state;
    struct arena *outer = arena_new(), *a = arena_new();
    struct buffer said = buffer_new(outer);
    struct note notes[] = { { &said, 'a' }, { &said, 'b' }, { &said, 'c' } };
    for (size_t i = 0; i < ROWS(notes); i++)
        arena_defer(a, say, &notes[i]);
    arena_reset(a);
    CHECK_TEXT("reset", said.text, "cba");
    arena_reset(a);
    CHECK_TEXT("reset again", said.text, "cba");
    arena_defer(a, say, &notes[0]);
    arena_free(a);
    CHECK_TEXT("freed", said.text, "cbaa");
    arena_free(NULL);
    arena_free(outer);
}

static void a_value_goes_with_the_arena(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    json_t *value = json_incref(json_array());
    CHECK_INT("itself", arena_value(a, value) == value, true);
    CHECK_INT("none", arena_value(a, NULL) == NULL, true);
    CHECK_INT("kept", value->refcount, 2);
    arena_free(a);
    CHECK_INT("given back", value->refcount, 1);
    json_decref(value);
}

static void texts(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    CHECK_TEXT("copy", arena_strdup(a, "Åse"), "Åse");
    CHECK_INT("no text", arena_strdup(a, NULL) == NULL, true);
    CHECK_TEXT("a part", arena_strndup(a, "abcdef", 3), "abc");
    CHECK_TEXT("nothing of it", arena_strndup(a, "abc", 0), "");
    CHECK_TEXT("printed", arena_printf(a, "%s/%d", "x", 7), "x/7");
    CHECK_INT("bytes", memcmp(arena_memdup(a, "a\0b", 3), "a\0b", 3), 0);
    arena_free(a);
}

static void buffers_grow(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct buffer b = buffer_new(a);
    CHECK_TEXT("new", b.text, "");
    for (int i = 0; i < 10000; i++)
        buffer_printf(&b, "%04d", i);
    CHECK_INT("length", b.length, 40000);
    CHECK_INT("ended", b.text[b.length], 0);
    CHECK_INT("the middle", memcmp(b.text + 20000, "50005001", 8), 0);
    buffer_add(&b, "\0x", 2);
    CHECK_INT("any byte", b.text[40001], 'x');
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(memory_is_zeroed_and_aligned),
                                        cmocka_unit_test(what_is_deferred_runs_once_and_last_first),
                                        cmocka_unit_test(a_value_goes_with_the_arena),
                                        cmocka_unit_test(texts), cmocka_unit_test(buffers_grow) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
