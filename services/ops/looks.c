/* SPDX-License-Identifier: EUPL-1.2 */
/* What operators look at, in words. */
#include "services/ops/looks.h"

#include <string.h>

#include "common/operator/parked.h"
#include "common/operator/queries.h"
#include "common/who/access.h"
#include "services/ops/queries.h"

enum { SILENT_US = 5 * 1000000, LATEST_ACTS = 50 };

static const char *time_of(struct scope *s, struct instant at)
{
    return at.us ? instant_rfc3339(s->arena, at.us) : "-";
}

static const char *text_or(const char *text, const char *other)
{
    return text ? text : other;
}

enum problem show_causes(struct scope *s, const struct errand *errand)
{
    struct list causes;
    TRY(causes_load(s, &causes));
    for (size_t i = 0; i < causes.count; i++) {
        const struct cause_view *cause = (const struct cause_view *)causes.items + i;
        buffer_printf(errand->out, "%6lld  %s:%s  since %s  %s\n", (long long)cause->parked,
                      cause->consumer, cause->problem, time_of(s, cause->since), cause->title);
    }
    if (causes.count == 0)
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
    struct list list;
    const char *consumer, *problem;
    if (!split_cause(s, errand->argument, &consumer, &problem))
        return scope_fail(s, PROBLEM_MALFORMED, "a cause is CONSUMER:PROBLEM");
    TRY(parked_of_cause(s, consumer, problem, &list));
    for (size_t i = 0; i < list.count; i++) {
        const struct parked_view *parked = (const struct parked_view *)list.items + i;
        buffer_printf(errand->out, "%s  %s  %s  tries %lld  %s\n", parked->parked_id,
                      time_of(s, parked->parked_at), parked->type, (long long)parked->attempts,
                      text_or(parked->detail, ""));
    }
    return OK;
}

static const char *braced(struct scope *s, struct texts words)
{
    struct buffer b = buffer_new(s->arena);
    for (size_t i = 0; i < words.count; i++)
        buffer_printf(&b, "%c%s", i ? ',' : '{', words.items[i]);
    buffer_text(&b, words.count ? "}" : "{}");
    return b.text;
}

static void add_acts(struct scope *s, struct buffer *out, struct list list)
{
    for (size_t i = 0; i < list.count; i++) {
        const struct act_view *act = (const struct act_view *)list.items + i;
        buffer_printf(out, "%s  %-8s %s  by %s: %s\n    %s", time_of(s, act->asked_at), act->act,
                      text_or(act->consumer, text_or(act->target, "")), act->who,
                      text_or(act->why, "(can not be opened)"), text_or(act->outcome, "not done yet"));
        if (act->detail)
            buffer_printf(out, " (%s)", act->detail);
        buffer_printf(out, "  says %s  then %s\n", braced(s, act->says), braced(s, act->then_types));
    }
}

static void add_case(struct scope *s, struct buffer *out, const struct parked_view *parked)
{
    if (!parked->case_id)
        return;
    if (parked->municipality)
        access_note(s, &(struct access){ ACCESS_READ, ACCESS_OF_PARKED, parked->municipality, parked->case_id });
    buffer_printf(out, "case %s (%s), number %lld; this worker has handled up to %lld\n",
                  text_or(parked->reference, parked->case_id), text_or(parked->status, "no such case"),
                  (long long)parked->case_seq.value, (long long)parked->mark.value);
    for (size_t i = 0; i < parked->events.count; i++) {
        const struct logged_view *event = (const struct logged_view *)parked->events.items + i;
        buffer_printf(out, "  %4lld  %s  %s\n", (long long)event->case_seq, time_of(s, event->at), event->type);
    }
}

enum problem show_parked(struct scope *s, const struct errand *errand)
{
    struct parked_view parked;
    TRY(parked_load(s, errand->argument, &parked));
    buffer_printf(errand->out, "%s  %s\n%s: %s\n%s\ntries %lld, parked %s, %s\n", parked.consumer,
                  parked.type, parked.problem, parked.title, text_or(parked.detail, ""),
                  (long long)parked.attempts, time_of(s, parked.parked_at), text_or(parked.closed_how, "open"));
    add_case(s, errand->out, &parked);
    add_acts(s, errand->out, parked.acts);
    return OK;
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
    struct list list;
    TRY(acts_load(s, NULL, LATEST_ACTS, &list));
    add_acts(s, errand->out, list);
    return OK;
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
    TRY(db_run(s, &sql_unsent_count, &r, NULL, 0));
    buffer_printf(errand->out, "unsent = %s\n", result_text(&r, 0, "unsent"));
    TRY(DB_RUN(s, &sql_silent_count, &r, param_time(s, s->now)));
    buffer_printf(errand->out, "silent = %s\n", result_text(&r, 0, "silent"));
    return show_causes(s, errand);
}
