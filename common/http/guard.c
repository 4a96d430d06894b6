/* SPDX-License-Identifier: EUPL-1.2 */
/* The rules one by one; each is a row of the unit test. */
#include "common/http/guard.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/arena.h"
#include "common/base/text.h"

enum {
    MOST_HEADERS = 47, /* Civetweb forgets those after the 64th */
    MOST_DIGITS = 8,
};

static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", NULL };

/* What may be there once: of two, another reader may take the other. */
static const char *const once[] = { "Host", "Content-Length", "Content-Type", "Authorization",
                                    "Idempotency-Key", "Access-Reason", "Origin",
                                    "Sec-Fetch-Site", NULL };

/* What is still to be read. */
struct rest {
    struct arena *arena;
    const char *at, *end;
};

static bool is_one_of(const char *const *list, const char *text)
{
    while (*list && strcmp(*list, text) != 0)
        list++;
    return *list;
}

static bool is_token_byte(char c)
{
    bool letter = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    return letter || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_value_byte(char c)
{
    return ((unsigned char)c >= 0x20 && c != 0x7f) || c == '\t';
}

static bool is_target_byte(char c)
{
    return c > 0x20 && c < 0x7f;
}

/* What Host may hold: a name or an address, and a port. */
static bool is_host_byte(char c)
{
    return c > 0x20 && c < 0x7f && !strchr("\"#,/<>?@\\^`{|}", c);
}

/* The bytes of that kind that come next, as a text; NULL if there is none. */
static const char *take(struct rest *r, bool (*fits)(char c))
{
    const char *from = r->at;
    while (r->at < r->end && fits(*r->at))
        r->at++;
    return r->at > from ? arena_strndup(r->arena, from, (size_t)(r->at - from)) : NULL;
}

static bool skip(struct rest *r, const char *text)
{
    size_t length = strlen(text);
    if ((size_t)(r->end - r->at) < length || memcmp(r->at, text, length) != 0)
        return false;
    r->at += length;
    return true;
}

/* Of the first major version every minor one is understood, a later one as 1.1 (RFC 9110 2.5). */
static enum problem check_version(const char *version)
{
    static const char digits[] = "0123456789";
    if (!version || strlen(version) != 3 || !strchr(digits, version[0]) || version[1] != '.' ||
        !strchr(digits, version[2]))
        return PROBLEM_MALFORMED;
    return version[0] == '1' ? OK : PROBLEM_VERSION;
}

static bool is_old(const char *version)
{
    return strcmp(version, "1.0") == 0;
}

enum problem guard_line(const char *method, const char *version)
{
    const char *c = method ? method : "";
    while (is_token_byte(*c))
        c++;
    if (!method || !*method || *c)
        return PROBLEM_MALFORMED;
    TRY(check_version(version));
    return is_one_of(methods, method) ? PROBLEM_MALFORMED : PROBLEM_NOT_IMPLEMENTED;
}

/* NULL on an escape that is none, and on what no path holds. */
static const char *decode(struct arena *a, const char *text, size_t length)
{
    char *path = arena_alloc(a, length + 1);
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        int c = (unsigned char)text[i];
        if (c == '%') {
            if (length - i < 3 || text_hex(text[i + 1]) < 0 || text_hex(text[i + 2]) < 0)
                return NULL;
            c = text_hex(text[i + 1]) << 4 | text_hex(text[i + 2]);
            i += 2;
        }
        if (c < 0x20)
            return NULL;
        path[count++] = (char)c;
    }
    return text_well_formed(path, count) ? path : NULL;
}

/* A name or an address, and a port behind a colon. */
static bool is_authority(const char *text)
{
    const char *end = *text == '[' ? strchr(text, ']') : NULL;
    for (const char *c = text; *c; c++)
        if (!is_host_byte(*c))
            return false;
    end = end ? end + 1 : text + strcspn(text, "[]:");
    return !*end || (*end == ':' && !end[1 + strspn(end + 1, "0123456789")]);
}

/* "http://host/path": what is behind the host is the target as it mostly comes; NULL for what is no such address. */
static const char *after_authority(struct rest *r, struct head *out)
{
    static const char *const schemes[] = { "http://", "https://", NULL };
    const char *const *scheme = schemes;
    while (*scheme && strncasecmp(out->target, *scheme, strlen(*scheme)) != 0)
        scheme++;
    if (!*scheme)
        return NULL;
    const char *from = out->target + strlen(*scheme), *path = from + strcspn(from, "/?");
    out->authority = arena_strndup(r->arena, from, (size_t)(path - from));
    if (!*out->authority || *out->authority == ':' || !is_authority(out->authority))
        return NULL;
    return *path == '/' ? path : arena_printf(r->arena, "/%s", path);
}

static bool take_target(struct rest *r, struct head *out)
{
    out->target = take(r, is_target_byte);
    if (out->target && out->target[0] != '/')
        out->target = after_authority(r, out);
    if (!out->target || strstr(out->target, "%00"))
        return false;
    size_t length = strcspn(out->target, "?");
    out->path = decode(r->arena, out->target, length);
    out->query = out->target + length + (out->target[length] == '?');
    return out->path != NULL;
}

/* "POST /a?b HTTP/1.1": one blank between, as RFC 9112 3 has it. */
static enum problem take_line(struct rest *r, struct head *out, const char **version)
{
    out->method = take(r, is_token_byte);
    if (!out->method || !skip(r, " "))
        return PROBLEM_MALFORMED;
    bool target = take_target(r, out) && skip(r, " HTTP/");
    if (!target) /* of a method that is none of ours any target is right */
        r->at = memmem(r->at, (size_t)(r->end - r->at), " HTTP/", 6);
    if (!target && !r->at)
        return PROBLEM_MALFORMED;
    *version = take(target ? r : &(struct rest){ r->arena, r->at + 6, r->end }, is_target_byte);
    if (!is_one_of(methods, out->method))
        return guard_line(out->method, *version);
    TRY(check_version(*version));
    return target && skip(r, "\r\n") ? OK : PROBLEM_MALFORMED;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* "Name: value" on a line of its own; false for what begins or goes on in any other way. */
static bool take_header(struct rest *r, struct guard_header *out)
{
    out->name = take(r, is_token_byte);
    if (!out->name || !skip(r, ":"))
        return false;
    take(r, is_blank);
    char *value = (char *)take(r, is_value_byte);
    for (size_t n = value ? strlen(value) : 0; n > 0 && is_blank(value[n - 1]);)
        value[--n] = '\0';
    out->value = value ? value : "";
    return skip(r, "\r\n");
}

static bool take_headers(struct rest *r, struct guard_header *headers, struct head *out)
{
    out->headers = headers;
    for (out->count = 0; !skip(r, "\r\n"); out->count++)
        if (out->count == MOST_HEADERS || !take_header(r, &headers[out->count]))
            return false;
    return r->at == r->end;
}

/* The one header of that name; *count says how many there are. */
static const char *only(const struct head *head, const char *name, int *count)
{
    const char *value = NULL;
    *count = 0;
    for (size_t i = 0; i < head->count; i++)
        if (strcasecmp(head->headers[i].name, name) == 0) {
            value = head->headers[i].value;
            (*count)++;
        }
    return value;
}

static bool nothing_is_doubled(const struct head *head)
{
    int count;
    for (const char *const *name = once; *name; name++)
        if (only(head, *name, &count) && count > 1)
            return false;
    return true;
}

/* HTTP/1.0 knows no Host; it is empty where the address has none (RFC 9112 3.2). */
static bool host_is_sound(const struct head *head, const char *version)
{
    int count;
    const char *host = only(head, "Host", &count);
    return host ? is_authority(host) : is_old(version);
}

/* What a whole address says is believed, and Host is not (RFC 9112 3.2.2). */
static void replace_host(struct head *head, struct guard_header *headers)
{
    size_t i = 0;
    while (i < head->count && strcasecmp(headers[i].name, "Host") != 0)
        i++;
    headers[i] = (struct guard_header){ "Host", head->authority };
    head->count += i == head->count;
}

static enum problem check_length(size_t body_limit, struct head *head)
{
    int count;
    const char *text = only(head, "Content-Length", &count);
    head->body_length = 0;
    if (!text)
        return OK;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || text[digits])
        return PROBLEM_MALFORMED;
    if (digits > MOST_DIGITS)
        return PROBLEM_TOO_LARGE;
    head->body_length = strtoul(text, NULL, 10);
    return head->body_length > body_limit ? PROBLEM_TOO_LARGE : OK;
}

/* All that is expected, over all lines: only 100-continue can be met (RFC 9110 10.1.1), and HTTP/1.0 expects nothing. */
static enum problem check_expectations(const char *version, struct head *head)
{
    static const char known[] = "100-continue";
    bool waits = false;
    for (size_t i = 0; i < head->count && !is_old(version); i++) {
        const char *at = head->headers[i].value;
        if (strcasecmp(head->headers[i].name, "Expect") != 0)
            continue;
        for (at += strspn(at, ", \t"); *at; at += strspn(at, ", \t")) {
            size_t length = strcspn(at, ", \t");
            if (length != strlen(known) || strncasecmp(at, known, length) != 0)
                return PROBLEM_EXPECTATION;
            waits = true;
            at += length;
        }
    }
    head->expects = waits && head->body_length > 0;
    return OK;
}

const char *guard_accept(struct arena *a, const char *bytes, size_t length)
{
    static const char name[] = "\naccept:";
    struct rest r = { a, bytes, bytes + length };
    for (size_t left = strlen(name); (size_t)(r.end - r.at) > left; r.at++)
        if (*r.at == '\n' && strncasecmp(r.at, name, left) == 0) {
            r.at += left;
            return take(&r, is_value_byte);
        }
    return NULL;
}

/* A line feed alone ends a line here as well, so that such a head is refused and not waited for. */
size_t guard_length(const char *bytes, size_t length)
{
    size_t i = 0;
    while (i < length && (bytes[i] == '\r' || bytes[i] == '\n'))
        i++;
    for (; i + 1 < length; i++) {
        size_t more = bytes[i + 1] == '\r' ? 2 : 1;
        if (bytes[i] == '\n' && i + more < length && bytes[i + more] == '\n')
            return i + more + 1;
    }
    return 0;
}

enum problem guard_head(struct arena *a, const char *bytes, size_t length, size_t body_limit,
                        struct head *out)
{
    struct rest r = { a, bytes, bytes + length };
    const char *version = NULL;
    struct guard_header *headers = arena_array(a, MOST_HEADERS + 1, sizeof(*headers));
    int encodings;
    out->authority = NULL;
    while (skip(&r, "\r\n"))
        continue;
    TRY(take_line(&r, out, &version));
    if (!take_headers(&r, headers, out))
        return PROBLEM_MALFORMED;
    only(out, "Transfer-Encoding", &encodings);
    if (encodings || !host_is_sound(out, version) || !nothing_is_doubled(out))
        return PROBLEM_MALFORMED;
    TRY(check_length(body_limit, out));
    if (out->authority)
        replace_host(out, headers);
    return check_expectations(version, out);
}
