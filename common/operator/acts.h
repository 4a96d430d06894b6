/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_OPERATOR_ACTS_H
#define COMMON_OPERATOR_ACTS_H
/*
 * What operators do with parked events and workers, the same from the page, over REST and by
 * tillit-ops. An act is a row in operator_acts with who and why, for good; what needs a worker's
 * handler is a request that the worker's own tick takes.
 */
#include "common/db/values.h"
#include "common/record/record.h"

enum act_needs {
    ACT_PARKED = 1 << 0,   /* one parked event: parked_id */
    ACT_CAUSE = 1 << 1,    /* or all of a cause: consumer and problem, at `rate` a second */
    ACT_CONSUMER = 1 << 2, /* a worker */
    ACT_TARGET = 1 << 3,   /* what to send again: all, a time (RFC 3339) or a case id */
    ACT_CLIENT = 1 << 4,   /* target: an organisation's number */
    ACT_MAKES = 1 << 5,    /* it makes what its opposite takes away; a client has a name and municipalities as well */
    ACT_HOUSE = 1 << 6,    /* it reaches every municipality: for the installation's own operators */
    ACT_LOOKS = 1 << 7,    /* nothing comes of it but what it tells */
    ACT_GIVES_UP = 1 << 8, /* the parked event is left for good */
};

struct act {
    const char *name;    /* "redrive" */
    const char *summary; /* one line for --help and OpenAPI */
    unsigned needs;
};
extern const struct act acts[]; /* ended by a row without name */
const struct act *act_find(const char *name); /* NULL: there is none */

/* What an operator asks for. */
struct act_request {
    const char *act;
    const char *parked_id;
    const char *consumer;
    const char *problem;
    struct maybe rate; /* a second, 1 to 100; 5 if absent */
    const char *target;
    const char *name;
    struct texts municipalities;
    const char *who; /* 2 to 100 characters */
    const char *why; /* 3 to 500, kept sealed; no personal data belongs here, and no national id is taken */
};
extern const struct record act_request_record;

struct act_answer {
    int64_t asked; /* acts that were asked for */
    int64_t events; /* events that will be sent again, of a replay */
    struct texts ids;
};
extern const struct record act_answer_record;

/* Whether who asks acts for the whole installation: at the machine, or as an operator of a municipality that is set to. */
bool operator_of_house(const struct scope *s);

/* Whether who asks may ask for an act of that name; of one that there is not nothing is said. */
bool operator_may(const struct scope *s, const char *act);
/* FORBIDDEN, and why in the scope, if they may not. */
enum problem operator_permits(struct scope *s, const char *act);

/* Asks for the act, in the scope's transaction; what needs no worker is done in it. Whose parked events it is about is noted for the
 * access log, which s->accesses must take. Field errors if the act lacks what it needs; PROBLEM_FORBIDDEN if it is for the installation's own
 * operators, as what is parked of nobody is; PROBLEM_NOT_FOUND if there is nothing to act on, or no such municipality. */
enum problem operator_ask(struct scope *s, const struct act_request *request,
                          struct act_answer *out);

/* Faults of who (2 to 100 characters, of which as many show) and why (3 to 500, and nothing that could be a national id: all operators read it); what is
 * not there is no fault here. */
void operator_check(struct scope *s, const char *who, const char *why);

/* Notes an act on a municipality that is not asked for here but done by the one who notes it, in its transaction. */
enum problem operator_note(struct scope *s, const char *act, const char *municipality,
                           const char *who, const char *why, const char *detail);

#endif
