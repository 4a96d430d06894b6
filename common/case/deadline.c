/* SPDX-License-Identifier: EUPL-1.2 */
/* The table of deadlines. */
#include "common/case/deadline.h"

#include <string.h>

#include "common/case/rules.h"

static int first_talk_days(const struct deadline_cause *cause)
{
    return strcmp(cause->urgency, "acute") == 0 || cause->in_hospital
               ? cause->rules->first_talk_urgent_days
               : cause->rules->first_talk_days;
}

static struct date first_talk_day(const struct deadline_cause *cause)
{
    return date_add_working_days(oslo_date(cause->received_at), first_talk_days(cause));
}

/* Noon of the working day before; with one day only, noon of the day itself. */
static int64_t first_talk_near(const struct deadline_cause *cause, struct date day)
{
    return oslo_instant(first_talk_days(cause) == 1 ? day : date_add_working_days(day, -1), 12, 0);
}

static struct date preliminary_day(const struct deadline_cause *cause)
{
    return date_add_months(oslo_date(cause->received_at), 1);
}

static int64_t preliminary_near(const struct deadline_cause *cause, struct date day)
{
    (void)cause;
    return oslo_instant(date_add_days(day, -7), 24, 0);
}

static const struct {
    const char *source;
    struct date (*day)(const struct deadline_cause *cause);
    int64_t (*near)(const struct deadline_cause *cause, struct date day);
} table[] = {
    [FIRST_TALK] = { "Tillitsmodellen: tidlig dialog", first_talk_day, first_talk_near },
    [PRELIMINARY_REPLY] = { "forvaltningsloven § 11 a", preliminary_day, preliminary_near },
};

struct deadline deadline_of(enum deadline_kind kind, const struct deadline_cause *cause)
{
    struct date day = table[kind].day(cause);
    return (struct deadline){
        .kind = kind,
        .name = deadline_kind_codes[kind],
        .source = table[kind].source,
        .day = day,
        .due_at = oslo_instant(day, 24, 0),
        .near_at = table[kind].near(cause, day),
    };
}
