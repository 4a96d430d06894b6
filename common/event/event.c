/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading an event's data, and saying a new one. */
#include "common/event/event.h"

#include <string.h>

#include "common/base/crash.h"
#include "common/db/row.h"
#include "common/event/queries.h"
#include "common/program/program.h"
#include "common/record/encode.h"

struct event event_from_row(const struct result *r, int row)
{
    const char *type = result_text(r, row, "type"), *data = result_text(r, row, "data");
    return (struct event){ .case_id = result_text(r, row, "case_id"),
                           .case_seq = result_integer(r, row, "case_seq"),
                           .type = event_type_find(type),
                           .type_name = type,
                           .data = data,
                           .data_length = strlen(data),
                           .occurred_at = result_time(r, row, "occurred_at"),
                           .traceparent = result_text(r, row, "traceparent") };
}

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

struct event_row {
    const char *case_id, *data, *traceparent;
};
static const struct field event_row_fields[] = {
    FIELD(struct event_row, case_id, .format = FORMAT_UUID), FIELD(struct event_row, data),
    FIELD(struct event_row, traceparent), { 0 },
};
static const struct record event_row_record = RECORD("event_row", struct event_row, event_row_fields);

static enum problem append(struct scope *s, const struct event_type *type,
                           const struct saying *sayings, size_t count, const char *status,
                           struct result *numbered)
{
    struct event_row *rows = arena_array(s->arena, count, sizeof(*rows));
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct event_row){ sayings[i].case_id, record_to_json(s, type->record, sayings[i].data),
                                      sayings[i].traceparent };
    TRY(DB_RUN_RECORDS(s, &sql_events_append, numbered, &event_row_record, ((struct list){ rows, count }),
                       param_text(type->type), param_text(arena_printf(s->arena, "tillit/%s", s->program->name)),
                       param_time(s, s->now), param_text(status)));
    crash_point("worker.events-written");
    if ((size_t)numbered->count != count)
        return scope_fail(s, PROBLEM_NOT_FOUND, "%s: a case is not there", type->name);
    return OK;
}

enum problem events_append(struct scope *s, const struct event_type *type,
                           const struct saying *sayings, size_t count)
{
    return events_append_moving(s, type, sayings, count, NULL);
}

enum problem events_append_moving(struct scope *s, const struct event_type *type,
                                  const struct saying *sayings, size_t count, const char *status)
{
    struct result numbered;
    return count ? append(s, type, sayings, count, status, &numbered) : OK;
}

enum problem event_append(struct scope *s, const char *case_id, const struct event_type *type,
                          const void *data, int64_t *case_seq)
{
    struct result numbered;
    TRY(append(s, type,
               &(struct saying){ .case_id = case_id, .data = data, .traceparent = s->traceparent },
               1, NULL, &numbered));
    if (case_seq)
        *case_seq = result_integer(&numbered, 0, "last_seq");
    return OK;
}
