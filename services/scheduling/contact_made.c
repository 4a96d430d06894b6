/* SPDX-License-Identifier: EUPL-1.2 */
/* A talk that went both ways meets the first deadline, at the time when it was held. */
#include "common/db.h"
#include "common/deadline.h"
#include "services/scheduling/queries.h"
#include "services/scheduling/scheduling.h"

enum problem scheduling_contact_made(struct scope *s, const struct event *event)
{
    struct contact_made in = { 0 };
    struct case_row row;
    int64_t at = 0;
    TRY(event_read(s, event, &in));
    TRY(case_lock(s, event->case_id, &row));
    if (!in.two_way || !instant_parse(in.at, &at))
        return OK;
    struct deadline_cause cause = { .received_at = row.received_at, .urgency = "none" };
    TRY(DB_RUN(s, &sql_deadline_meet, NULL, param_text(row.id),
               param_text(deadline_of(FIRST_TALK, &cause).name), param_time(s, at)));
    return DB_RUN(s, &sql_task_done, NULL, param_text(row.id), param_time(s, at));
}
