/* SPDX-License-Identifier: EUPL-1.2 */
/* What events add to the facts of their cases: a table by type, folded here case by case and written
 * together. What is not in the table adds nothing but its number. */
#include <string.h>

#include "common/case/deadline.h"
#include "common/case/rules.h"
#include "common/time/instant.h"
#include "common/worker/worker.h"
#include "services/metrics/metrics.h"
#include "services/metrics/queries.h"

/* What a case's events add up to. */
struct addition {
    const char *case_id;
    int64_t received_at; /* 0 = not among them; so with the others */
    const char *channel, *urgency;
    bool in_hospital;
    struct date dialogue_day; /* year 0 = not among them */
    const char *department;
    int64_t receipt_at;
    int64_t first_contact_at;
    int64_t seq; /* of the last */
};

static void earliest(int64_t *at, int64_t candidate)
{
    if (!*at || candidate < *at)
        *at = candidate;
}

static void fold_received(struct addition *sum, const struct event *event, const void *data)
{
    const struct application_received *in = data;
    if (!sum->received_at) {
        sum->channel = in->channel;
        sum->urgency = in->urgency;
        sum->in_hospital = in->in_hospital;
    }
    earliest(&sum->received_at, event->occurred_at);
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
    int64_t due = 0;
    if (instant_parse(((const struct dialogue_planned *)data)->due, &due))
        sum->dialogue_day = oslo_date(due - 1);
}

static void fold_contact(struct addition *sum, const struct event *event, const void *data)
{
    (void)event;
    const struct contact_made *in = data;
    int64_t at = 0;
    if (in->two_way && instant_parse(in->at, &at))
        earliest(&sum->first_contact_at, at);
}

static void fold_letter(struct addition *sum, const struct event *event, const void *data)
{
    if (strcmp(((const struct letter_ready *)data)->kind, "receipt") == 0)
        earliest(&sum->receipt_at, event->occurred_at);
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

static const char *moment(struct scope *s, int64_t at)
{
    return at ? param_time(s, at).data : NULL;
}

static bool lacks_day(const struct addition *sum)
{
    return sum->received_at && !sum->dialogue_day.year;
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
            sums[i].dialogue_day = deadline_of(FIRST_TALK, &(struct deadline_cause){ .received_at = sums[i].received_at,
                                                                                     .urgency = sums[i].urgency,
                                                                                     .in_hospital = sums[i].in_hospital,
                                                                                     .rules = rules++ })
                                       .day;
    return OK;
}

/* The additions that open a case's facts, or those that add to them. */
static enum problem write(struct scope *s, const struct addition *sums, size_t count, bool opening)
{
    struct array ids = array_new(s, ARRAY_OF_UUID, 0), seqs = array_new(s, ARRAY_OF_TEXT, 0);
    struct array received = array_new(s, ARRAY_OF_TEXT, 0), channels = array_new(s, ARRAY_OF_TEXT, 0);
    struct array days = array_new(s, ARRAY_OF_TEXT, 0), departments = array_new(s, ARRAY_OF_TEXT, 0);
    struct array receipts = array_new(s, ARRAY_OF_TEXT, 0), contacts = array_new(s, ARRAY_OF_TEXT, 0);
    for (size_t i = 0; i < count; i++) {
        const struct addition *sum = &sums[i];
        if (opening != (sum->received_at != 0))
            continue;
        array_add_uuid(&ids, sum->case_id);
        array_add_text(&received, moment(s, sum->received_at));
        array_add_text(&channels, sum->channel);
        array_add_text(&days, sum->dialogue_day.year ? date_text(s->arena, sum->dialogue_day) : NULL);
        array_add_text(&departments, sum->department);
        array_add_text(&receipts, moment(s, sum->receipt_at));
        array_add_text(&contacts, moment(s, sum->first_contact_at));
        array_add_text(&seqs, param_integer(s, sum->seq).data);
    }
    if (ids.count == 0)
        return OK;
    if (opening)
        return DB_RUN(s, &sql_facts_open, NULL, param_array(&ids), param_array(&received),
                      param_array(&channels), param_array(&days), param_array(&departments),
                      param_array(&receipts), param_array(&contacts), param_array(&seqs));
    return DB_RUN(s, &sql_facts_add, NULL, param_array(&ids), param_array(&days), param_array(&departments),
                  param_array(&receipts), param_array(&contacts), param_array(&seqs));
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
