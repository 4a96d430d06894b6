/* SPDX-License-Identifier: EUPL-1.2 */
/* Plans the early talk, sets the two deadlines, and puts a team case on an agenda. */
#include <string.h>

#include "common/db.h"
#include "common/deadline.h"
#include "common/uuid.h"
#include "services/scheduling/queries.h"
#include "services/scheduling/scheduling.h"

static enum problem set_deadline(struct scope *s, const struct case_row *row,
                                 const struct deadline *deadline)
{
    return DB_RUN(s, &sql_deadline_set, NULL, param_text(row->id), param_text(deadline->name),
                  param_text(row->municipality), param_time(s, deadline->due_at),
                  param_time(s, deadline->near_at), param_text(deadline->source));
}

static enum problem plan_talk(struct scope *s, struct case_row *row, int64_t cause_seq,
                              const struct deadline *talk)
{
    const char *id = uuid_v7(s->arena, s->now);
    TRY(set_deadline(s, row, talk));
    TRY(DB_RUN(s, &sql_task_add, NULL, param_text(id), param_text(row->municipality),
               param_text(row->id), param_integer(s, cause_seq), param_time(s, talk->due_at)));
    TRY(case_move(s, row, CASE_DIALOGUE, SCHEDULING));
    return event_append(s, row->id, &dialogue_planned,
                        &(struct dialogue_planned){
                            .task_id = id, .due = instant_rfc3339(s->arena, talk->due_at) },
                        NULL);
}

enum problem scheduling_case_triaged(struct scope *s, const struct event *event)
{
    struct case_triaged in = { 0 };
    struct case_row row;
    struct result facts;
    TRY(event_read(s, event, &in));
    TRY(case_lock(s, event->case_id, &row));
    if (row.status != CASE_TRIAGED)
        return case_passed_or_wrong(s, &row, event->case_seq);
    TRY(DB_RUN(s, &sql_application_facts, &facts, param_text(row.id)));
    struct deadline_cause cause = { .received_at = row.received_at,
                                    .urgency = result_text(&facts, 0, "urgency"),
                                    .in_hospital = result_flag(&facts, 0, "in_hospital") };
    struct deadline reply = deadline_of(PRELIMINARY_REPLY, &cause);
    struct deadline talk = deadline_of(FIRST_TALK, &cause);
    TRY(set_deadline(s, &row, &reply));
    if (strcmp(in.department, "forward") != 0)
        TRY(plan_talk(s, &row, event->case_seq, &talk));
    if (strcmp(in.path, "team") == 0)
        TRY(agenda_plan(s, &row, in.department, event->case_seq, reply.due_at));
    return OK;
}
