/* SPDX-License-Identifier: EUPL-1.2 */
/* Which route, which language, which type: reading a request's outside. */
#include "common/api/match.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/api/api_private.h"
#include "common/base/uuid.h"

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

/* A piece of a header's value, without the blanks around it. */
struct piece {
    const char *text;
    size_t length;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The next piece up to `between`, which may stand in quotes as well (RFC 9110 5.6.4); false at the end. */
static bool next_piece(const char **at, const char *end, char between, struct piece *out)
{
    bool quoted = false;
    const char *from = *at;
    if (from >= end)
        return false;
    for (; *at < end && (quoted || **at != between); (*at)++) {
        if (quoted && **at == '\\' && *at + 1 < end)
            (*at)++;
        else if (**at == '"')
            quoted = !quoted;
    }
    const char *to = *at;
    *at += *at < end;
    while (from < to && is_blank(*from))
        from++;
    while (to > from && is_blank(to[-1]))
        to--;
    *out = (struct piece){ from, (size_t)(to - from) };
    return true;
}

static bool piece_is(const struct piece *piece, const char *text)
{
    return piece->length == strlen(text) && strncasecmp(piece->text, text, piece->length) == 0;
}

/* The value of a parameter of that name behind the item, without quotes; false if it has none. */
static bool parameter_of(const struct piece *item, const char *name, struct piece *out)
{
    const char *at = item->text, *end = item->text + item->length;
    size_t length = strlen(name);
    struct piece part;
    next_piece(&at, end, ';', &part);
    while (next_piece(&at, end, ';', &part)) {
        if (part.length <= length || strncasecmp(part.text, name, length) != 0 ||
            part.text[length] != '=')
            continue;
        *out = (struct piece){ part.text + length + 1, part.length - length - 1 };
        if (out->length >= 2 && *out->text == '"' && out->text[out->length - 1] == '"')
            *out = (struct piece){ out->text + 1, out->length - 2 };
        return true;
    }
    return false;
}

/* What stands before the parameters. */
static struct piece name_of(const struct piece *item)
{
    struct piece name = { item->text, 0 };
    const char *at = item->text;
    next_piece(&at, item->text + item->length, ';', &name);
    return name;
}

/* The q of an item ("nn;q=0.8"), in thousandths (RFC 9110 12.4.2); 1000 without one, 0 for what is no number. */
static int weight_of(const struct piece *item)
{
    struct piece q;
    char text[6] = "";
    if (!parameter_of(item, "q", &q))
        return 1000;
    if (q.length == 0 || q.length >= sizeof(text))
        return 0;
    memcpy(text, q.text, q.length);
    if (strspn(text, "0123456789.") != q.length)
        return 0;
    int weight = (int)(strtod(text, NULL) * 1000 + 0.5);
    return weight > 1000 ? 0 : weight;
}

static bool names_language(const struct piece *name, enum language *out)
{
    static const struct {
        const char *code;
        enum language language;
    } known[] = { { "nb", NB }, { "no", NB }, { "nn", NN }, { "en", EN }, { "*", NB } };
    const char *dash = memchr(name->text, '-', name->length);
    struct piece first = { name->text, dash ? (size_t)(dash - name->text) : name->length };
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (piece_is(&first, known[i].code)) {
            *out = known[i].language;
            return true;
        }
    return false;
}

enum language language_of(const char *accept)
{
    enum language best = NB, language;
    int best_weight = 0;
    const char *at = accept ? accept : "", *end = at + strlen(at);
    struct piece item;
    while (next_piece(&at, end, ',', &item)) {
        struct piece name = name_of(&item);
        int weight = weight_of(&item);
        if (weight > best_weight && names_language(&name, &language)) {
            best_weight = weight;
            best = language;
        }
    }
    return best;
}

/* How closely a range names the type: 3 itself, 2 its family, 1 anything, 0 another. */
static int closeness(const struct piece *range, const char *type)
{
    size_t family = strcspn(type, "/") + 1;
    if (piece_is(range, type))
        return 3;
    if (range->length == family + 1 && range->text[family] == '*' &&
        strncasecmp(range->text, type, family) == 0)
        return 2;
    return piece_is(range, "*/*");
}

int quality_of(const char *accept, const char *type)
{
    const char *at = accept ? accept : "", *end = at + strlen(at);
    struct piece item;
    int best = 0, weight = 0;
    bool named = false;
    while (next_piece(&at, end, ',', &item)) {
        struct piece range = name_of(&item);
        int close = closeness(&range, type);
        named = named || range.length > 0;
        if (close > best || (close == best && close && weight_of(&item) > weight)) {
            best = close;
            weight = weight_of(&item);
        }
    }
    return named ? weight : 1000;
}

bool asks_for_html(const char *accept)
{
    int html = quality_of(accept, "text/html");
    return html > quality_of(accept, "application/problem+json") &&
           html > quality_of(accept, "application/json");
}

/* Names of what is UTF-8, or a part of it (IANA); a charset that is not told is none. */
static bool is_utf8(const struct piece *charset)
{
    static const char *const names[] = {
        "", "utf-8", "utf8", "csutf8", "unicode-1-1-utf-8", "us-ascii", "ascii", "us", "csascii", "iso646-us",
        "iso_646.irv:1991", "iso-ir-6", "ansi_x3.4-1968", "ansi_x3.4-1986", "ibm367", "cp367", NULL,
    };
    const char *const *name = names;
    while (*name && !piece_is(charset, *name))
        name++;
    return *name;
}

bool is_content_type(const char *header, const char *type)
{
    struct piece whole = { header, header ? strlen(header) : 0 }, charset;
    struct piece name = name_of(&whole);
    if (!header || !piece_is(&name, type))
        return false;
    return !parameter_of(&whole, "charset", &charset) || is_utf8(&charset);
}

/* A weak tag (W/"5") is no strong one, whatever stands in it (RFC 9110 8.8.3.2). */
bool match_names(const char *match, const char *etag)
{
    const char *at = match ? match : "", *end = at + strlen(at);
    struct piece item;
    while (next_piece(&at, end, ',', &item))
        if (piece_is(&item, "*") || (item.length == strlen(etag) && memcmp(item.text, etag, item.length) == 0))
            return true;
    return false;
}
