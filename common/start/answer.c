/* SPDX-License-Identifier: EUPL-1.2 */
/* Problem documents (RFC 9457), with every refused field and never its value. */
#include "common/start/answer.h"

#include <string.h>

#include "common/http/message.h"
#include "common/words/problem_words.h"

/* The detail is ours to tell only where the client can act on it. */
static bool detail_is_for_client(enum problem p)
{
    return problem_status(p) < 500;
}

static json_t *errors_of(const struct scope *s, enum language language)
{
    json_t *errors = json_array();
    for (const struct field_error *e = s->errors; e; e = e->next)
        json_array_append_new(errors, json_pack("{s: s, s: s, s: s}", "pointer", e->pointer,
                                                "code", fault_name(e->fault), "detail",
                                                fault_words(e->fault, language)));
    return errors;
}

static int add_chunk(const char *chunk, size_t length, void *buffer)
{
    buffer_add(buffer, chunk, length);
    return 0;
}

void api_json(struct scope *s, json_t *value, struct http_reply *reply)
{
    struct buffer b = buffer_new(s->arena);
    json_dump_callback(value, add_chunk, &b, JSON_COMPACT);
    json_decref(value);
    reply->content_type = "application/json";
    reply->body = b.text;
    reply->length = b.length;
}

static char *type_of(struct scope *s, enum problem p)
{
    char *name = arena_strdup(s->arena, problem_name(p));
    for (char *c = name; *c; c++)
        *c = (char)(*c == '_' ? '-' : *c | 0x20);
    return arena_printf(s->arena, "urn:tillit:problem:%s", name);
}

void api_problem(struct scope *s, enum problem p, enum language language,
                 struct http_reply *reply)
{
    json_t *document = json_pack("{s: s, s: s, s: i}", "type", type_of(s, p), "title",
                                 problem_words(p, language), "status", problem_status(p));
    if (s->detail && detail_is_for_client(p))
        json_object_set_new(document, "detail", json_string(s->detail));
    if (s->request_id)
        json_object_set_new(document, "instance", json_sprintf("urn:uuid:%s", s->request_id));
    if (s->errors)
        json_object_set_new(document, "errors", errors_of(s, language));
    const char *allow = reply->allow, *challenge = reply->challenge;
    *reply = (struct http_reply){ .status = problem_status(p), .allow = allow, .challenge = challenge };
    api_json(s, document, reply);
    reply->content_type = "application/problem+json";
    if (reply->status == 503 || reply->status == 429)
        reply->retry_after = 2;
}
