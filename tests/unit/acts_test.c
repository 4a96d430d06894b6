/* SPDX-License-Identifier: EUPL-1.2 */
/* What operators' acts can't do without, whichever door they come by. */
#include "tests/unit/table.h"

#include "common/operator/acts.h"
#include "common/problem/scope.h"
#include "common/record/check.h"

#define WHO .who = "Kari Drift", .why = "The template is mended"
#define ID "01900000-0000-7000-8000-000000000001"

static void what_an_act_lacks_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct act_request in;
        const char *faults;
    } rows[] = {
        { "one parked event", { .act = "redrive", .parked_id = ID, WHO }, "" },
        { "all of a cause", { .act = "redrive", .consumer = "letters", .problem = "DAMAGED", WHO }, "" },
        { "half a cause", { .act = "redrive", .consumer = "letters", WHO }, "/parked_id missing;" },
        { "a cause is not given up", { .act = "give-up", .consumer = "letters", .problem = "DAMAGED", WHO }, "/parked_id missing;" },
        { "what is no id", { .act = "give-up", .parked_id = "x", WHO }, "/parked_id format;" },
        { "a worker", { .act = "pause", .consumer = "letters", WHO }, "" },
        { "no worker", { .act = "resume", WHO }, "/consumer missing;" },
        { "the whole log", { .act = "replay", .target = "all", WHO }, "" },
        { "from a time", { .act = "replay", .target = "2026-11-24T12:00:00Z", WHO }, "" },
        { "from nowhere", { .act = "replay", .target = "yesterday", WHO }, "/target format;" },
        { "nothing to send", { .act = "replay", WHO }, "/target missing;" },
        { "shut out by number", { .act = "shut-out", .target = "310123456", WHO }, "" },
        { "let in by such a number", { .act = "let-in", .target = "310123456", WHO }, "/target checksum;/name missing;/municipalities missing;" },
        { "no act", { .act = "reboot", WHO }, "/act choice;" },
        { "no rate", { .act = "redrive", .parked_id = ID, .rate = { true, 0 }, WHO }, "/rate range;" },
        { "a reason of one letter", { .act = "redrive", .parked_id = ID, .who = "Kari", .why = "x" }, "/why length;" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = { .arena = arena_new() };
        struct buffer b = buffer_new(s.arena);
        record_check(&s, &act_request_record, &rows[i].in);
        for (const struct field_error *e = s.errors; e; e = e->next)
            buffer_printf(&b, "%s %s;", e->pointer, fault_name(e->fault));
        CHECK_TEXT(rows[i].name, b.text, rows[i].faults);
        arena_free(s.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_an_act_lacks_is_told) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
