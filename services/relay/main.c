/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * relay: feeds Kafka from the event log.
 *
 *      consumes    unsent
 *      says        every event, onto Kafka, each case in order
 *      writes      its epoch; deletes what is sent
 *
 * One is active, by an advisory lock that lives as long as its connection; others stand by.
 */
#include "common/base/crash.h"
#include "common/db/open.h"
#include "common/db/transact.h"
#include "common/db/wire.h"
#include "common/kafka/trouble.h"
#include "common/program/program.h"
#include "common/start/start.h"
#include "common/time/clock.h"
#include "common/worker/queries.h"
#include "services/relay/queries.h"
#include "services/relay/relay.h"

enum {
    IDLE_MS = 20,     /* between two empty reads */
    STANDBY_MS = 500, /* between two tries for the lock */
    AWAY_MS = 500,    /* after an outage */
    REPORT_MS = 200,  /* a slice of waiting for Kafka's reports */
    SILENT_MS = 3000, /* without a report for so long, Kafka is away */
    MEASURE_MS = 1000,
    RECONCILE_MS = 10000,
};

struct relay {
    struct program *program;
    struct db *db;
    struct feed *feed;
    struct batch batch; /* in the scope, under way */
    int64_t epoch;
    bool leads;
    bool has_topic;
    bool knows_consumers;
    int64_t sent_at;     /* steady ms, when the batch went out */
    int64_t measured_at; /* steady ms */
    int64_t reconciled_at;
    struct sweep sweep;
    struct trouble trouble; /* of asking for the topic */
    size_t most;            /* bytes of data in one record */
};

static enum problem become_leader(struct scope *s, struct relay *relay)
{
    TRY(unsent_lead(s, &relay->leads, &relay->epoch));
    if (relay->leads)
        LOG_WRITE(s->program->log, s->now, LOG_LEVEL_INFO, "this relay is the active one");
    else
        health_say(relay->program->health, NULL); /* the active one is ready when Kafka is */
    return OK;
}

/* Whom it may have to send something again. */
static enum problem know_consumers(struct scope *s, struct relay *relay)
{
    struct result r;
    if (relay->knows_consumers)
        return OK;
    TRY(db_run(s, &sql_consumers_known, &r, NULL, 0));
    for (int i = 0; i < r.count; i++)
        metric_start(s->program->metrics, METRIC_RECONCILED, LABELS(result_text(&r, i, "consumer")));
    relay->knows_consumers = r.count > 0;
    return OK;
}

/* In a scope of its own: the batch's scope may stay open through a long outage of Kafka. */
static enum problem measure(struct scope *s, struct relay *relay)
{
    if (clock_steady_ms() - relay->measured_at < MEASURE_MS)
        return OK;
    relay->measured_at = clock_steady_ms();
    struct scope own = scope_open(relay->program);
    own.db = relay->db;
    enum problem p = unsent_measure(&own);
    if (p && own.detail)
        scope_fail(s, p, "%s", own.detail);
    scope_close(&own);
    return p;
}

static enum problem reconcile_all(struct scope *s, void *context)
{
    struct relay *relay = context;
    TRY(reconcile(s, &relay->sweep));
    return DB_RUN(s, &sql_tick_succeeded, NULL, param_text("reconciler"), param_time(s, s->now));
}

/* On a connection of the pool: it wants other plans than the relay's own. A failure is told, and the
 * next turn comes. */
static void reconcile_sometimes(struct relay *relay)
{
    if (clock_steady_ms() - relay->reconciled_at < RECONCILE_MS)
        return;
    relay->reconciled_at = clock_steady_ms();
    struct scope s = scope_open(relay->program);
    enum problem p = program_transact(relay->program, &s, reconcile_all, relay);
    if (!p)
        metric_set(s.program->metrics, METRIC_TICK_SUCCESS, LABELS("reconciler"),
                   (double)s.now / (double)SECOND_US);
    else
        LOG_WRITE(s.program->log, s.now, LOG_LEVEL_WARN, "a tick failed", { LOG_TICK, "reconciler" },
                  { LOG_PROBLEM, problem_name(p) }, { LOG_DETAIL, s.detail });
    scope_close(&s);
}

static void drop_feed(struct relay *relay)
{
    feed_free(relay->feed);
    relay->feed = NULL;
    relay->has_topic = false; /* it may be the topic that is gone */
}

/* Reports are in, or the producer is broken: delete what arrived and go on with the next. */
static enum problem finish_batch(struct scope *s, struct relay *relay)
{
    TRY(unsent_delete(s, &relay->batch, relay->epoch));
    const char *why, *refusal = feed_refusal(relay->feed);
    if (feed_is_broken(relay->feed, &why)) {
        LOG_WRITE(s->program->log, s->now, LOG_LEVEL_WARN, "the producer is made anew",
                  { LOG_DETAIL, why });
        metric_add(s->program->metrics, METRIC_RELAY_FATAL, LABELS(NULL), 1);
        drop_feed(relay);
        crash_point("relay.producer-recreated");
        if (refusal)
            return scope_fail(s, PROBLEM_UNAVAILABLE, "%s", refusal);
    }
    relay->batch = (struct batch){ 0 };
    health_say(relay->program->health, NULL);
    return OK;
}

static enum problem next_batch(struct scope *s, struct relay *relay)
{
    TRY(unsent_read(s, &relay->batch));
    if (relay->batch.count == 0)
        return OK;
    feed_send(s, relay->feed, &relay->batch);
    relay->sent_at = clock_steady_ms();
    return OK;
}

/* One step; *wait_ms is how long to rest after it. The scope is kept while a batch is under way. */
static enum problem step(struct scope *s, struct relay *relay, int *wait_ms)
{
    relay->leads = relay->leads && db_is_open(relay->db); /* the lock goes with its connection */
    TRY(db_open(s, relay->db));
    s->db = relay->db;
    *wait_ms = STANDBY_MS;
    TRY(know_consumers(s, relay));
    if (!relay->leads)
        TRY(become_leader(s, relay));
    TRY(measure(s, relay));
    if (!relay->leads)
        return OK;
    if (!relay->has_topic)
        TRY(feed_make_topic(s, &relay->trouble));
    relay->has_topic = true;
    trouble_over(&relay->trouble);
    if (!relay->feed && !(relay->feed = feed_new(relay->program, s, &relay->most)))
        return PROBLEM_BUG;
    *wait_ms = 0;
    if (relay->batch.count == 0) {
        reconcile_sometimes(relay);
        TRY(next_batch(s, relay));
        if (relay->batch.count)
            return OK;
        health_say(relay->program->health, NULL);
        *wait_ms = IDLE_MS;
        return OK;
    }
    if (feed_settle(relay->feed, &relay->batch, REPORT_MS))
        return finish_batch(s, relay);
    if (clock_steady_ms() - relay->sent_at > SILENT_MS)
        health_say(relay->program->health,
                   feed_refusal(relay->feed) ? feed_refusal(relay->feed) : "Kafka does not answer");
    return OK;
}

/* Back to a known state: what is not deleted is read and sent again. */
static void start_over(struct scope *s, struct relay *relay, enum problem p)
{
    LOG_WRITE(s->program->log, s->now, LOG_LEVEL_WARN, "starting over", { LOG_PROBLEM, problem_name(p) },
              { LOG_DETAIL, s->detail });
    health_say(relay->program->health, s->detail ? s->detail : problem_title(p));
    drop_feed(relay);
    relay->batch = (struct batch){ 0 };
    if (p != PROBLEM_UNAVAILABLE || !db_is_open(relay->db))
        relay->leads = false; /* the lock went with the connection, or another has taken over */
    if (!relay->leads && db_is_open(relay->db)) {
        db_free(relay->db);
        relay->db = NULL;
    }
}

static void start_metrics(struct metrics *m)
{
    metric_start(m, METRIC_UNSENT_EVENTS, LABELS(NULL));
    metric_start(m, METRIC_UNSENT_OLDEST, LABELS(NULL));
    metric_start(m, METRIC_RELAY_FATAL, LABELS(NULL));
    metric_start(m, METRIC_TICK_SUCCESS, LABELS("reconciler"));
}

static int run(struct program *program, const void *context)
{
    (void)context;
    const struct db_options options = { .url = program->settings.database_url,
                                        .role = "tillit_relay",
                                        .session = db_steady_plans };
    struct relay relay = { .program = program, .sweep = { SWEEP_START }, .most = SIZE_MAX };
    struct scope s = scope_open(program);
    int wait_ms = 0;
    start_metrics(program->metrics);
    while (!program_stopping(program, wait_ms)) {
        health_alive(program->health);
        if (relay.batch.count == 0)
            scope_reset(&s);
        s.now = clock_now(program->clock);
        if (!relay.db)
            relay.db = db_new(&options);
        enum problem p = step(&s, &relay, &wait_ms);
        s.db = NULL;
        if (p) {
            start_over(&s, &relay, p);
            wait_ms = AWAY_MS;
        }
    }
    crash_point("relay.flush-at-exit");
    drop_feed(&relay);
    db_free(relay.db);
    scope_close(&s);
    return 0;
}

static const struct program_flag flags[] = {
    { "--replay-from", "all|TIME|CASE_ID", "sends the log, or a part of it, to Kafka once more",
      replay, false, false },
    { 0 },
};

int main(int argc, char **argv)
{
    return program_main(
        &(struct program_options){
            .name = "relay",
            .flags = flags,
            .body = run,
        },
        argc, argv);
}
