/* SPDX-License-Identifier: EUPL-1.2 */
/* Moving aside what can't be handled: its bytes sealed, its problem in words, nothing dropped. */
#include "common/worker/park.h"

#include <string.h>

#include "common/base/crash.h"
#include "common/base/uuid.h"
#include "common/kafka/kafka.h"
#include "common/seal/seal.h"
#include "common/worker/queries.h"
#include "common/worker/worker.h"
#include "common/worker/worker_private.h"

static void tell(const struct loop *loop, const struct scope *s, const char *type,
                 const char *case_id, int64_t seq, enum problem p, const char *detail)
{
    const char *seq_text = seq ? arena_printf(s->arena, "%lld", (long long)seq) : NULL;
    LOG_WRITE(loop->program->log, s->now, LOG_LEVEL_ERROR, "parked", { LOG_EVENT_TYPE, type },
              { LOG_CASE_ID, case_id }, { LOG_CASE_SEQ, seq_text },
              { LOG_PROBLEM, problem_name(p) }, { LOG_DETAIL, detail });
}

enum problem park_event(struct loop *loop, struct scope *s, const struct event *event,
                        enum problem problem, const char *detail, int attempts)
{
    struct bytes sealed;
    const char *id = uuid_v7(s->arena, s->now);
    TRY(seal_close(s, SEAL_PARKED, ANY_MUNICIPALITY, id, event->data, event->data_length,
                   &sealed));
    TRY(DB_RUN(s, &sql_event_park, NULL, param_text(id), param_text(loop->worker->name),
               param_text(event->case_id), param_integer(s, event->case_seq),
               param_text(event->type_name), param_text(NULL), param_text(NULL),
               param_text(NULL), param_text(problem_name(problem)), param_text(detail),
               param_integer(s, attempts), param_bytes(sealed.data, sealed.length),
               param_time(s, s->now)));
    crash_point("parking.park-written");
    tell(loop, s, event->type_name, event->case_id, event->case_seq, problem, detail);
    return OK;
}

enum problem park_record(struct loop *loop, struct scope *s, const struct bell *bell,
                         enum problem problem, const char *detail, int attempts)
{
    const char *type = bell->type ? bell->type : "unread";
    struct bytes sealed;
    struct result r;
    const char *id = uuid_v7(s->arena, s->now);
    TRY(seal_close(s, SEAL_PARKED, ANY_MUNICIPALITY, id, bell->value, bell->length, &sealed));
    TRY(DB_RUN(s, &sql_event_park, &r, param_text(id), param_text(loop->worker->name),
               param_text(NULL), param_text(NULL), param_text(type),
               param_text(bell->topic), param_integer(s, bell->partition),
               param_integer(s, bell->offset), param_text(problem_name(problem)),
               param_text(detail), param_integer(s, attempts),
               param_bytes(sealed.data, sealed.length),
               param_time(s, s->now)));
    if (r.affected == 0)
        return OK; /* it came again, and lies there already */
    count_verdict(loop, type, problem);
    tell(loop, s, type, NULL, 0, problem, detail);
    return OK;
}

enum problem park_bell(struct loop *loop, struct scope *s, const struct bell *bell,
                       enum problem problem, const char *detail, int attempts)
{
    const struct event event = { .case_id = bell->case_id, .case_seq = bell->n,
                                 .type_name = bell->type, .data = bell->value,
                                 .data_length = bell->length };
    if (!bell->known)
        return park_record(loop, s, bell, problem, detail, attempts);
    TRY(park_event(loop, s, &event, problem, detail, attempts));
    count_verdict(loop, event.type_name, problem);
    return OK;
}

void count_verdict(struct loop *loop, const char *type, enum problem verdict)
{
    metric_add(loop->program->metrics, METRIC_EVENTS_HANDLED,
               LABELS(loop->worker->name, type, problem_name(verdict)), 1);
}
