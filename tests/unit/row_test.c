/* SPDX-License-Identifier: EUPL-1.2 */
/* A row into a struct by its fields, and structs into arrays by the same. */
#include "tests/unit/table.h"

#include <arpa/inet.h>
#include <libpq-fe.h>

#include "common/db/row.h"

struct thing {
    const char *id, *note;
    int64_t n;
    struct maybe step;
    bool late;
    struct instant at, due;
    struct bytes sealed;
    struct texts words;
    const char *made;
    struct list parts;
    const char *inner;
};
static const struct field fields[] = {
    FIELD(struct thing, id, .format = FORMAT_UUID), FIELD(struct thing, note, .flags = NULLABLE),
    FIELD(struct thing, n), FIELD(struct thing, step, .flags = NULLABLE), FIELD(struct thing, late),
    FIELD(struct thing, at), FIELD(struct thing, due, .flags = OPTIONAL), FIELD(struct thing, sealed),
    FIELD(struct thing, words), FIELD(struct thing, made, .flags = MADE),
    LIST_FIELD(struct thing, parts, NULL), FIELD(struct thing, inner, .flags = INNER | OPTIONAL), { 0 },
};
static const struct record record = RECORD("thing", struct thing, fields);

#define ID "01890a5d-ac96-774b-bcce-b302099a8057"
enum { COLUMNS = 10 };
static const char *const names[COLUMNS] = { "id", "note", "n", "step", "late", "at", "due", "sealed", "words", "inner" };
static const char *const full[COLUMNS] = { ID, "hei", "7", "3", "t", "2026-11-24 09:12:33.123456+00",
                                           "2026-11-24 09:12:33+00", "\\x6162", "{a,\"b c\"}", "kept" };
static const char *const sparse[COLUMNS] = { ID, NULL, "0", NULL, NULL, "2026-11-24 09:12:33+00", NULL, NULL, NULL, NULL };

static struct result result(struct scope *s, const char *const *const *rows, int count)
{
    PGresult *pg = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc described[COLUMNS] = { 0 };
    for (int c = 0; c < COLUMNS; c++)
        described[c] = (PGresAttDesc){ .name = arena_strndup(s->arena, names[c], strlen(names[c])), .typlen = -1 };
    assert_true(PQsetResultAttrs(pg, COLUMNS, described));
    for (int i = 0; i < count; i++)
        for (int c = 0; c < COLUMNS; c++)
            assert_true(PQsetvalue(pg, i, c, (char *)(uintptr_t)rows[i][c], rows[i][c] ? (int)strlen(rows[i][c]) : -1));
    return (struct result){ .pg = pg, .count = count };
}

static void rows_are_read(void **state)
{
    (void)state;
    struct scope s = { .arena = arena_new() };
    struct result r = result(&s, (const char *const *const[]){ full, sparse }, 2);
    struct list list;
    assert_int_equal(records_from_result(&s, &record, &r, &list), OK);
    assert_int_equal(list.count, 2);
    const struct thing *thing = list.items;
    CHECK_TEXT("id", thing->id, ID);
    CHECK_TEXT("note", thing->note, "hei");
    CHECK_INT("n", thing->n, 7);
    CHECK_INT("step", thing->step.known && thing->step.value == 3, true);
    CHECK_INT("late", thing->late, true);
    CHECK_INT("at", thing->at.us, 1795511553123456);
    CHECK_INT("due", thing->due.us, 1795511553000000);
    CHECK_INT("sealed", thing->sealed.length == 2 && memcmp(thing->sealed.data, "ab", 2) == 0, true);
    CHECK_INT("words", thing->words.count, 2);
    CHECK_TEXT("inner", thing->inner, "kept");
    thing++;
    assert_null(thing->note);
    CHECK_INT("no step", thing->step.known, false);
    CHECK_INT("not late", thing->late, false);
    CHECK_INT("no due", thing->due.us, 0);
    assert_null(thing->sealed.data);
    CHECK_INT("no words", thing->words.count, 0);
    PQclear((PGresult *)(uintptr_t)r.pg);
    arena_free(s.arena);
}

static void what_is_filled_before_stays(void **state)
{
    (void)state;
    struct scope s = { .arena = arena_new() };
    struct result r = result(&s, (const char *const *const[]){ full }, 1);
    struct thing thing = { .made = "by us", .parts = { .count = 4 } };
    assert_int_equal(record_from_row(&s, &record, &r, 0, &thing), OK);
    CHECK_TEXT("made", thing.made, "by us");
    CHECK_INT("parts", thing.parts.count, 4);
    PQclear((PGresult *)(uintptr_t)r.pg);
    arena_free(s.arena);
}

/* A contract that says more than the database holds is our bug, and told by name. */
static void null_where_it_must_be_is_told(void **state)
{
    (void)state;
    static const struct {
        int column;
        const char *detail; /* NULL: it may */
    } rows[] = { { 0, "thing: there is no id" }, { 1, NULL }, { 2, "thing: there is no n" }, { 3, NULL }, { 4, NULL },
                 { 5, "thing: there is no at" }, { 6, NULL }, { 7, NULL }, { 8, NULL } };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = { .arena = arena_new() };
        const char *row[COLUMNS];
        memcpy(row, full, sizeof(row));
        row[rows[i].column] = NULL;
        struct result r = result(&s, (const char *const *const[]){ row }, 1);
        struct thing thing = { 0 };
        CHECK_INT(names[rows[i].column], record_from_row(&s, &record, &r, 0, &thing), rows[i].detail ? PROBLEM_BUG : OK);
        if (rows[i].detail)
            CHECK_TEXT(names[rows[i].column], s.detail, rows[i].detail);
        PQclear((PGresult *)(uintptr_t)r.pg);
        arena_free(s.arena);
    }
}

/* The n-th word of the array's head: dimensions, may hold nulls, oid, count, lower bound; behind it, of items. */
static unsigned word(const struct param *param, int n)
{
    uint32_t wire;
    memcpy(&wire, param->data + 4 * n, sizeof(wire));
    return ntohl(wire);
}

static void arrays_are_written(void **state)
{
    (void)state;
    enum { TEXT = 25, UUID = 2950, BYTES = 17, FLAG = 16, TIME = 1184, INTEGER = 20, OID = 2, COUNT = 3, FIRST = 5 };
    static const struct field of_arrays[] = {
        FIELD(struct thing, id, .format = FORMAT_UUID), FIELD(struct thing, note), FIELD(struct thing, n),
        FIELD(struct thing, step), FIELD(struct thing, late), FIELD(struct thing, at), FIELD(struct thing, due),
        LIST_FIELD(struct thing, parts, NULL), FIELD(struct thing, sealed), FIELD(struct thing, words), { 0 },
    };
    static const char *const of[] = { "id", "note", "n", "step", "late", "at", "due", "sealed", "words" };
    static const struct record arrays = RECORD("arrays", struct thing, of_arrays);
    static const struct {
        unsigned oid, length; /* of the first item */
    } want[] = { { UUID, 16 }, { TEXT, UINT32_MAX }, { INTEGER, 8 }, { INTEGER, UINT32_MAX }, { FLAG, 1 },
                 { TIME, 8 },  { TIME, UINT32_MAX }, { BYTES, 3 },   { TEXT, 9 } };
    struct scope s = { .arena = arena_new() };
    const struct thing things[2] = { { .id = ID, .n = 7, .at = { 1 }, .sealed = { (const unsigned char *)"abc", 3 },
                                       .words = { (const char *const[]){ "a", "b" }, 2 } },
                                     { .note = "b" } };
    struct param params[ROWS(want)];
    CHECK_INT("params", params_from_records(&s, &arrays, (const void *const[]){ &things[0], &things[1] }, 2, params), ROWS(want));
    for (size_t i = 0; i < ROWS(want); i++) {
        CHECK_INT(of[i], word(&params[i], OID), want[i].oid);
        CHECK_INT(of[i], word(&params[i], COUNT), 2);
        CHECK_INT(of[i], word(&params[i], FIRST), want[i].length);
    }
    CHECK_INT("the second's note", word(&params[1], FIRST + 1), 1);
    CHECK_INT("the words", memcmp(params[8].data + 4 * (FIRST + 1), "{\"a\",\"b\"}", 9), 0);
    arena_free(s.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(rows_are_read), cmocka_unit_test(what_is_filled_before_stays),
                                        cmocka_unit_test(null_where_it_must_be_is_told),
                                        cmocka_unit_test(arrays_are_written) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
