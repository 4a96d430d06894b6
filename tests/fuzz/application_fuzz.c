/* SPDX-License-Identifier: EUPL-1.2 */
/* with: api. Any bytes as the body of each route that takes one: refused at places that there are, or taken, and then
 * what was read can be written, and read as the same. */
#include "common/record/encode.h"
#include "services/api/routes.h"
#include "tests/fuzz/scope.h"

static void try_body(const struct record *record, const char *text, size_t size)
{
    struct scope s = fuzz_scope(), again = s;
    void *in = arena_alloc(s.arena, record->size), *same = arena_alloc(s.arena, record->size);
    if (record_from_json(&s, record, RECORD_BODY, text, size, in) == OK) {
        const char *json = record_to_json(&s, record, in);
        if (record_from_json(&again, record, RECORD_BODY, json, strlen(json), same) ||
            strcmp(json, record_to_json(&again, record, same)) != 0)
            abort();
    }
    for (const struct field_error *e = s.errors; e; e = e->next) {
        json_t *pointer = json_string(e->pointer);
        if (!pointer || (*e->pointer && *e->pointer != '/'))
            abort();
        json_decref(pointer);
    }
    arena_free(s.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (const struct route *route = routes; route->path; route++)
        if (route->body)
            try_body(route->body, (const char *)data, size);
    return 0;
}
