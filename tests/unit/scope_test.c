/* SPDX-License-Identifier: EUPL-1.2 */
/* What can go wrong, and how a scope keeps it. */
#include "tests/unit/table.h"

#include <stdbool.h>

#include "common/problem/scope.h"

static void problems(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int status;
        enum delivery delivery;
    } rows[] = {
        { "OK", 200, DELIVERY_ACK },
        { "MALFORMED", 400, DELIVERY_PARK },
        { "KEY_MISSING", 400, DELIVERY_PARK },
        { "NOT_FOUND", 404, DELIVERY_PARK },
        { "WRONG_STATUS", 409, DELIVERY_PARK },
        { "IN_FLIGHT", 409, DELIVERY_RETRY },
        { "PASSED", 409, DELIVERY_ACK },
        { "CHANGED", 412, DELIVERY_PARK },
        { "KEY_REUSED", 422, DELIVERY_PARK },
        { "MATCH_MISSING", 428, DELIVERY_PARK },
        { "BUG", 500, DELIVERY_HALT },
        { "CRASHED", 500, DELIVERY_PARK },
        { "UNAVAILABLE", 503, DELIVERY_RETRY },
        { "STALE", 503, DELIVERY_RETRY },
        { "DISK_FULL", 503, DELIVERY_RETRY },
        { "INTAKE_CLOSED", 503, DELIVERY_RETRY },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        enum problem p = problem_by_name(rows[i].name);
        CHECK_TEXT(rows[i].name, problem_name(p), rows[i].name);
        CHECK_INT(rows[i].name, problem_status(p), rows[i].status);
        CHECK_INT(rows[i].name, problem_delivery(p), rows[i].delivery);
    }
    CHECK_INT("no such problem", problem_by_name("NONSENSE"), PROBLEM_BUG);
}

/* A client may retry what RETRY says and only that: such a row answers 409, 429 or 503. */
static void every_problem_is_whole(void **state)
{
    (void)state;
    for (unsigned i = 1; i < PROBLEM_COUNT; i++) {
        enum problem p = (enum problem)i;
        int status = problem_status(p);
        CHECK_INT(problem_name(p), problem_by_name(problem_name(p)), p);
        CHECK_INT(problem_name(p), status >= 400 && status < 600, true);
        CHECK_INT(problem_name(p), problem_title(p)[0] != '\0', true);
        if (problem_delivery(p) == DELIVERY_RETRY)
            CHECK_INT(problem_name(p), status == 409 || status == 429 || status == 503, true);
    }
}

static void faults(void **state)
{
    (void)state;
    static const struct {
        enum fault fault;
        const char *name;
    } rows[] = {
        { FAULT_MISSING, "missing" }, { FAULT_UNKNOWN, "unknown" },   { FAULT_TYPE, "type" },
        { FAULT_FORMAT, "format" },   { FAULT_LENGTH, "length" },     { FAULT_RANGE, "range" },
        { FAULT_CHOICE, "choice" },   { FAULT_REPEAT, "repeat" },     { FAULT_CHECKSUM, "checksum" },
        { FAULT_DATE, "date" },       { FAULT_DUPLICATE, "duplicate" },
    };
    CHECK_INT("all of them", ROWS(rows), FAULT_COUNT);
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_TEXT(rows[i].name, fault_name(rows[i].fault), rows[i].name);
}

static void the_first_stays(void **state)
{
    (void)state;
    struct scope s = { .arena = arena_new() };
    char pointer[] = "/a";
    CHECK_INT("no fault", scope_faults(&s), OK);
    scope_fault(&s, pointer, FAULT_DATE);
    pointer[1] = 'b'; /* the pointer was copied */
    scope_fault(&s, pointer, FAULT_TYPE);
    scope_fault(&s, "/a", FAULT_CHOICE);
    CHECK_INT("a fault", scope_faults(&s), PROBLEM_MALFORMED);
    CHECK_TEXT("first", s.errors->pointer, "/a");
    CHECK_INT("first", s.errors->fault, FAULT_DATE);
    CHECK_TEXT("second", s.errors->next->pointer, "/b");
    CHECK_INT("no third", s.errors->next->next == NULL, true);
    CHECK_INT("problem", scope_fail(&s, PROBLEM_STALE, "%s", "why"), PROBLEM_STALE);
    CHECK_INT("another", scope_fail(&s, PROBLEM_BUG, "%s", "later"), PROBLEM_BUG);
    CHECK_TEXT("detail", s.detail, "why");
    arena_free(s.arena);
}

static void faults_are_bounded(void **state)
{
    (void)state;
    struct scope s = { .arena = arena_new() };
    for (int i = 0; i < 2 * FIELD_ERRORS_MOST; i++)
        scope_fault(&s, arena_printf(s.arena, "/%d", i), FAULT_UNKNOWN);
    int count = 0;
    for (const struct field_error *e = s.errors; e; e = e->next)
        count++;
    CHECK_INT("kept", count, FIELD_ERRORS_MOST);
    CHECK_INT("still a problem", scope_faults(&s), PROBLEM_MALFORMED);
    arena_free(s.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(problems), cmocka_unit_test(every_problem_is_whole),
                                        cmocka_unit_test(faults), cmocka_unit_test(the_first_stays),
                                        cmocka_unit_test(faults_are_bounded) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
