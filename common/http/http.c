/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Civetweb, contained: this is the only file that knows it. Its options close what Debian's build
 * has open; what it made of a head is put together again and read by the guard, so that nothing it
 * passed over is taken; a worker thread owns one arena and holds one connection (watch.h).
 */
#include "common/http/http.h"

#include <civetweb.h>
#include <ctype.h>
#include <string.h>

#include "common/base/address.h"
#include "common/base/crash.h"
#include "common/http/guard.h"
#include "common/http/http_private.h"
#include "common/http/watch.h"
#include "common/time/clock.h"

/* What a thread keeps between requests: an application of the usual size needs no more. */
enum { REQUEST_ROOM = 32 * 1024, PIECE = 1024, CTYPES = 384 };

struct http_server {
    struct http_options options;
    struct mg_context *context;
    struct watch *watch;
    unsigned short ctypes[CTYPES];
};

/* Civetweb has put a NUL over the first byte of what stood behind each word, and knows no word behind the last
 * header that it understood. Between two words of the buffer must lie what it looks like, and nothing. */
static bool follows(const char *word, const char *next, size_t between)
{
    return word + strlen(word) + between == next;
}

static bool add_headers(struct buffer *b, const struct mg_request_info *info, const char *last)
{
    for (int i = 0; i < info->num_headers; i++) {
        const struct mg_header *header = &info->http_headers[i];
        const char *blank = header->name + strlen(header->name) + 1;
        while (blank < header->value && (*blank == ' ' || *blank == '\t'))
            blank++;
        if (!follows(last, header->name, 2) || blank != header->value)
            return false;
        buffer_printf(b, "%s: %s\r\n", header->name, header->value);
        last = header->value;
    }
    const char *end = last + strlen(last);
    static const char line[] = { 0, 0, '\r', 0 }, nothing[] = { 0, 0, 0, 0 };
    return memcmp(end, info->num_headers ? line : nothing, sizeof(line)) == 0;
}

/* The head as it came; NULL if it can't have come as Civetweb read it. */
static const struct buffer *raw_head(struct arena *a, const struct mg_request_info *info)
{
    struct buffer *b = ARENA_NEW(a, struct buffer);
    const char *end = info->query_string ? info->query_string : info->request_uri;
    const char *version = info->http_version - strlen("HTTP/");
    *b = buffer_sized(a, 2048);
    buffer_printf(b, "%s %s%s%s HTTP/%s\r\n", info->request_method, info->request_uri,
                  info->query_string ? "?" : "", info->query_string ? end : "",
                  info->http_version);
    bool sound = follows(info->request_method, info->request_uri, 1) &&
                 follows(end, version, 1) && add_headers(b, info, info->http_version);
    buffer_text(b, "\r\n");
    return sound ? b : NULL;
}

static enum problem read_head(const struct http_server *server, struct arena *a,
                              const struct mg_request_info *info, struct head *out)
{
    const struct buffer *raw = raw_head(a, info);
    return raw ? guard_head(a, raw->text, raw->length, server->options.body_limit, out)
               : PROBLEM_MALFORMED;
}

/* All of the body or nothing: a short one is refused without side effect. */
static enum problem read_body(struct mg_connection *connection, struct seat *seat,
                              struct http_request *request, bool waits)
{
    size_t length = request->body_length;
    char *body = arena_alloc(seat->arena, length + 1);
    seat_does(seat, READING, 0);
    if (waits)
        mg_write(connection, HTTP_CONTINUE, strlen(HTTP_CONTINUE));
    for (size_t have = 0; have < length;) {
        int got = mg_read(connection, body + have, length - have < PIECE ? length - have : PIECE);
        have += got > 0 ? (size_t)got : 0;
        bool in_time = seat_has(seat, have);
        if (have < length && (!in_time || got <= 0))
            return in_time && !seat->crowded ? PROBLEM_MALFORMED : PROBLEM_TOO_SLOW;
    }
    seat_does(seat, AT_REST, 0);
    request->body = body;
    return OK;
}

static void write_all(struct mg_connection *connection, const struct http_reply *reply,
                      const struct buffer *b)
{
    (void)reply;
    size_t sent = 0;
#ifdef TILLIT_FAULTS
    sent = b->length / 2;
    mg_write(connection, b->text, sent);
    crash_point_of(reply->crash_points, "answer-half");
#endif
    mg_write(connection, b->text + sent, b->length - sent);
}

static void send_reply(struct mg_connection *connection, struct scope *s, struct seat *seat,
                       const struct http_reply *reply, bool body)
{
    struct buffer b = http_bytes(s, reply, body);
    seat_does(seat, ANSWERING, ANSWER_MS + (int64_t)(b.length * 1000 / ANSWER_RATE));
    crash_point_of(reply->crash_points, "answer-before");
    write_all(connection, reply, &b);
    crash_point_of(reply->crash_points, "answer-after");
    seat->answered = true;
}

static struct scope scope_of(struct seat *seat, const char *traceparent)
{
    if (!seat->arena) /* a thread that nobody needed holds nothing */
        seat->arena = arena_sized(REQUEST_ROOM);
    struct scope s = { .arena = seat->arena, .program = seat->server->options.program };
    http_begin(&s, traceparent);
    return s;
}

static void answer(struct mg_connection *connection, struct seat *seat, struct scope *s,
                   const struct head *head, struct http_reply *reply)
{
    const struct http_options *options = &seat->server->options;
    struct http_request request = http_request_of(head, seat->peer);
    if (options->handle(s, &request, reply, options->context))
        return;
    enum problem p = read_body(connection, seat, &request, head->expects);
    if (p)
        http_refuse(options, s, p, http_header(&request, "Accept"), reply);
    else
        options->handle(s, &request, reply, options->context);
}

/* Whatever Civetweb made of the request. What is left of its body may be read for as long as the seat may say farewell. */
static int serve(struct mg_connection *connection)
{
    struct seat *seat = mg_get_thread_pointer(connection);
    const struct mg_request_info *info = mg_get_request_info(connection);
    struct scope s = scope_of(seat, mg_get_header(connection, "traceparent"));
    struct head head = { 0 };
    struct http_reply reply = { .status = 500 };
    seat_opens(seat, info->remote_addr, info->remote_port);
    enum problem p = read_head(seat->server, seat->arena, info, &head);
    if (p)
        http_refuse(&seat->server->options, &s, p, mg_get_header(connection, "Accept"), &reply);
    else
        answer(connection, seat, &s, &head, &reply);
    send_reply(connection, &s, seat, &reply, strcmp(info->request_method, "HEAD") != 0);
    arena_reset(seat->arena);
    seat_does(seat, FAREWELL, FAREWELL_MS);
    return reply.status;
}

/* Civetweb calls it before it looks at the request itself; 1 = answered here, always. */
static int begin_request(struct mg_connection *connection)
{
    return serve(connection);
}

static void refuse_line(struct mg_connection *connection, struct seat *seat, enum problem p)
{
    struct scope s = scope_of(seat, NULL);
    struct http_reply reply;
    const struct mg_request_info *info = mg_get_request_info(connection);
    seat_opens(seat, info->remote_addr, info->remote_port);
    http_refuse(&seat->server->options, &s, p, NULL, &reply);
    send_reply(connection, &s, seat, &reply, true);
    arena_reset(seat->arena);
    seat_does(seat, AT_REST, 0);
    seat_sees_off(seat);
}

/* What Civetweb refuses by itself: a head that is too large or too slow, or no request at all. */
static int http_error(struct mg_connection *connection, int status, const char *message)
{
    (void)message;
    struct seat *seat = mg_get_thread_pointer(connection);
    const struct mg_request_info *info = mg_get_request_info(connection);
    enum problem p = guard_line(info->request_method, info->http_version);
    if (status == 505 && info->request_method) { /* it knows 1.0 and 1.1 alone: the guard judges */
        serve(connection);
        seat_sees_off(seat);
        return 0;
    }
    if (status == 413)
        p = PROBLEM_TOO_LARGE;
    else if (!info->request_method && (seat_was_cut(seat) || clock_steady_ms() - seat->began >= HEAD_MS))
        p = PROBLEM_TOO_SLOW;
    refuse_line(connection, seat, p);
    return 0;
}

static int connection_opens(const struct mg_connection *connection, void **data)
{
    (void)data;
    struct seat *seat = mg_get_thread_pointer(connection);
    seat->began = clock_steady_ms();
    seat->answered = false;
    seat_hears(seat, connection);
    return 0;
}

/* Of a connection that has been read for a while already; from the watch's thread. */
static bool know(struct seat *seat)
{
    const struct mg_request_info *info = mg_get_request_info(seat->connection);
    if (info)
        seat_is_of(seat, info->remote_addr, info->remote_port);
    return info;
}

/* It closes without a word on an address that is a whole one, or none: that is ours to answer too. */
static void connection_closes(const struct mg_connection *connection)
{
    struct seat *seat = mg_get_thread_pointer(connection);
    const struct mg_request_info *info = mg_get_request_info(connection);
    if (!seat->answered && info && info->request_method) {
        serve((struct mg_connection *)connection);
        seat_sees_off(seat);
    }
    seat_does(seat, AT_REST, 0);
}

/* A tab may stand in a header's value (RFC 9110 5.5), and Civetweb asks isprint: in its threads a tab is printed. */
static void print_tabs(struct http_server *server)
{
    memcpy(server->ctypes, *__ctype_b_loc() - 128, sizeof(server->ctypes));
    server->ctypes[128 + '\t'] |= (unsigned short)_ISprint;
}

static void *init_thread(const struct mg_context *context, int kind)
{
    struct http_server *server = mg_get_user_data(context);
    if (kind != 1)
        return NULL;
    struct seat *seat = watch_seat(server->watch);
    seat->server = server;
    *__ctype_b_loc() = server->ctypes + 128;
    return seat;
}

static void exit_thread(const struct mg_context *context, int kind, void *data)
{
    (void)context;
    struct seat *seat = data;
    if (kind == 1)
        arena_free(seat->arena);
}

static int no_log(const struct mg_connection *connection, const char *message)
{
    (void)connection;
    (void)message;
    return 1;
}

static struct mg_context *start(struct arena *a, struct http_server *server)
{
    const char *settings[] = {
        "listening_ports", address_old(a, server->options.address), /* as we read it, not as Civetweb would */
        "num_threads", arena_printf(a, "%d", server->options.threads),
        "enable_keep_alive", "no",
        "connection_queue", "256", /* a burst waits here, not in a client's second SYN */
        "listen_backlog", "1024",
        "access_control_allow_origin", "",
        "access_control_allow_methods", "",
        "access_control_allow_headers", "",
        "request_timeout_ms", arena_printf(a, "%d", HEAD_MS),
        "max_request_size", arena_printf(a, "%d", LONGEST_HEAD),
        "enable_directory_listing", "no",
        "decode_url", "no", /* in place it would hide what was sent */
        NULL,
    };
    struct mg_callbacks callbacks = {
        .begin_request = begin_request,
        .http_error = http_error,
        .init_connection = connection_opens,
        .connection_close = connection_closes,
        .init_thread = init_thread,
        .exit_thread = exit_thread,
        .log_message = no_log,
    };
    return mg_start(&callbacks, server, settings);
}

const char *http_address_fault(struct arena *a, const char *address)
{
    if (address_old(a, address))
        return NULL;
    if (*address != '[')
        return arena_printf(a, "%s can not be listened on: no such host", address);
    return arena_printf(a, "%s can not be listened on: this Civetweb speaks IPv4 alone; let a proxy take IPv6", address);
}

struct http_server *http_start(struct arena *a, const struct http_options *options,
                               const char **why)
{
    struct http_server *server = ARENA_NEW(a, struct http_server);
    server->options = *options;
    server->watch = watch_start(a, options->threads, know);
    print_tabs(server);
    server->context = http_address_fault(a, options->address) ? NULL : start(a, server);
    if (!server->context) {
        watch_stop(server->watch);
        *why = arena_printf(a, "%s can not be listened on: is something else using the port?",
                            options->address);
        return NULL;
    }
    return server;
}

void http_stop(struct http_server *server)
{
    if (!server)
        return;
    mg_stop(server->context);
    watch_stop(server->watch);
}
