/* SPDX-License-Identifier: EUPL-1.2 */
/* /metrics and /healthz of a program. */
#include <string.h>

#include "common/http.h"
#include "common/program.h"

static void answer(struct http_reply *reply, int status, const char *type, const char *body)
{
    *reply = (struct http_reply){ .status = status, .content_type = type, .body = body,
                                  .length = strlen(body) };
}

enum problem program_health(struct scope *s, const struct http_request *request,
                            struct http_reply *reply)
{
    struct health_state state = health_look(s->program->health);
    if (strcmp(request->path, "/metrics") == 0) {
        answer(reply, 200, "text/plain; version=0.0.4; charset=utf-8",
               metrics_text(s->program->metrics, s->arena));
        return OK;
    }
    if (strcmp(request->path, "/healthz/live") == 0) {
        answer(reply, state.alive ? 200 : 503, "text/plain; charset=utf-8",
               state.alive ? "alive\n" : "the loop has not moved for 30 s\n");
        return OK;
    }
    if (strcmp(request->path, "/healthz/ready") == 0) {
        answer(reply, state.ready ? 200 : 503, "text/plain; charset=utf-8",
               state.ready ? "ready\n" : arena_printf(s->arena, "%s\n", state.why));
        return OK;
    }
    return PROBLEM_NOT_FOUND;
}
