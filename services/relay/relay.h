/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_RELAY_RELAY_H
#define SERVICES_RELAY_RELAY_H
/* The two halves of the relay: the log's side (unsent.c) and Kafka's side (feed.c). */
#include "common/event/event.h"

struct trouble;

/* One unsent event and what became of it. */
enum fate { UNKNOWN, DELIVERED, FAILED };
struct unsent {
    int64_t position;
    struct event event;
    const char *source;
    enum fate fate;
};
struct batch {
    struct unsent *items;
    size_t count;
};

/* True if this relay is the active one now; *epoch is then its fence. */
enum problem unsent_lead(struct scope *s, bool *leads, int64_t *epoch);
/* The oldest unsent events, at most 1000, in position order. */
enum problem unsent_read(struct scope *s, struct batch *out);
/* Deletes what was delivered up to the first that was not: the rest is read and sent again, so
 * that order within a case holds on Kafka too. */
enum problem unsent_delete(struct scope *s, const struct batch *batch, int64_t epoch);
/* How many there are and how old the oldest is, into the metrics. */
enum problem unsent_measure(struct scope *s);

struct feed;

/* Makes the topic if it is missing; PROBLEM_UNAVAILABLE while Kafka does not answer, or says no. */
enum problem feed_make_topic(struct scope *s, struct trouble *trouble);
/* NULL with the scope's detail set if the settings are refused. *most is how many bytes of data Kafka takes
 * in one record: lowered when it refuses some, and what has more is told without its data. */
struct feed *feed_new(struct program *program, struct scope *s, size_t *most);
void feed_free(struct feed *feed);
/* Hands all to the producer. The items must stay until feed_settle or feed_free. */
void feed_send(struct scope *s, struct feed *feed, struct batch *batch);
/* Serves delivery reports for at most timeout_ms; true when every item has its fate. */
bool feed_settle(struct feed *feed, const struct batch *batch, int timeout_ms);
/* A report failed or the producer is fatal: it must be made anew; *why names the cause. */
bool feed_is_broken(const struct feed *feed, const char **why);
/* Why sending again will not help until somebody sets something right, or NULL. */
const char *feed_refusal(const struct feed *feed);

/* How far the slow comparison of the whole log has come: a case id. */
#define SWEEP_START "00000000-0000-0000-0000-000000000000"
struct sweep {
    char upto[40];
};
/* Tick, in a transaction: sends again what workers that have read all have not handled after 60 s. */
enum problem reconcile(struct scope *s, struct sweep *sweep);

/* --replay-from all|TIME|CASE_ID */
int replay(struct program *program, const char *from);

#endif
