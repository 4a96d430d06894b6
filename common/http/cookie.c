/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading and writing cookies. */
#include "common/http/cookie.h"

#include <string.h>

#include "common/base/arena.h"

#define ATTRIBUTES "Path=/; Secure; HttpOnly; SameSite=Lax"

const char *cookie_find(struct arena *a, const char *header, const char *name)
{
    size_t length = strlen(name);
    const char *found = NULL;
    while (header && *header) {
        header += strspn(header, " \t;");
        size_t pair = strcspn(header, ";");
        if (pair > length && strncmp(header, name, length) == 0 && header[length] == '=') {
            if (found)
                return NULL;
            found = arena_strndup(a, header + length + 1, pair - length - 1);
        }
        header += pair;
    }
    return found;
}

struct texts cookie_names(struct arena *a, const char *header, const char *prefix)
{
    size_t count = 0, length = strlen(prefix);
    for (const char *c = header; c && *c; c++)
        count += *c == '=';
    const char **names = arena_array(a, count, sizeof(*names));
    count = 0;
    while (header && *header) {
        header += strspn(header, " ;");
        size_t pair = strcspn(header, ";"), name = strcspn(header, "=;");
        if (name < pair && name > length && strncmp(header, prefix, length) == 0)
            names[count++] = arena_strndup(a, header, name);
        header += pair;
    }
    return (struct texts){ names, count };
}

const char *cookie_set(struct arena *a, const char *name, const char *value, int max_age_s)
{
    if (max_age_s > 0)
        return arena_printf(a, "%s=%s; " ATTRIBUTES "; Max-Age=%d", name, value, max_age_s);
    return arena_printf(a, "%s=%s; " ATTRIBUTES, name, value);
}

const char *cookie_forget(struct arena *a, const char *name)
{
    return arena_printf(a, "%s=; " ATTRIBUTES "; Max-Age=0", name);
}
