/* SPDX-License-Identifier: EUPL-1.2 */
/* with: api. Any bytes as a citizen's form: it is read, judged and shown again, and what was wrong has a line. */
#include "common/http/pairs.h"
#include "common/who/who.h"
#include "services/api/application/application.h"
#include "services/api/form/document.h"
#include "services/api/form/view.h"
#include "tests/fuzz/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scope s = fuzz_scope();
    struct pairs fields;
    struct application in = { 0 };
    const struct principal citizen = { .kind = WHO_CITIZEN, .person = "17834006863" };
    s.who = size % 2 ? &citizen : NULL;
    if (pairs_parse(&s, (const char *)data, size, &fields) == OK &&
        record_from_value(&s, &application_record, RECORD_BODY, arena_value(s.arena, form_document(&s, &fields)), &in)) {
        json_t *view = arena_value(s.arena, form_view(&s, &fields, "key"));
        if (!view || json_array_size(json_object_get(view, "errors")) == 0)
            abort();
    }
    arena_free(s.arena);
    return 0;
}
