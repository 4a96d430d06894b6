/* SPDX-License-Identifier: EUPL-1.2 */
/* What each event adds to the facts: a table by type, whatever is not in it adds nothing. */
#include <string.h>

#include "common/clock.h"
#include "common/db.h"
#include "common/deadline.h"
#include "services/metrics/metrics.h"
#include "services/metrics/queries.h"

static enum problem fold_received(struct scope *s, const struct event *event, const void *data)
{
    const struct application_received *in = data;
    struct date day = date_add_working_days(oslo_date(event->occurred_at), FIRST_TALK_DAYS);
    return DB_RUN(s, &sql_fold_received, NULL, param_text(event->case_id),
                  param_time(s, event->occurred_at), param_text(in->channel),
                  param_text(date_text(s->arena, day)), param_integer(s, event->case_seq));
}

static enum problem fold_triaged(struct scope *s, const struct event *event, const void *data)
{
    const struct case_triaged *in = data;
    return DB_RUN(s, &sql_fold_triaged, NULL, param_text(event->case_id),
                  param_text(in->department), param_integer(s, event->case_seq));
}

static enum problem fold_other(struct scope *s, const struct event *event, const void *data)
{
    (void)data;
    return DB_RUN(s, &sql_fold_other, NULL, param_text(event->case_id),
                  param_integer(s, event->case_seq));
}

static enum problem fold_contact(struct scope *s, const struct event *event, const void *data)
{
    const struct contact_made *in = data;
    int64_t at = 0;
    if (!in->two_way || !instant_parse(in->at, &at))
        return fold_other(s, event, data);
    return DB_RUN(s, &sql_fold_contact, NULL, param_text(event->case_id), param_time(s, at),
                  param_integer(s, event->case_seq));
}

static enum problem fold_letter(struct scope *s, const struct event *event, const void *data)
{
    const struct letter_ready *in = data;
    if (strcmp(in->kind, "receipt") != 0)
        return fold_other(s, event, data);
    return DB_RUN(s, &sql_fold_receipt, NULL, param_text(event->case_id),
                  param_time(s, event->occurred_at), param_integer(s, event->case_seq));
}

static const struct {
    const struct event_type *type;
    enum problem (*fold)(struct scope *s, const struct event *event, const void *data);
} folds[] = {
    { &application_received, fold_received },
    { &case_triaged, fold_triaged },
    { &contact_made, fold_contact },
    { &letter_ready, fold_letter },
};

enum problem metrics_fold(struct scope *s, const struct event *event)
{
    void *data = arena_alloc(s->arena, event->type->record->size);
    TRY(event_read(s, event, data));
    for (size_t i = 0; i < sizeof(folds) / sizeof(*folds); i++)
        if (folds[i].type == event->type)
            return folds[i].fold(s, event, data);
    return fold_other(s, event, data);
}
