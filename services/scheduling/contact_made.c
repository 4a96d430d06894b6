/* SPDX-License-Identifier: EUPL-1.2 */
/* A talk that went both ways meets the first deadline, at the time when it was held. */
#include "common/case/deadline.h"
#include "common/time/instant.h"
#include "common/worker/worker.h"
#include "services/scheduling/queries.h"
#include "services/scheduling/scheduling.h"

enum problem scheduling_contacts(struct scope *s, struct item *items, size_t count)
{
    struct array cases = array_new(s, ARRAY_OF_UUID, 0), at = array_new(s, ARRAY_OF_TIMES, 0);
    for (size_t i = 0; i < count; i++) {
        struct contact_made in = { 0 };
        int64_t held = 0;
        TRY(event_read(s, items[i].event, &in));
        if (!in.two_way || !instant_parse(in.at, &held))
            continue;
        array_add_uuid(&cases, items[i].row->id);
        array_add_time(&at, held);
    }
    if (cases.count == 0)
        return OK;
    TRY(DB_RUN(s, &sql_deadlines_meet, NULL, param_array(&cases), param_array(&at),
               param_text(deadline_kind_codes[FIRST_TALK])));
    return DB_RUN(s, &sql_tasks_done, NULL, param_array(&cases), param_array(&at));
}
