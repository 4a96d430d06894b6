/* SPDX-License-Identifier: EUPL-1.2 */
/* The rules one by one; each is a row of the unit test. */
#include "common/guard.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    MOST_HEADERS = 47, /* Civetweb forgets those after the 64th */
    MOST_DIGITS = 8,
};

static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", NULL };

static bool known_method(const char *method)
{
    for (const char *const *known = methods; *known; known++)
        if (strcmp(method, *known) == 0)
            return true;
    return false;
}

static bool is_token(const char *name)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";
    if (!*name)
        return false;
    for (; *name; name++) {
        bool letter = (*name >= '0' && *name <= '9') || ((*name | 0x20) >= 'a' && (*name | 0x20) <= 'z');
        if (!letter && !strchr(marks, *name))
            return false;
    }
    return true;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if (((unsigned char)*text < 0x20 && *text != '\t') || *text == 0x7f)
            return true;
    return false;
}

/* The one header of that name; *count says how many there are. */
static const char *only(const struct guarded *request, const char *name, int *count)
{
    const char *value = NULL;
    *count = 0;
    for (size_t i = 0; i < request->count; i++)
        if (strcasecmp(request->headers[i].name, name) == 0) {
            value = request->headers[i].value;
            (*count)++;
        }
    return value;
}

static enum problem check_length(const struct guarded *request, size_t *body_length)
{
    int count;
    const char *text = only(request, "Content-Length", &count);
    *body_length = 0;
    if (count == 0)
        return OK;
    size_t digits = strspn(text, "0123456789");
    if (count > 1 || digits == 0 || text[digits])
        return PROBLEM_MALFORMED;
    if (digits > MOST_DIGITS)
        return PROBLEM_TOO_LARGE;
    *body_length = strtoul(text, NULL, 10);
    return *body_length > request->body_limit ? PROBLEM_TOO_LARGE : OK;
}

static bool headers_are_sound(const struct guarded *request)
{
    if (request->count > MOST_HEADERS)
        return false;
    for (size_t i = 0; i < request->count; i++)
        if (!is_token(request->headers[i].name) || has_control(request->headers[i].value))
            return false;
    return true;
}

enum problem guard_check(const struct guarded *request, size_t *body_length)
{
    int hosts, encodings;
    if (!known_method(request->method))
        return PROBLEM_NOT_IMPLEMENTED;
    const char *host = only(request, "Host", &hosts);
    only(request, "Transfer-Encoding", &encodings);
    if (!headers_are_sound(request) || hosts != 1 || !*host || encodings != 0 ||
        has_control(request->target) || strstr(request->target, "%00") ||
        request->target[0] != '/')
        return PROBLEM_MALFORMED;
    return check_length(request, body_length);
}
