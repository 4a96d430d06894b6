/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_TRIAGE_TRIAGE_H
#define SERVICES_TRIAGE_TRIAGE_H
/* Which path an application takes, how urgent it is, and why in words. */
#include "common/record/record.h"

struct application_received;
struct item;
struct rules;

struct arena;

enum { MOST_RULES = 8 };

/* A rule that fired, and why it did: for the caseworker, bokmål. */
struct fired {
    const char *id;
    const char *text;
};

struct triage {
    const char *department;
    const char *path;
    const char *priority;
    struct maybe step_asked;
    struct texts lower_services; /* by step, then code */
    struct fired rules[MOST_RULES];
    size_t rule_count;
    bool joint; /* both departments */
};

/* The set's version: it goes with every case that it decided. */
extern const char triage_rule_set[];

/* Pure: the same application under the same rules gives the same triage. */
struct triage triage_decide(struct arena *a, const struct application_received *in,
                            const struct rules *rules);

/* The worker's handler. */
enum problem triage_applications(struct scope *s, struct item *items, size_t count);

#endif
