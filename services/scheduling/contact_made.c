/* SPDX-License-Identifier: EUPL-1.2 */
/* A talk that went both ways meets the first deadline, at the time when it was held. */
#include "common/case/deadline.h"
#include "common/db/row.h"
#include "common/worker/worker.h"
#include "services/scheduling/queries.h"
#include "services/scheduling/scheduling.h"

struct held {
    const char *case_id;
    struct instant at;
};
static const struct field held_fields[] = {
    FIELD(struct held, case_id, .format = FORMAT_UUID), FIELD(struct held, at), { 0 },
};
static const struct record held_record = RECORD("held", struct held, held_fields);

enum problem scheduling_contacts(struct scope *s, struct item *items, size_t count)
{
    struct held *talks = arena_array(s->arena, count, sizeof(*talks));
    struct list held = { .items = talks };
    for (size_t i = 0; i < count; i++) {
        struct contact_made in = { 0 };
        TRY(event_read(s, items[i].event, &in));
        if (in.two_way)
            talks[held.count++] = (struct held){ items[i].row->id, in.at };
    }
    if (held.count == 0)
        return OK;
    TRY(DB_RUN_RECORDS(s, &sql_deadlines_meet, NULL, &held_record, held, param_text(deadline_kind_codes[FIRST_TALK])));
    return DB_RUN_RECORDS(s, &sql_tasks_done, NULL, &held_record, held);
}
