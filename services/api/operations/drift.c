/* SPDX-License-Identifier: EUPL-1.2 */
/* How it is with the programs: the operators' page, and readiness for all of them. */
#include <string.h>

#include "common/db/run.h"
#include "common/operator/queries.h"
#include "common/start/answer.h"
#include "common/time/calendar.h"
#include "common/who/tenants.h"
#include "services/api/operations/queries.h"
#include "services/api/operations/throughput.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"

static const char *const programs[] = {
#define PROGRAM(name, letter, port, summary) #name,
#define COMMAND(name, letter, summary)
#include "common/program/programs.def"
#undef PROGRAM
#undef COMMAND
};
enum { PROGRAMS = sizeof(programs) / sizeof(*programs), SILENT_US = 5 * 1000000 };

struct pulse {
    bool ready;
    const char *why; /* it is not, or what is to be known of it all the same; or NULL */
    int64_t lag_events, lag_seconds;
    bool has_lag;
};

static enum problem load_pulses(struct scope *s, struct pulse *out)
{
    struct result r;
    int64_t since = s->now - SILENT_US;
    TRY(DB_RUN(s, &sql_programs_ready, &r, param_list(s, programs, PROGRAMS), param_time(s, since)));
    for (int i = 0; i < PROGRAMS; i++)
        out[i] = (struct pulse){ .why = "no heartbeat" };
    for (int k = 0; k < r.count; k++)
        for (int i = 0; i < PROGRAMS; i++) {
            if (strcmp(programs[i], result_text(&r, k, "program")) != 0)
                continue;
            bool ready = result_flag(&r, k, "ready");
            const char *why = result_text(&r, k, "why_not");
            out[i] = (struct pulse){ .ready = ready,
                                     .why = ready || why ? why : "no heartbeat",
                                     .lag_events = result_integer(&r, k, "lag_events"),
                                     .lag_seconds = result_integer(&r, k, "lag_seconds"),
                                     .has_lag = !result_null(&r, k, "lag_events") };
        }
    return OK;
}

/* Whoever asks is a machine: whatever is away is named, the database as well. */
enum problem ready_show(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    struct pulse pulses[PROGRAMS];
    json_t *not_ready = json_object(), *remarks = json_object();
    enum problem p = api_staff(s);
    if (!p)
        p = load_pulses(s, pulses);
    if (p)
        json_object_set_new(not_ready, "database", json_string(s->detail ? s->detail : problem_title(p)));
    for (int i = 0; i < PROGRAMS && !p; i++)
        if (!pulses[i].ready || pulses[i].why)
            json_object_set_new(pulses[i].ready ? remarks : not_ready, programs[i], json_string(pulses[i].why));
    bool ready = json_object_size(not_ready) == 0;
    reply->http.status = ready ? 200 : 503;
    json_t *view = json_pack("{s: b, s: o}", "ready", ready, "not_ready", not_ready);
    if (json_object_size(remarks))
        json_object_set(view, "remarks", remarks);
    json_decref(remarks);
    api_json(s, view, &reply->http);
    return OK;
}

static const char *age_words(struct scope *s, int64_t instant)
{
    return instant ? span_words(s, (s->now - instant) / SECOND_US) : "–";
}

static const char *state_words(struct scope *s, const struct pulse *p)
{
    if (!p->ready)
        return p->why;
    return arena_printf(s->arena, "%s%s%s", text_of("drift_ready"), p->why ? ": " : "", p->why ? p->why : "");
}

static json_t *pulses_view(struct scope *s, const struct pulse *pulses)
{
    json_t *rows = json_array();
    for (int i = 0; i < PROGRAMS; i++) {
        const struct pulse *p = &pulses[i];
        const char *lag = p->has_lag ? arena_printf(s->arena, "%lld", (long long)p->lag_events) : "–";
        const char *age = p->has_lag ? arena_printf(s->arena, "%lld", (long long)p->lag_seconds) : "–";
        json_array_append_new(
            rows, json_pack("{s: s, s: s, s: s, s: s, s: s}", "program", programs[i], "state",
                            state_words(s, p), "mood",
                            p->ready ? "good" : "bad", "lag_events", lag, "lag_seconds", age));
    }
    return rows;
}

static enum problem parked_view(struct scope *s, json_t **rows, int64_t *total)
{
    struct result r;
    TRY(db_run(s, &sql_drift_parked, &r, NULL, 0));
    *rows = json_array();
    *total = 0;
    for (int i = 0; i < r.count; i++) {
        const char *cause = result_text(&r, i, "problem");
        *total += result_integer(&r, i, "parked");
        json_array_append_new(
            *rows, json_pack("{s: s, s: s, s: s, s: I, s: s}", "consumer",
                             result_text(&r, i, "consumer"), "cause", cause, "because",
                             coded_text("parked_because_", cause), "count",
                             (json_int_t)result_integer(&r, i, "parked"), "since",
                             moment_words(s->arena, result_time(&r, i, "since"))));
    }
    return OK;
}

static enum problem ticks_view(struct scope *s, json_t **rows)
{
    struct result r;
    TRY(db_run(s, &sql_drift_ticks, &r, NULL, 0));
    *rows = json_array();
    for (int i = 0; i < r.count; i++)
        json_array_append_new(*rows, json_pack("{s: s, s: s}", "tick", result_text(&r, i, "tick"),
                                               "when",
                                               moment_words(s->arena, result_time(&r, i, "succeeded_at"))));
    return OK;
}

/* "2 frister er brutt."; NULL if none is: of cases that go on, in the municipality of who asks. */
static const char *late_words(struct scope *s, int64_t missed)
{
    if (missed < 2)
        return missed ? text_of("drift_late_one") : NULL;
    return arena_printf(s->arena, "%lld %s", (long long)missed, text_of("drift_late_many"));
}

/* Work, not messages: what nobody would otherwise be told of. */
static enum problem work_view(struct scope *s, json_t *view, bool *good)
{
    struct result silent, alarms;
    json_t *throughput;
    TRY(DB_RUN(s, &sql_silent_count, &silent, param_time(s, s->now)));
    TRY(db_run(s, &sql_alarms_look, &alarms, NULL, 0));
    TRY(throughput_view(s, &throughput));
    int64_t count = result_integer(&silent, 0, "silent"), missed = result_integer(&alarms, 0, "missed");
    json_object_set_new(view, "throughput", throughput);
    json_object_set_new(view, "silent", json_integer(count));
    json_object_set_new(view, "missed", json_integer(missed));
    json_object_set_new(view, "late", text_or_null(late_words(s, missed)));
    json_object_set_new(view, "missed_oldest",
                        json_string(age_words(s, result_time(&alarms, 0, "oldest"))));
    *good = *good && count == 0 && missed == 0;
    return OK;
}

enum problem drift_show(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    struct pulse pulses[PROGRAMS];
    struct result unsent, newest;
    json_t *parked, *ticks;
    int64_t parked_total;
    bool good = true;
    TRY(load_pulses(s, pulses));
    TRY(db_run(s, &sql_unsent_look, &unsent, NULL, 0));
    TRY(db_run(s, &sql_drift_newest, &newest, NULL, 0));
    TRY(parked_view(s, &parked, &parked_total));
    TRY(ticks_view(s, &ticks));
    for (int i = 0; i < PROGRAMS; i++)
        good = good && pulses[i].ready;
    good = good && parked_total == 0;
    json_t *work = json_object();
    TRY(work_view(s, work, &good));
    int64_t at = result_time(&newest, 0, "at");
    json_t *view = json_pack(
        "{s: s, s: s, s: I, s: s, s: I, s: s, s: s, s: o, s: o, s: o, s: b}", "mood",
        good ? "good" : "bad", "verdict", text_of(good ? "drift_good" : "drift_bad"),
        "unsent", (json_int_t)result_integer(&unsent, 0, "events"), "oldest",
        age_words(s, result_time(&unsent, 0, "oldest")), "parked_total",
        (json_int_t)parked_total, "newest_age", age_words(s, at), "newest",
        at ? moment_words(s->arena, at) : "–", "programs", pulses_view(s, pulses), "parked",
        parked, "ticks", ticks, "refresh", 1);
    json_object_update(view, work);
    json_decref(work);
    return page_render(s, "drift", "drift_title", "drift.js", view, &reply->http);
}
