/* SPDX-License-Identifier: EUPL-1.2 */ /* with: triage */
/* Any bytes as the data of an event of each type: parked, or what was read can be said again, and triage decides on it. */
#include <stdlib.h>
#include <string.h>

#include "common/case/rules.h"
#include "common/event/event.h"
#include "common/record/encode.h"
#include "services/triage/triage.h"
#include "tests/fuzz/scope.h"

static void try_type(struct scope *s, const struct event_type *type, const char *data, size_t size)
{
    static const struct rules rules = { .first_talk_days = 3, .first_talk_urgent_days = 1, .team_services = 3, .team_step = 5 };
    const struct event event = { .case_id = "019a0000-0000-7000-8000-00000000abcd", .case_seq = 1, .type = type, .type_name = type->type, .data = data, .data_length = size };
    void *read = arena_alloc(s->arena, type->record->size), *again = arena_alloc(s->arena, type->record->size);
    s->detail = NULL;
    s->errors = s->last_error = NULL;
    if (event_read(s, &event, read)) {
        if (!s->detail)
            abort(); /* whoever reads why it is parked reads nothing */
        return;
    }
    const char *json = record_to_json(s, type->record, read);
    if (record_from_json(s, type->record, RECORD_BODY, json, strlen(json), again))
        abort();
    if (type == &application_received && !triage_decide(s->arena, read, &rules).path)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scope s = { .arena = arena_new() };
    for (const struct event_type *const *type = event_types; *type; type++)
        try_type(&s, *type, (const char *)data, size);
    arena_free(s.arena);
    return 0;
}
