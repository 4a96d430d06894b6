/* SPDX-License-Identifier: EUPL-1.2 */
/* What operators look at, in words. */
#include "services/ops/looks.h"

#include <string.h>

#include "common/db/run.h"
#include "common/operator/queries.h"
#include "common/time/instant.h"
#include "common/who/access.h"
#include "services/ops/queries.h"

enum { SILENT_US = 5 * 1000000, LATEST_ACTS = 50 };

static const char *time_of(struct scope *s, const struct result *r, int row, const char *column)
{
    int64_t at = result_time(r, row, column);
    return at ? instant_rfc3339(s->arena, at) : "-";
}

static const char *text_or(const char *text, const char *other)
{
    return text ? text : other;
}

enum problem show_causes(struct scope *s, const struct errand *errand)
{
    struct result r;
    TRY(db_run(s, &sql_parked_causes, &r, NULL, 0));
    for (int i = 0; i < r.count; i++) {
        const char *name = result_text(&r, i, "problem");
        buffer_printf(errand->out, "%6s  %s:%s  since %s  %s\n", result_text(&r, i, "parked"),
                      result_text(&r, i, "consumer"), name, time_of(s, &r, i, "since"),
                      problem_title(problem_by_name(name)));
    }
    if (r.count == 0)
        buffer_text(errand->out, "nothing is parked\n");
    return OK;
}

bool split_cause(struct scope *s, const char *argument, const char **consumer,
                 const char **problem)
{
    const char *colon = strchr(argument, ':');
    if (!colon)
        return false;
    *consumer = arena_strndup(s->arena, argument, (size_t)(colon - argument));
    *problem = colon + 1;
    return true;
}

enum problem show_cause(struct scope *s, const struct errand *errand)
{
    struct result r;
    const char *consumer, *problem;
    if (!split_cause(s, errand->argument, &consumer, &problem))
        return scope_fail(s, PROBLEM_MALFORMED, "a cause is CONSUMER:PROBLEM");
    TRY(DB_RUN(s, &sql_parked_of_cause, &r, param_text(consumer), param_text(problem)));
    for (int i = 0; i < r.count; i++)
        buffer_printf(errand->out, "%s  %s  %s  tries %s  %s\n", result_text(&r, i, "id"),
                      time_of(s, &r, i, "parked_at"), result_text(&r, i, "type"),
                      result_text(&r, i, "attempts"), text_or(result_text(&r, i, "detail"), ""));
    return OK;
}

static enum problem add_acts(struct scope *s, struct buffer *out, const char *id)
{
    struct result r;
    TRY(DB_RUN(s, &sql_acts_list, &r, param_text(id), param_integer(s, LATEST_ACTS)));
    for (int i = 0; i < r.count; i++) {
        buffer_printf(out, "%s  %-8s %s  by %s: %s\n    %s", time_of(s, &r, i, "asked_at"),
                      result_text(&r, i, "act"),
                      text_or(result_text(&r, i, "consumer"), text_or(result_text(&r, i, "target"), "")),
                      result_text(&r, i, "who"),
                      text_or(operator_why(s, &r, i), "(can not be opened)"),
                      text_or(result_text(&r, i, "outcome"), "not done yet"));
        if (result_text(&r, i, "detail"))
            buffer_printf(out, " (%s)", result_text(&r, i, "detail"));
        buffer_printf(out, "  says %s  then %s\n", result_text(&r, i, "says"),
                      result_text(&r, i, "then_types"));
    }
    return OK;
}

static enum problem add_log(struct scope *s, struct buffer *out, const char *case_id)
{
    struct result r;
    TRY(DB_RUN(s, &sql_case_log, &r, param_text(case_id)));
    for (int i = 0; i < r.count; i++)
        buffer_printf(out, "  %4s  %s  %s\n", result_text(&r, i, "case_seq"),
                      time_of(s, &r, i, "occurred_at"), result_text(&r, i, "type"));
    return OK;
}

static enum problem add_case(struct scope *s, const struct errand *errand, const struct result *r)
{
    const char *case_id = result_text(r, 0, "case_id"),
               *municipality = result_text(r, 0, "municipality");
    if (!case_id)
        return OK;
    if (municipality)
        access_note(s, &(struct access){ ACCESS_READ, ACCESS_OF_PARKED, municipality, case_id });
    buffer_printf(errand->out, "case %s (%s), number %s; this worker has handled up to %s\n",
                  text_or(result_text(r, 0, "reference"), case_id),
                  text_or(result_text(r, 0, "status"), "no such case"),
                  result_text(r, 0, "case_seq"), text_or(result_text(r, 0, "mark"), "0"));
    return add_log(s, errand->out, case_id);
}

enum problem show_parked(struct scope *s, const struct errand *errand)
{
    struct result r;
    TRY(DB_RUN(s, &sql_parked_show, &r, param_text(errand->argument)));
    if (r.count == 0)
        return scope_fail(s, PROBLEM_NOT_FOUND, "no such event was parked");
    const char *problem = result_text(&r, 0, "problem");
    buffer_printf(errand->out, "%s  %s\n%s: %s\n%s\ntries %s, parked %s, %s\n",
                  result_text(&r, 0, "consumer"), result_text(&r, 0, "type"), problem,
                  problem_title(problem_by_name(problem)),
                  text_or(result_text(&r, 0, "detail"), ""), result_text(&r, 0, "attempts"),
                  time_of(s, &r, 0, "parked_at"), text_or(result_text(&r, 0, "closed_how"), "open"));
    TRY(add_case(s, errand, &r));
    return add_acts(s, errand->out, errand->argument);
}

enum problem show_clients(struct scope *s, const struct errand *errand)
{
    struct result r;
    TRY(db_run(s, &sql_clients_all, &r, NULL, 0));
    for (int i = 0; i < r.count; i++)
        buffer_printf(errand->out, "%s  %s  for %s\n", result_text(&r, i, "organisation"),
                      result_text(&r, i, "name"), result_text(&r, i, "municipalities"));
    if (r.count == 0)
        buffer_text(errand->out, "no other system may come\n");
    return OK;
}

enum problem show_all_acts(struct scope *s, const struct errand *errand)
{
    return add_acts(s, errand->out, NULL);
}

enum problem show_status(struct scope *s, const struct errand *errand)
{
    struct result r;
    TRY(DB_RUN(s, &sql_programs_look, &r, param_time(s, s->now - SILENT_US)));
    for (int i = 0; i < r.count; i++)
        buffer_printf(errand->out, "%-12s %-24s %s  lag %s events, %s s\n",
                      result_text(&r, i, "program"), result_text(&r, i, "instance"),
                      !result_flag(&r, i, "beats")  ? "no heartbeat"
                      : result_flag(&r, i, "ready") ? "ready"
                                                    : text_or(result_text(&r, i, "why_not"), "not ready"),
                      text_or(result_text(&r, i, "lag_events"), "-"),
                      text_or(result_text(&r, i, "lag_seconds"), "-"));
    TRY(db_run(s, &sql_unsent_look, &r, NULL, 0));
    buffer_printf(errand->out, "unsent = %s\n", result_text(&r, 0, "unsent"));
    TRY(DB_RUN(s, &sql_silent_count, &r, param_time(s, s->now)));
    buffer_printf(errand->out, "silent = %s\n", result_text(&r, 0, "silent"));
    return show_causes(s, errand);
}
