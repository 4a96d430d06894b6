/* SPDX-License-Identifier: EUPL-1.2 */
/* /metrics and /healthz of a program. */
#include "common/start/health.h"

#include <string.h>

#include "common/http/message.h"
#include "common/program/program.h"
#include "common/start/answer.h"

static void answer(struct http_reply *reply, int status, const char *type, const char *body)
{
    *reply = (struct http_reply){ .status = status, .content_type = type, .body = body,
                                  .length = strlen(body) };
}

static void answer_ready(struct scope *s, const struct health_state *state, struct http_reply *reply)
{
    json_t *not_ready = json_object();
    if (!state->ready)
        json_object_set_new(not_ready, s->program->name, json_string(state->why));
    reply->status = state->ready ? 200 : 503;
    json_t *view = json_pack("{s: b, s: o}", "ready", state->ready, "not_ready", not_ready);
    if (state->ready && *state->remark)
        json_object_set_new(view, "remark", json_string(state->remark));
    api_json(s, view, reply);
}

bool program_health(struct scope *s, struct http_request *request, struct http_reply *reply,
                    const void *context)
{
    (void)context;
    struct health_state state = health_look(s->program->health);
    if (request->method != GET && request->method != HEAD)
        return false;
    *reply = (struct http_reply){ 0 };
    metric_set(s->program->metrics, METRIC_LOG_DROPPED, LABELS(NULL), (double)log_dropped(s->program->log));
    if (strcmp(request->path, "/metrics") == 0)
        answer(reply, 200, "text/plain; version=0.0.4; charset=utf-8",
               metrics_text(s->program->metrics, s->arena));
    else if (strcmp(request->path, "/healthz/live") == 0)
        answer(reply, state.alive ? 200 : 503, "text/plain; charset=utf-8",
               state.alive ? "alive\n" : "the loop has not moved for 30 s\n");
    else if (strcmp(request->path, "/healthz/ready") == 0)
        answer_ready(s, &state, reply);
    return reply->status != 0;
}

void program_refuse(struct scope *s, enum problem problem, const char *accept,
                    struct http_reply *reply, const void *context)
{
    (void)accept;
    (void)context;
    api_problem(s, problem, EN, reply);
}
