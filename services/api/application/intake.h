/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_APPLICATION_INTAKE_H
#define SERVICES_API_APPLICATION_INTAKE_H
/*
 * Shared commits: applications that arrive while a commit is under way share the next one. The
 * first to wait commits for all that wait and hands over; nobody waits for a batch to fill, so a
 * lone application is as fast as without sharing. See performance.md 1.
 */
#include "common/case/people.h"
#include "common/who/access.h"

struct arena;
struct pool;

/* What one accepted application writes. All of it is made before it is sent: running it again with
 * the same ids after an unknown outcome finds its own key. Borrowed from the caller's scope. */
struct intake_row {
    const char *client, *key; /* the Idempotency-Key and whose it is */
    struct bytes request_hash;
    bool once; /* the same request of that client within the hour is not taken in */
    const char *answer, *location;
    const char *application_id, *case_id, *document_id;
    const char *municipality, *reference;
    struct bytes sealed;
    struct participant people[PARTICIPANTS_MOST];
    size_t people_count;
    const char *channel, *language, *submitter_role;
    const char *services; /* as an array literal */
    const char *urgency;
    bool in_hospital, has_what_matters;
    const char *household;
    struct instant received_at;
    const char *event;
    const char *traceparent;
    struct access_row access; /* of the case: municipality, case and time are the row's own */
};

/* Threads that may be inside at once: as many as a commit takes rows, so that nothing is slower for it. */
enum { INTAKE_WAITING = 64 };

struct intake;

struct intake *intake_new(struct arena *a, struct pool *pool);
void intake_free(struct intake *intake);

/* Durable when it returns OK; *fresh is false if the key was there before, or what is
 * taken once, and nothing was written.
 * Blocks until its batch is committed or the scope's time is up; a batch that fails is taken one by one, so the problem
 * is the row's own, but for an outage, which is everybody's. PROBLEM_UNAVAILABLE: the outcome may be unknown, call again
 * with the same key. */
enum problem intake_commit(struct scope *s, struct intake *intake, const struct intake_row *row,
                           bool *fresh);

#endif
