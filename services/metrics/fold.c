/* SPDX-License-Identifier: EUPL-1.2 */
/* What events add to the facts of their cases: a table by type, folded here case by case and written
 * together. What is not in the table adds nothing but its number. */
#include <string.h>

#include "common/case/deadline.h"
#include "common/case/rules.h"
#include "common/db/row.h"
#include "common/worker/worker.h"
#include "services/metrics/metrics.h"
#include "services/metrics/queries.h"

/* What a case's events add up to. */
struct addition {
    const char *case_id;
    struct instant received_at; /* none: not among them; so with the others */
    const char *channel, *urgency;
    bool in_hospital;
    struct date dialogue_day; /* year 0 = not among them */
    const char *day, *department; /* day: the same, as it is written */
    struct instant receipt_at, first_contact_at;
    int64_t seq; /* of the last */
};

/* What opens a case's facts, and what adds to them: the first two of it are the case's from the first. */
static const struct field addition_fields[] = {
    FIELD(struct addition, received_at), FIELD(struct addition, channel),
    FIELD(struct addition, case_id, .format = FORMAT_UUID), FIELD(struct addition, day),
    FIELD(struct addition, department), FIELD(struct addition, receipt_at),
    FIELD(struct addition, first_contact_at), FIELD(struct addition, seq), { 0 },
};
static const struct record opening_record = RECORD("opening", struct addition, addition_fields),
                           addition_record = RECORD("addition", struct addition, addition_fields + 2);

static void earliest(struct instant *at, struct instant candidate)
{
    if (!at->us || candidate.us < at->us)
        *at = candidate;
}

static void fold_received(struct addition *sum, const struct event *event, const void *data)
{
    const struct application_received *in = data;
    if (!sum->received_at.us) {
        sum->channel = in->channel;
        sum->urgency = in->urgency;
        sum->in_hospital = in->in_hospital;
    }
    earliest(&sum->received_at, (struct instant){ event->occurred_at });
}

static void fold_triaged(struct addition *sum, const struct event *event, const void *data)
{
    (void)event;
    sum->department = ((const struct case_triaged *)data)->department;
}

/* The deadline itself, as it was promised. */
static void fold_planned(struct addition *sum, const struct event *event, const void *data)
{
    (void)event;
    sum->dialogue_day = oslo_date(((const struct dialogue_planned *)data)->due.us - 1);
}

static void fold_contact(struct addition *sum, const struct event *event, const void *data)
{
    (void)event;
    const struct contact_made *in = data;
    if (in->two_way)
        earliest(&sum->first_contact_at, in->at);
}

static void fold_letter(struct addition *sum, const struct event *event, const void *data)
{
    if (strcmp(((const struct letter_ready *)data)->kind, "receipt") == 0)
        earliest(&sum->receipt_at, (struct instant){ event->occurred_at });
}

static const struct {
    const struct event_type *type;
    void (*fold)(struct addition *sum, const struct event *event, const void *data);
} folds[] = {
    { &application_received, fold_received },
    { &case_triaged, fold_triaged },
    { &dialogue_planned, fold_planned },
    { &contact_made, fold_contact },
    { &letter_ready, fold_letter },
};

static enum problem fold(struct scope *s, const struct event *event, struct addition *sum)
{
    void *data = arena_alloc(s->arena, event->type->record->size);
    TRY(event_read(s, event, data));
    sum->case_id = event->case_id;
    sum->seq = event->case_seq;
    for (size_t i = 0; i < sizeof(folds) / sizeof(*folds); i++)
        if (folds[i].type == event->type)
            folds[i].fold(sum, event, data);
    return OK;
}

static bool lacks_day(const struct addition *sum)
{
    return sum->received_at.us && !sum->dialogue_day.year;
}

/* The day by which the first talk will be promised to those whose facts open: by the deadlines' own rule. */
static enum problem find_days(struct scope *s, struct addition *sums, size_t count)
{
    const char **opened = arena_array(s->arena, count, sizeof(*opened));
    struct rules *rules = arena_array(s->arena, count, sizeof(*rules));
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (lacks_day(&sums[i]))
            opened[found++] = sums[i].case_id;
    if (found == 0)
        return OK;
    TRY(rules_find(s, opened, found, rules));
    for (size_t i = 0; i < count; i++)
        if (lacks_day(&sums[i]))
            sums[i].dialogue_day = deadline_of(FIRST_TALK, &(struct deadline_cause){ .received_at = sums[i].received_at.us,
                                                                                     .urgency = sums[i].urgency,
                                                                                     .in_hospital = sums[i].in_hospital,
                                                                                     .rules = rules++ })
                                       .day;
    return OK;
}

/* The additions that open a case's facts, or those that add to them. */
static enum problem write(struct scope *s, const struct addition *sums, size_t count, bool opening)
{
    struct addition *rows = arena_array(s->arena, count, sizeof(*rows));
    struct list list = { .items = rows };
    for (size_t i = 0; i < count; i++) {
        if (opening != (sums[i].received_at.us != 0))
            continue;
        rows[list.count] = sums[i];
        rows[list.count++].day = sums[i].dialogue_day.year ? date_text(s->arena, sums[i].dialogue_day) : NULL;
    }
    if (list.count == 0)
        return OK;
    return DB_RUN_RECORDS(s, opening ? &sql_facts_open : &sql_facts_add, NULL,
                          opening ? &opening_record : &addition_record, list);
}

enum problem metrics_fold(struct scope *s, struct item *items, size_t count)
{
    struct addition *sums = arena_array(s->arena, count, sizeof(*sums));
    size_t cases = 0;
    for (size_t i = 0; i < count; i++) {
        bool another = i == 0 || strcmp(items[i].event->case_id, items[i - 1].event->case_id);
        cases += another;
        TRY(fold(s, items[i].event, &sums[cases - 1]));
    }
    TRY(find_days(s, sums, cases));
    TRY(write(s, sums, cases, true));
    return write(s, sums, cases, false);
}
