/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/handler/rows.h"

#include "common/http/message.h"

static void check_said(const char *name, const char *answer, const char *want)
{
    bool absent = *want == '!';
    const char *text = house_text(want + absent);
    if ((strstr(answer, text) != NULL) == absent)
        fail_msg("%s: %s \"%s\" in the answer:\n%s", name, absent ? "there is" : "there is no", text, answer);
}

static void check_look(const char *name, const char *look, const char *finds)
{
    if (!look)
        return;
    const char *found = house_look(look);
    CHECK_TEXT(name, found ? found : "no row", house_text(finds));
}

/* As it goes over the line, but for a body that is none of text. */
static const char *answer_of(const struct http_reply *reply)
{
    struct scope s = { .arena = house_arena() };
    return http_bytes(&s, reply, true).text;
}

void ask(void **state)
{
    const struct ask_row *row = *state;
    if (row->before)
        house_do(row->before);
    struct http_reply reply = api_deliver_often(&row->asked, row->times);
    const char *answer = answer_of(&reply);
    if (reply.status != row->status)
        fail_msg("%s: got %d, want %d:\n%s", row->name, reply.status, row->status, answer);
    for (size_t i = 0; i < MOST_SAID && row->says[i]; i++)
        check_said(row->name, answer, row->says[i]);
    check_look(row->name, row->look, row->finds);
}

void take_event(void **state)
{
    const struct event_row *row = *state;
    if (row->before)
        house_do(row->before);
    if (row->type)
        seed_event(row->kase, row->type, row->data);
    const char *verdict = worker_deliver_last(row->worker, house_text(row->kase));
    if (strcmp(verdict, row->verdict) != 0)
        fail_msg("%s: got %s, want %s: %s", row->name, verdict, row->verdict, worker_detail());
    if (row->detail)
        CHECK_TEXT(row->name, worker_detail(), row->detail);
    check_look(row->name, row->look, row->finds);
}
