/* SPDX-License-Identifier: EUPL-1.2 */
/* What operators look at: rows as they are, the problem in words, and why an act was asked for. */
#include "common/operator/parked.h"

#include "common/db/row.h"
#include "common/operator/queries.h"
#include "common/program/program.h"
#include "common/seal/seal.h"

/* clang-format off */
static const struct field cause_fields[] = {
    FIELD(struct cause_view, consumer), FIELD(struct cause_view, problem),
    FIELD(struct cause_view, title, .flags = MADE), FIELD(struct cause_view, parked), FIELD(struct cause_view, since), { 0 },
};
const struct record cause_record = RECORD("cause", struct cause_view, cause_fields);

static const struct field logged_fields[] = {
    FIELD(struct logged_view, case_seq), FIELD(struct logged_view, type), FIELD(struct logged_view, source),
    FIELD(struct logged_view, at), { 0 },
};
static const struct record logged_record = RECORD("logged_event", struct logged_view, logged_fields);

static const struct field act_fields[] = {
    FIELD(struct act_view, act_id, .format = FORMAT_UUID),    FIELD(struct act_view, act),
    FIELD(struct act_view, consumer, .flags = NULLABLE),      FIELD(struct act_view, parked_id, .flags = NULLABLE),
    FIELD(struct act_view, target, .flags = NULLABLE),        FIELD(struct act_view, who), FIELD(struct act_view, sealed),
    FIELD(struct act_view, why, .flags = NULLABLE | MADE),    FIELD(struct act_view, asked_at),
    FIELD(struct act_view, done_at, .flags = NULLABLE),       FIELD(struct act_view, outcome, .flags = NULLABLE),
    FIELD(struct act_view, detail, .flags = NULLABLE),        FIELD(struct act_view, says),
    FIELD(struct act_view, then_types), { 0 },
};
const struct record act_record = RECORD("act", struct act_view, act_fields);

static const struct field parked_fields[] = {
    FIELD(struct parked_view, parked_id, .format = FORMAT_UUID), FIELD(struct parked_view, consumer),
    FIELD(struct parked_view, type),                             FIELD(struct parked_view, problem),
    FIELD(struct parked_view, title, .flags = MADE),             FIELD(struct parked_view, detail, .flags = NULLABLE),
    FIELD(struct parked_view, attempts),                         FIELD(struct parked_view, parked_at),
    FIELD(struct parked_view, closed_how, .flags = NULLABLE),    FIELD(struct parked_view, case_id, .flags = NULLABLE),
    FIELD(struct parked_view, municipality, .flags = NULLABLE | INNER),
    FIELD(struct parked_view, case_seq, .flags = NULLABLE),      FIELD(struct parked_view, reference, .flags = NULLABLE),
    FIELD(struct parked_view, status, .flags = NULLABLE),        FIELD(struct parked_view, mark, .flags = NULLABLE),
    FIELD(struct parked_view, place, .flags = NULLABLE),
    LIST_FIELD(struct parked_view, events, &logged_record),      LIST_FIELD(struct parked_view, acts, &act_record), { 0 },
};
const struct record parked_record = RECORD("parked_event", struct parked_view, parked_fields);
/* clang-format on */

static const char *title_of(const char *problem)
{
    return problem_title(problem_by_name(problem));
}

enum problem causes_load(struct scope *s, struct list *out)
{
    struct result r;
    TRY(db_run(s, &sql_parked_causes, &r, NULL, 0));
    struct cause_view *causes = arena_array(s->arena, (size_t)r.count, sizeof(*causes));
    TRY(records_into(s, &cause_record, &r, causes));
    for (int i = 0; i < r.count; i++)
        causes[i].title = title_of(causes[i].problem);
    *out = (struct list){ causes, (size_t)r.count };
    return OK;
}

static const char *why_of(struct scope *s, const struct act_view *act)
{
    struct bytes plain;
    if (!seal_open(s, SEAL_ACT, ANY_MUNICIPALITY, act->act_id, act->sealed.data, act->sealed.length, &plain))
        return (const char *)plain.data;
    s->detail = NULL;
    LOG_WRITE(s->program->log, s->now, LOG_LEVEL_ERROR, "a value can not be opened",
              { LOG_PROBLEM, problem_name(PROBLEM_DAMAGED) },
              { LOG_DETAIL, arena_printf(s->arena, "operator_acts %s", act->act_id) });
    return NULL;
}

enum problem acts_load(struct scope *s, const char *id, int64_t most, struct list *out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_acts_list, &r, param_text(id), param_integer(s, most)));
    struct act_view *acts_seen = arena_array(s->arena, (size_t)r.count, sizeof(*acts_seen));
    TRY(records_into(s, &act_record, &r, acts_seen));
    for (int i = 0; i < r.count; i++)
        acts_seen[i].why = why_of(s, &acts_seen[i]);
    *out = (struct list){ acts_seen, (size_t)r.count };
    return OK;
}

static enum problem load_log(struct scope *s, const char *case_id, struct list *out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_case_log, &r, param_text(case_id)));
    return records_from_result(s, &logged_record, &r, out);
}

enum problem parked_load(struct scope *s, const char *id, struct parked_view *out)
{
    enum { LATEST_ACTS = 100 };
    struct result r;
    TRY(DB_RUN(s, &sql_parked_show, &r, param_text(id)));
    if (r.count == 0)
        return scope_fail(s, PROBLEM_NOT_FOUND, "no such event was parked");
    *out = (struct parked_view){ 0 };
    TRY(record_from_row(s, &parked_record, &r, 0, out));
    out->title = title_of(out->problem);
    if (out->case_id)
        TRY(load_log(s, out->case_id, &out->events));
    return acts_load(s, id, LATEST_ACTS, &out->acts);
}

enum problem parked_of_cause(struct scope *s, const char *consumer, const char *problem,
                             struct list *out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_parked_of_cause, &r, param_text(consumer), param_text(problem)));
    struct parked_view *parked = arena_array(s->arena, (size_t)r.count, sizeof(*parked));
    TRY(records_into(s, &parked_record, &r, parked));
    for (int i = 0; i < r.count; i++)
        parked[i].title = title_of(parked[i].problem);
    *out = (struct list){ parked, (size_t)r.count };
    return OK;
}
