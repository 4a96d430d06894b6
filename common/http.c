/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Civetweb, contained: this is the only file that knows it. Its options close what Debian's build
 * has open; the guard refuses what its parser lets through; a worker thread owns one arena.
 */
#include "common/http.h"

#include <civetweb.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/clock.h"
#include "common/crash.h"
#include "common/guard.h"
#include "common/program.h"
#include "common/record.h"
#include "common/uuid.h"

/* What a thread keeps between requests: an application of the usual size needs no more. */
enum { REQUEST_ROOM = 32 * 1024 };

struct http_server {
    struct http_options options;
    struct mg_context *context;
};

static const char *const method_names[METHOD_COUNT] = { "GET", "HEAD",  "POST",
                                                        "PUT", "PATCH", "DELETE" };

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

const char *http_header(const struct http_request *request, const char *name)
{
    return mg_get_header(request->headers, name);
}

const char *http_header_last(const struct http_request *request, const char *name)
{
    const struct mg_request_info *info = mg_get_request_info(request->headers);
    for (int i = info->num_headers; i-- > 0;)
        if (strcasecmp(info->http_headers[i].name, name) == 0)
            return info->http_headers[i].value;
    return NULL;
}

static const char *status_words(int status)
{
    const char *words = mg_get_response_code_text(NULL, status);
    return words ? words : "Answer";
}

static void add_header(struct buffer *b, const char *name, const char *value)
{
    if (value)
        buffer_printf(b, "%s: %s\r\n", name, value);
}

static void write_all(struct mg_connection *connection, const struct buffer *b)
{
    size_t sent = 0;
#ifdef TILLIT_FAULTS
    sent = b->length / 2;
    mg_write(connection, b->text, sent);
    crash_point("submit.answer-half");
#endif
    mg_write(connection, b->text + sent, b->length - sent);
}

static void send_reply(struct mg_connection *connection, struct scope *s,
                       const struct http_reply *reply, bool body)
{
    struct buffer b = buffer_new(s->arena);
    buffer_printf(&b, "HTTP/1.1 %d %s\r\n%s", reply->status, status_words(reply->status),
                  security_headers);
    add_header(&b, "Cache-Control", reply->cache ? reply->cache : "no-store");
    add_header(&b, "Content-Type", reply->content_type);
    add_header(&b, "Location", reply->location);
    add_header(&b, "ETag", reply->etag);
    add_header(&b, "Allow", reply->allow);
    add_header(&b, "WWW-Authenticate", reply->challenge);
    add_header(&b, "Set-Cookie", reply->cookies[0]);
    add_header(&b, "Set-Cookie", reply->cookies[1]);
    if (reply->retry_after)
        buffer_printf(&b, "Retry-After: %d\r\n", reply->retry_after);
    buffer_printf(&b, "Content-Length: %zu\r\n\r\n", reply->length);
    if (body)
        buffer_add(&b, reply->body, reply->length);
    if (reply->location)
        crash_point("submit.answer-before");
    if (reply->etag && reply->status == 201)
        crash_point("change.answer-before");
    write_all(connection, &b);
    if (reply->location)
        crash_point("submit.answer-after");
    if (reply->etag && reply->status == 201)
        crash_point("change.answer-after");
}

/* A trace of our own unless the caller brought a well-formed one (W3C Trace Context, version 00). */
static bool traceparent_valid(const char *text)
{
    static const char pattern[] = "00-hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh-hhhhhhhhhhhhhhhh-hh";
    if (!text || strlen(text) != sizeof(pattern) - 1)
        return false;
    for (size_t i = 0; pattern[i]; i++)
        if (pattern[i] == 'h' ? !strchr("0123456789abcdef", text[i]) : text[i] != pattern[i])
            return false;
    return strspn(text + 3, "0") < 32 && strspn(text + 36, "0") < 16;
}

static const char *new_traceparent(struct scope *s)
{
    unsigned char ids[24];
    char hex[49];
    randombytes_buf(ids, sizeof(ids));
    sodium_bin2hex(hex, sizeof(hex), ids, sizeof(ids));
    return arena_printf(s->arena, "00-%.32s-%.16s-01", hex, hex + 32);
}

static enum problem guard(struct http_server *server, const struct mg_request_info *info,
                          struct scope *s, size_t *body_length)
{
    struct guard_header *headers =
        arena_array(s->arena, (size_t)info->num_headers, sizeof(*headers));
    for (int i = 0; i < info->num_headers; i++)
        headers[i] = (struct guard_header){ info->http_headers[i].name,
                                            info->http_headers[i].value };
    return guard_check(&(struct guarded){ .method = info->request_method,
                                          .target = info->request_uri,
                                          .headers = headers,
                                          .count = (size_t)info->num_headers,
                                          .body_limit = server->options.body_limit },
                       body_length);
}

/* All of the body or nothing: a short one is refused without side effect. */
static enum problem read_body(struct mg_connection *connection, struct scope *s, size_t length,
                              const char **out)
{
    char *body = arena_alloc(s->arena, length + 1);
    for (size_t have = 0; have < length;) {
        int got = mg_read(connection, body + have, length - have);
        if (got <= 0)
            return PROBLEM_MALFORMED;
        have += (size_t)got;
    }
    if (length > 0)
        crash_point("submit.body-read");
    *out = body;
    return OK;
}

static enum problem take_request(struct mg_connection *connection, struct http_server *server,
                                 struct scope *s, struct http_request *out)
{
    const struct mg_request_info *info = mg_get_request_info(connection);
    size_t length = 0;
    TRY(guard(server, info, s, &length));
    for (int m = 0; m < METHOD_COUNT; m++)
        if (strcmp(info->request_method, method_names[m]) == 0)
            out->method = (enum method)m;
    out->path = info->local_uri;
    out->query = info->query_string ? info->query_string : "";
    out->peer = info->remote_addr;
    out->headers = connection;
    out->body_length = length;
    if (!text_well_formed(out->path, strlen(out->path)))
        return PROBLEM_MALFORMED;
    return read_body(connection, s, length, &out->body);
}

static void refuse(struct http_server *server, struct scope *s, enum problem p,
                   struct http_reply *reply)
{
    *reply = (struct http_reply){ .status = problem_status(p) };
    if (server->options.refuse)
        server->options.refuse(s, p, reply);
}

/* Civetweb calls it before it looks at the request itself; 1 = answered here, always. */
static int begin_request(struct mg_connection *connection)
{
    struct http_server *server = mg_get_user_data(mg_get_context(connection));
    struct scope s = { .arena = mg_get_thread_pointer(connection),
                       .program = server->options.program };
    s.now = clock_now(s.program->clock);
    s.request_id = uuid_v7(s.arena, s.now);
    const char *trace = mg_get_header(connection, "traceparent");
    s.traceparent = traceparent_valid(trace) ? arena_strdup(s.arena, trace) : new_traceparent(&s);
    struct http_request request = { .body = "" };
    struct http_reply reply = { .status = 500 };
    enum problem p = take_request(connection, server, &s, &request);
    if (p)
        refuse(server, &s, p, &reply);
    else
        server->options.handle(&s, &request, &reply, server->options.context);
    bool head = strcmp(mg_get_request_info(connection)->request_method, "HEAD") == 0;
    send_reply(connection, &s, &reply, !head);
    arena_reset(s.arena);
    return reply.status;
}

/* What Civetweb answers by itself (a request line that is none) gets our headers and no details. */
static int http_error(struct mg_connection *connection, int status, const char *message)
{
    (void)message;
    struct http_server *server = mg_get_user_data(mg_get_context(connection));
    struct scope s = { .arena = arena_new(), .program = server->options.program };
    struct http_reply reply;
    refuse(server, &s, status == 413 ? PROBLEM_TOO_LARGE : PROBLEM_MALFORMED, &reply);
    send_reply(connection, &s, &reply, true);
    arena_free(s.arena);
    return 0;
}

static void *init_thread(const struct mg_context *context, int kind)
{
    (void)context;
    return kind == 1 ? arena_sized(REQUEST_ROOM) : NULL;
}

static void exit_thread(const struct mg_context *context, int kind, void *arena)
{
    (void)context;
    if (kind == 1)
        arena_free(arena);
}

static int no_log(const struct mg_connection *connection, const char *message)
{
    (void)connection;
    (void)message;
    return 1;
}

struct http_server *http_start(struct arena *a, const struct http_options *options,
                               const char **why)
{
    struct http_server *server = ARENA_NEW(a, struct http_server);
    server->options = *options;
    const char *settings[] = {
        "listening_ports", options->address,
        "num_threads", arena_printf(a, "%d", options->threads),
        "enable_keep_alive", "no",
        "connection_queue", "256", /* a burst waits here, not in a client's second SYN */
        "listen_backlog", "1024",
        "access_control_allow_origin", "",
        "access_control_allow_methods", "",
        "access_control_allow_headers", "",
        "request_timeout_ms", "10000",
        "max_request_size", "16384",
        "enable_directory_listing", "no",
        "decode_url", "yes",
        NULL,
    };
    struct mg_callbacks callbacks = {
        .begin_request = begin_request,
        .http_error = http_error,
        .init_thread = init_thread,
        .exit_thread = exit_thread,
        .log_message = no_log,
    };
    server->context = mg_start(&callbacks, server, settings);
    if (!server->context) {
        *why = arena_printf(a, "%s can not be listened on: is something else using the port?",
                            options->address);
        return NULL;
    }
    return server;
}

void http_stop(struct http_server *server)
{
    if (server)
        mg_stop(server->context);
}
