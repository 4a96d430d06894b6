/* SPDX-License-Identifier: EUPL-1.2 */
/* Events hold ids, codes, numbers and times. */
#include "tests/unit/table.h"

#include "common/event/types.h"
#include "common/record/encode.h"
#include "common/record/record.h"

static void events_hold_nothing_personal(void **state)
{
    (void)state;
    for (const struct event_type *const *type = event_types; *type; type++)
        for (const struct field *f = (*type)->record->fields; f->name; f++) {
            bool text = f->kind == KIND_TEXT || f->kind == KIND_TEXTS;
            if ((f->flags & PERSONAL) || (text && f->format == FORMAT_ANY && !f->choices))
                fail_msg("%s: %s may hold free text", (*type)->name, f->name);
        }
}

static void types_are_found_by_either_name(void **state)
{
    (void)state;
    for (const struct event_type *const *type = event_types; *type; type++) {
        CHECK_INT((*type)->name, event_type_find((*type)->name) == *type, true);
        CHECK_INT((*type)->type, event_type_find((*type)->type) == *type, true);
    }
    CHECK_INT("another", event_type_find("no.tillit.unheard.of.v1") == NULL, true);
}

/* What C calls priority is urgency to all who read the event. */
static void a_triage_says_its_priority_as_urgency(void **state)
{
    (void)state;
    struct scope s = { .arena = arena_new() };
    struct case_triaged read = { 0 };
    const struct case_triaged said = { .department = "ho", .path = "team", .priority = "p2", .rule_set = "x" };
    const char *json = record_to_json(&s, case_triaged.record, &said);
    CHECK_TEXT("the wire", json,
               "{\"department\":\"ho\",\"path\":\"team\",\"urgency\":\"p2\",\"lower_services\":[],\"rules\":[],\"rule_set\":\"x\"}");
    CHECK_INT("read", record_from_json(&s, case_triaged.record, RECORD_EVENT, json, strlen(json), &read), OK);
    CHECK_TEXT("priority", read.priority, "p2");
    arena_free(s.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(events_hold_nothing_personal),
                                        cmocka_unit_test(types_are_found_by_either_name),
                                        cmocka_unit_test(a_triage_says_its_priority_as_urgency) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
