/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PROGRAM_HEALTH_H
#define COMMON_PROGRAM_HEALTH_H
/* What a program says about itself, between its loop, its heartbeat and its listener. */
#include <stdbool.h>
#include <stdint.h>

struct arena;
struct health;

/* Not ready ("starting") until the loop says so. Allocated in the arena. */
struct health *health_new(struct arena *a);

void health_say(struct health *health, const char *why);
/* What is to be known of a program that is ready; NULL = nothing. Not said while it is not. */
void health_remark(struct health *health, const char *remark);
void health_alive(struct health *health);
void health_lag(struct health *health, int64_t events, int64_t seconds);

/* A heartbeat came through (NULL), or why it did not. From the first call on, who is ready is so only while
 * one came through within the last HEALTH_BEAT_MS: nothing else says that the next piece of work could be done. */
enum { HEALTH_BEAT_MS = 5000 };
void health_beat(struct health *health, const char *why);

struct health_state {
    bool ready;
    char why[160]; /* it is not */
    char remark[160];
    bool alive; /* health_alive came within 30 s */
    int64_t lag_events; /* -1: not a consumer */
    int64_t lag_seconds;
};
struct health_state health_look(struct health *health);
/* As a heartbeat writes it: where it comes through, it is proof itself. */
struct health_state health_said(struct health *health);

#endif
