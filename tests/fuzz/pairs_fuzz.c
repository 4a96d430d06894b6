/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a form's body: refused, or names and values that are texts, and reading is cheap. */
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/base/text_same.h"
#include "common/http/pairs.h"
#include "tests/fuzz/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scope s = { .arena = arena_new() };
    struct pairs pairs = { 0 };
    if (pairs_parse(&s, (const char *)data, size, &pairs) == OK)
        for (size_t i = 0; i < pairs.count; i++) {
            json_t *value = json_string(pairs.items[i].value), *name = json_string(pairs.items[i].name);
            if (!value || !name || strchr(pairs.items[i].value, '\r') || !pairs_get(&pairs, pairs.items[i].name))
                abort();
            text_visible(pairs.items[i].value);
            if (!text_same(s.arena, pairs.items[i].value, text_canonical(s.arena, pairs.items[i].value)))
                abort();
            json_decref(value);
            json_decref(name);
        }
    arena_free(s.arena);
    return 0;
}
