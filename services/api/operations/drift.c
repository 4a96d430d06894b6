/* SPDX-License-Identifier: EUPL-1.2 */
/* How it is with the programs: the operators' page, and readiness for all of them. */
#include <string.h>

#include "common/db/row.h"
#include "common/operator/queries.h"
#include "common/start/answer.h"
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

struct program_row {
    const char *program, *state, *mood;
    const char *lag_events, *lag_seconds; /* a dash where there is none */
};

static const struct field program_fields[] = {
    FIELD(struct program_row, program),
    FIELD(struct program_row, state),
    FIELD(struct program_row, mood),
    FIELD(struct program_row, lag_events),
    FIELD(struct program_row, lag_seconds),
    { 0 },
};
static const struct record program_record = RECORD("program_row", struct program_row, program_fields);

struct cause_row {
    const char *consumer, *problem, *because;
    int64_t parked;
    struct instant since;
};

static const struct field cause_fields[] = {
    FIELD(struct cause_row, consumer),
    FIELD(struct cause_row, problem),
    FIELD(struct cause_row, because, .flags = MADE, .words = "parked_because_"),
    FIELD(struct cause_row, parked),
    FIELD(struct cause_row, since),
    { 0 },
};
static const struct record cause_record = RECORD("cause_row", struct cause_row, cause_fields);

struct tick_row {
    const char *tick;
    struct instant succeeded_at;
};

static const struct field tick_fields[] = {
    FIELD(struct tick_row, tick),
    FIELD(struct tick_row, succeeded_at),
    { 0 },
};
static const struct record tick_record = RECORD("tick_row", struct tick_row, tick_fields);

struct drift {
    const char *mood, *verdict;
    const char *late; /* NULL if nothing is */
    int64_t unsent, parked_total, silent, missed;
    const char *oldest, *missed_oldest, *newest_age, *newest;
    struct throughput *throughput;
    struct list programs, parked, ticks;
    bool refresh;
};

static const struct field drift_fields[] = {
    FIELD(struct drift, mood),
    FIELD(struct drift, verdict),
    FIELD(struct drift, late),
    FIELD(struct drift, unsent),
    FIELD(struct drift, parked_total),
    FIELD(struct drift, silent),
    FIELD(struct drift, missed),
    FIELD(struct drift, oldest),
    FIELD(struct drift, missed_oldest),
    FIELD(struct drift, newest_age),
    FIELD(struct drift, newest),
    NESTED_FIELD(struct drift, throughput, &throughput_record),
    LIST_FIELD(struct drift, programs, &program_record),
    LIST_FIELD(struct drift, parked, &cause_record),
    LIST_FIELD(struct drift, ticks, &tick_record),
    FIELD(struct drift, refresh),
    { 0 },
};
static const struct record drift_record = RECORD("drift", struct drift, drift_fields);

static const char *lag_words(struct scope *s, const struct pulse *p, int64_t lag)
{
    return p->has_lag ? arena_printf(s->arena, "%lld", (long long)lag) : "–";
}

static struct list programs_of(struct scope *s, const struct pulse *pulses)
{
    struct program_row *rows = arena_array(s->arena, PROGRAMS, sizeof(*rows));
    for (int i = 0; i < PROGRAMS; i++)
        rows[i] = (struct program_row){
            .program = programs[i], .state = state_words(s, &pulses[i]),
            .mood = pulses[i].ready ? "good" : "bad",
            .lag_events = lag_words(s, &pulses[i], pulses[i].lag_events),
            .lag_seconds = lag_words(s, &pulses[i], pulses[i].lag_seconds),
        };
    return (struct list){ rows, PROGRAMS };
}

static enum problem load_parked(struct scope *s, struct drift *drift)
{
    struct result r;
    TRY(db_run(s, &sql_drift_parked, &r, NULL, 0));
    struct cause_row *rows = arena_array(s->arena, (size_t)r.count, sizeof(*rows));
    TRY(records_into(s, &cause_record, &r, rows));
    drift->parked = (struct list){ rows, (size_t)r.count };
    for (int i = 0; i < r.count; i++) {
        rows[i].because = rows[i].problem;
        drift->parked_total += rows[i].parked;
    }
    return OK;
}

static enum problem load_ticks(struct scope *s, struct drift *drift)
{
    struct result r;
    TRY(db_run(s, &sql_drift_ticks, &r, NULL, 0));
    return records_from_result(s, &tick_record, &r, &drift->ticks);
}

/* "2 frister er brutt."; NULL if none is: of cases that go on, in the municipality of who asks. */
static const char *late_words(struct scope *s, int64_t missed)
{
    if (missed < 2)
        return missed ? text_of("drift_late_one") : NULL;
    return arena_printf(s->arena, "%lld %s", (long long)missed, text_of("drift_late_many"));
}

/* Work, not messages: what nobody would otherwise be told of. */
static enum problem load_work(struct scope *s, struct drift *drift)
{
    struct result silent, alarms;
    TRY(DB_RUN(s, &sql_silent_count, &silent, param_time(s, s->now)));
    TRY(db_run(s, &sql_alarms_look, &alarms, NULL, 0));
    drift->throughput = ARENA_NEW(s->arena, struct throughput);
    TRY(throughput_load(s, drift->throughput));
    drift->silent = result_integer(&silent, 0, "silent");
    drift->missed = result_integer(&alarms, 0, "missed");
    drift->late = late_words(s, drift->missed);
    drift->missed_oldest = age_words(s, result_time(&alarms, 0, "oldest"));
    return OK;
}

/* The log: what has not gone out, and its last. */
static enum problem load_log(struct scope *s, struct drift *drift)
{
    struct result unsent, newest;
    TRY(db_run(s, &sql_unsent_look, &unsent, NULL, 0));
    TRY(db_run(s, &sql_drift_newest, &newest, NULL, 0));
    int64_t at = result_time(&newest, 0, "at");
    drift->unsent = result_integer(&unsent, 0, "events");
    drift->oldest = age_words(s, result_time(&unsent, 0, "oldest"));
    drift->newest_age = age_words(s, at);
    drift->newest = at ? moment_words(s->arena, at) : "–";
    return OK;
}

enum problem drift_show(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    struct pulse pulses[PROGRAMS];
    struct drift drift = { .refresh = true };
    TRY(load_pulses(s, pulses));
    TRY(load_log(s, &drift));
    TRY(load_parked(s, &drift));
    TRY(load_ticks(s, &drift));
    TRY(load_work(s, &drift));
    bool good = drift.parked_total == 0 && drift.silent == 0 && drift.missed == 0;
    for (int i = 0; i < PROGRAMS; i++)
        good = good && pulses[i].ready;
    drift.programs = programs_of(s, pulses);
    drift.mood = good ? "good" : "bad";
    drift.verdict = text_of(good ? "drift_good" : "drift_bad");
    return page_show(s, "drift", "drift_title", "drift.js", &drift_record, &drift, &reply->http);
}
