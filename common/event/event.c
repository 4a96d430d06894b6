/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading an event's data, and saying a new one. */
#include "common/event/event.h"

#include "common/clock.h"
#include "common/db.h"
#include "common/program.h"
#include "common/queries.h"

enum problem event_read(struct scope *s, const struct event *event, void *out)
{
    enum problem p = record_from_json(s, event->type->record, RECORD_EVENT, event->data,
                                      event->data_length, out);
    if (p != PROBLEM_MALFORMED || !s->errors)
        return p;
    struct buffer why = buffer_new(s->arena);
    buffer_text(&why, event->type->name);
    for (const struct field_error *e = s->errors; e; e = e->next)
        buffer_printf(&why, "; %s %s", e->pointer, fault_name(e->fault));
    return scope_fail(s, p, "%s", why.text);
}

enum problem event_append(struct scope *s, const char *case_id, const struct event_type *type,
                          const void *data, int64_t *case_seq)
{
    struct result numbered;
    TRY(DB_RUN(s, &sql_event_append, &numbered, param_text(case_id), param_text(type->type),
               param_text(arena_printf(s->arena, "tillit/%s", s->program->name)),
               param_text(record_to_json(s, type->record, data)), param_time(s, s->now),
               param_text(s->traceparent)));
    if (case_seq)
        *case_seq = result_integer(&numbered, 0, "last_seq");
    return OK;
}
