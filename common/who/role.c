/* SPDX-License-Identifier: EUPL-1.2 */
/* Roles by name, as rows of the database and the access log have them. */
#include "common/who/role.h"

#include "common/words/codes.h"

struct texts role_names(struct scope *s, unsigned bits)
{
    const char **names = arena_array(s->arena, 8 * sizeof(bits), sizeof(*names));
    size_t count = 0;
    for (size_t i = 0; role_codes[i]; i++)
        if (bits & 1u << i)
            names[count++] = role_codes[i];
    return (struct texts){ .items = names, .count = count };
}

unsigned role_named(const char *name)
{
    int place = code_index(role_codes, name);
    return place < 0 ? 0 : 1u << place;
}

unsigned roles_named(const struct texts *names)
{
    unsigned bits = 0;
    for (size_t i = 0; i < names->count; i++)
        bits |= role_named(names->items[i]);
    return bits;
}
