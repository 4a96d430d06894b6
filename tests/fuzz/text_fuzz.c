/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a text: what we call well-formed the JSON library does too, what we read as a time we
 * can write and read again, and no format reads past the end. */
#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/text.h"
#include "common/record/format.h"
#include "common/time/instant.h"
#include "tests/fuzz/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    int64_t at, again;
    char *text = arena_strndup(a, (const char *)data, size);
    json_t *value = json_stringn(text, size);
    if (text_well_formed(text, size) && !value)
        abort();
    json_decref(value);
    for (unsigned format = 0; format < FORMAT_COUNT; format++)
        text_has_format(text, (enum format)format);
    if (instant_parse(text, &at) &&
        (!instant_parse(instant_oslo_rfc3339(a, at), &again) || at / 1000 != again / 1000))
        abort();
    arena_free(a);
    return 0;
}
