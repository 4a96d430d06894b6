/* SPDX-License-Identifier: EUPL-1.2 */
/* Strict JSON objects. */
#include "common/token/jose.h"

#include <string.h>

#include "common/record/scan.h"

json_t *json_object_decode(struct scope *s, struct bytes text, bool *repeats)
{
    struct scope aside = { .arena = s->arena };
    const char *characters = (const char *)text.data;
    enum problem p = record_scan(&aside, characters, text.length, NULL);
    *repeats = aside.errors != NULL;
    if (p || *repeats)
        return NULL;
    json_t *value =
        arena_value(s->arena, json_loadb(characters, text.length, JSON_REJECT_DUPLICATES, NULL));
    return json_is_object(value) ? value : NULL;
}

bool json_is_text(const json_t *value, const char *want)
{
    return json_is_string(value) && strcmp(json_string_value(value), want) == 0;
}

bool json_lists(const json_t *value, const char *want)
{
    bool found = false;
    for (size_t i = 0; i < json_array_size(value) && !found; i++)
        found = json_is_text(json_array_get(value, i), want);
    return found;
}
