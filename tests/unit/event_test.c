/* SPDX-License-Identifier: EUPL-1.2 */
/* Events hold ids, codes, numbers and times; what is personal can be masked. */
#include "tests/unit/table.h"

#include "common/event/types.h"
#include "common/record/encode.h"

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

struct person {
    const char *name;
    const char *role;
};

static void personal_members_are_masked(void **state)
{
    (void)state;
    static const struct field fields[] = { FIELD(struct person, name, .flags = PERSONAL),
                                           FIELD(struct person, role), { 0 } };
    static const struct record record = { .name = "person", .size = sizeof(struct person),
                                          .fields = fields };
    struct scope s = { .arena = arena_new() };
    CHECK_TEXT("masked", record_to_masked_json(&s, &record, &(struct person){ "Kari", "self" }),
               "{\"name\":\"***\",\"role\":\"self\"}");
    arena_free(s.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(events_hold_nothing_personal),
                                        cmocka_unit_test(types_are_found_by_either_name),
                                        cmocka_unit_test(personal_members_are_masked) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
