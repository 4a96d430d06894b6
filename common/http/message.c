/* SPDX-License-Identifier: EUPL-1.2 */
/* Requests and replies, whichever listener they pass. */
#include "common/http/message.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "common/base/uuid.h"
#include "common/http/guard.h"
#include "common/http/http.h"
#include "common/http/http_private.h"
#include "common/program/program.h"
#include "common/time/clock.h"

static const char *const method_names[METHOD_COUNT] = { "GET", "HEAD",  "POST",
                                                        "PUT", "PATCH", "DELETE" };

static const struct {
    int status;
    const char *words;
} statuses[] = {
    { 200, "OK" },
    { 201, "Created" },
    { 202, "Accepted" },
    { 303, "See Other" },
    { 308, "Permanent Redirect" },
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 406, "Not Acceptable" },
    { 408, "Request Timeout" },
    { 409, "Conflict" },
    { 412, "Precondition Failed" },
    { 413, "Content Too Large" },
    { 415, "Unsupported Media Type" },
    { 417, "Expectation Failed" },
    { 422, "Unprocessable Content" },
    { 428, "Precondition Required" },
    { 429, "Too Many Requests" },
    { 500, "Internal Server Error" },
    { 501, "Not Implemented" },
    { 503, "Service Unavailable" },
    { 505, "HTTP Version Not Supported" },
};

/* On every answer, whatever it is. */
static const char security_headers[] =
    "Content-Security-Policy: default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Strict-Transport-Security: max-age=31536000\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Connection: close\r\n";

const char *method_name(enum method method)
{
    return method_names[method];
}

static bool is_named(const struct guard_header *header, const char *name)
{
    return strcasecmp(header->name, name) == 0;
}

const char *http_header(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (is_named(&request->headers[i], name))
            return request->headers[i].value;
    return NULL;
}

const char *http_header_last(const struct http_request *request, const char *name)
{
    for (size_t i = request->header_count; i-- > 0;)
        if (is_named(&request->headers[i], name))
            return request->headers[i].value;
    return NULL;
}

const char *http_header_list(struct arena *a, const struct http_request *request,
                             const char *name, const char *between)
{
    const char *list = NULL;
    for (size_t i = 0; i < request->header_count; i++)
        if (is_named(&request->headers[i], name))
            list = list ? arena_printf(a, "%s%s%s", list, between, request->headers[i].value)
                        : request->headers[i].value;
    return list;
}

bool http_is_slow(size_t have, int64_t ms)
{
    return ms > BODY_MS || (ms > GRACE_MS && (int64_t)have * 1000 / ms < LEAST_RATE);
}

/* What a version to come has more, behind a hyphen, is left out (W3C Trace Context, 4.3). */
const char *http_trace(struct arena *a, const char *text)
{
    static const char pattern[] = "hh-hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh-hhhhhhhhhhhhhhhh-hh";
    size_t length = sizeof(pattern) - 1;
    if (!text || strlen(text) < length || strncmp(text, "ff", 2) == 0)
        return NULL;
    for (size_t i = 0; i < length; i++)
        if (pattern[i] == 'h' ? !text[i] || !strchr("0123456789abcdef", text[i]) : text[i] != pattern[i])
            return NULL;
    if (text[length] && (strncmp(text, "00", 2) == 0 || text[length] != '-'))
        return NULL;
    bool named = strspn(text + 3, "0") < 32 && strspn(text + 36, "0") < 16;
    return named ? arena_printf(a, "00%.*s", (int)length - 2, text + 2) : NULL;
}

static const char *new_traceparent(struct scope *s)
{
    unsigned char ids[24];
    char hex[49];
    randombytes_buf(ids, sizeof(ids));
    sodium_bin2hex(hex, sizeof(hex), ids, sizeof(ids));
    return arena_printf(s->arena, "00-%.32s-%.16s-01", hex, hex + 32);
}

void http_begin(struct scope *s, const char *traceparent)
{
    s->now = clock_now(s->program->clock);
    s->request_id = uuid_v7(s->arena, s->now);
    s->traceparent = http_trace(s->arena, traceparent);
    if (!s->traceparent)
        s->traceparent = new_traceparent(s);
}

struct http_request http_request_of(const struct head *head, const char *peer)
{
    struct http_request request = { .path = head->path,
                                    .query = head->query,
                                    .body = head->body_length ? NULL : "",
                                    .body_length = head->body_length,
                                    .peer = peer,
                                    .headers = head->headers,
                                    .header_count = head->count };
    for (int m = 0; m < METHOD_COUNT; m++)
        if (strcmp(head->method, method_names[m]) == 0)
            request.method = (enum method)m;
    return request;
}

void http_refuse(const struct http_options *options, struct scope *s, enum problem problem,
                 const char *accept, struct http_reply *reply)
{
    *reply = (struct http_reply){ .status = problem_status(problem) };
    if (options->refuse)
        options->refuse(s, problem, accept, reply, options->context);
}

static const char *status_words(int status)
{
    for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++)
        if (statuses[i].status == status)
            return statuses[i].words;
    return "Answer";
}

static void add_header(struct buffer *b, const char *name, const char *value)
{
    if (value)
        buffer_printf(b, "%s: %s\r\n", name, value);
}

struct buffer http_bytes(struct scope *s, const struct http_reply *reply, bool body)
{
    struct buffer b = buffer_sized(s->arena, 1024 + (body ? reply->length : 0));
    buffer_printf(&b, "HTTP/1.1 %d %s\r\n%s", reply->status, status_words(reply->status),
                  security_headers);
    add_header(&b, "Cache-Control", reply->cache ? reply->cache : "no-store");
    add_header(&b, "Content-Type", reply->content_type);
    add_header(&b, "Location", reply->location);
    add_header(&b, "ETag", reply->etag);
    add_header(&b, "Allow", reply->allow);
    add_header(&b, "WWW-Authenticate", reply->challenge);
    for (size_t i = 0; i < COOKIES_MOST; i++)
        add_header(&b, "Set-Cookie", reply->cookies[i]);
    if (reply->file_name)
        buffer_printf(&b, "Content-Disposition: inline; filename=\"%s\"\r\n", reply->file_name);
    if (reply->retry_after)
        buffer_printf(&b, "Retry-After: %d\r\n", reply->retry_after);
    buffer_printf(&b, "Content-Length: %zu\r\n\r\n", reply->length);
    if (body)
        buffer_add(&b, reply->body, reply->length);
    return b;
}
