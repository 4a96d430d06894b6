/* SPDX-License-Identifier: EUPL-1.2 */
/* Which route, which language, which type: reading a request's outside. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/api_private.h"
#include "common/uuid.h"

static bool take_part(struct arena *a, const char *kind, size_t kind_length, const char *part,
                      size_t length, struct path_parts *out)
{
    char *text = arena_strndup(a, part, length);
    if (kind_length == 4 && memcmp(kind, "{id}", 4) == 0) {
        out->id = text;
        for (char *c = text; *c; c++)
            *c = (char)(*c >= 'A' && *c <= 'F' ? *c | 0x20 : *c);
        return uuid_parse(text, NULL);
    }
    if (kind_length == 3 && memcmp(kind, "{n}", 3) == 0) {
        out->n = strtoll(text, NULL, 10);
        return length > 0 && length <= 7 && strspn(text, "0123456789") == length &&
               out->n >= 1 && out->n <= 1000000 && text[0] != '0';
    }
    return kind_length == length && memcmp(kind, part, length) == 0;
}

bool path_match(struct arena *a, const char *pattern, const char *path, struct path_parts *out)
{
    *out = (struct path_parts){ 0 };
    while (*pattern == '/' && *path == '/') {
        pattern++;
        path++;
        if (strcmp(pattern, "{name}") == 0) {
            out->name = arena_strdup(a, path);
            return *path != '\0';
        }
        size_t kind = strcspn(pattern, "/"), part = strcspn(path, "/");
        if (!take_part(a, pattern, kind, path, part, out))
            return false;
        pattern += kind;
        path += part;
    }
    return *pattern == '\0' && *path == '\0';
}

enum problem route_find(struct arena *a, const struct route *routes, enum listener listener,
                        enum method method, const char *path, const struct route **route,
                        struct path_parts *parts, const char **allow)
{
    struct buffer methods = buffer_new(a);
    if (method == HEAD)
        method = GET;
    for (const struct route *r = routes; r->path; r++) {
        struct path_parts found;
        if (r->listener != listener || !path_match(a, r->path, path, &found))
            continue;
        if (r->method == method) {
            *route = r;
            *parts = found;
            return OK;
        }
        buffer_printf(&methods, "%s%s", methods.length ? ", " : "", method_name(r->method));
        if (r->method == GET)
            buffer_text(&methods, ", HEAD");
    }
    *allow = methods.text;
    return methods.length ? PROBLEM_METHOD : PROBLEM_NOT_FOUND;
}

const struct route *api_route(struct arena *a, const struct route *routes,
                              enum listener listener, const char *path)
{
    const struct route *route = NULL;
    struct path_parts parts;
    const char *allow;
    return route_find(a, routes, listener, GET, path, &route, &parts, &allow) ? NULL : route;
}

static const char *const language_codes[] = { [NB] = "nb", [NN] = "nn", [EN] = "en" };

const char *language_code(enum language language)
{
    return language_codes[language];
}

/* The q of a list's item ("nn;q=0.8"), in thousandths; 1000 without one. */
static int quality(const char *item, size_t length)
{
    const char *q = memmem(item, length, "q=", 2);
    return q ? (int)(strtod(q + 2, NULL) * 1000 + 0.5) : 1000;
}

static bool names_language(const char *item, enum language *out)
{
    static const struct {
        const char *prefix;
        enum language language;
    } known[] = { { "nb", NB }, { "no", NB }, { "nn", NN }, { "en", EN } };
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (strncasecmp(item, known[i].prefix, 2) == 0 && strchr("-;, ", item[2])) {
            *out = known[i].language;
            return true;
        }
    return false;
}

enum language language_of(const char *accept)
{
    enum language best = NB;
    int best_quality = 0;
    while (accept && *accept) {
        accept += strspn(accept, " ,");
        size_t length = strcspn(accept, ",");
        enum language language;
        if (names_language(accept, &language) && quality(accept, length) > best_quality) {
            best_quality = quality(accept, length);
            best = language;
        }
        accept += length;
    }
    return best;
}

bool accepts(const char *accept, const char *type)
{
    size_t family = strcspn(type, "/") + 1;
    if (!accept || !*accept)
        return true;
    while (*accept) {
        accept += strspn(accept, " ,");
        size_t item = strcspn(accept, ","), name = strcspn(accept, ",; ");
        bool fits = (name == 3 && memcmp(accept, "*/*", 3) == 0) ||
                    (name == strlen(type) && strncasecmp(accept, type, name) == 0) ||
                    (name == family + 1 && accept[family] == '*' &&
                     strncasecmp(accept, type, family) == 0);
        if (fits && quality(accept, item) > 0)
            return true;
        accept += item;
    }
    return false;
}
