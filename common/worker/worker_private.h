/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORKER_WORKER_PRIVATE_H
#define COMMON_WORKER_WORKER_PRIVATE_H
/* What the files of the worker skeleton share; included by them alone. */
#include "common/event/event.h"

struct bell;
struct case_row;
struct worker;

struct loop {
    struct program *program;
    const struct worker *worker;
    void *own;
    struct scope scope; /* of the batch in hand */
    bool careful;       /* the last run ended uncleanly: singles, and tries are counted */
    char noted[64];     /* the event whose try this run has noted: "case id.seq" */
    const struct bell *record; /* the one in hand whose try it has noted and that we are not past, or NULL */
    int64_t commits;    /* of this run */
    int64_t commits_at_back_off; /* the last one: who came further since has met no outage */
};

/* A case with news: from its mark to the highest number that was rung. */
struct news {
    const char *case_id;
    int64_t n;
    int64_t mark;
    bool waits; /* behind a parked event */
};

/* An event to handle. */
struct task {
    struct event event;
    struct news *news;
    struct case_row *row; /* locked, if the worker locks cases */
    void *prepared;
    enum problem verdict;
    bool handled;
    const char *wrong; /* why no handler can take it, or NULL */
};

/* The news of cases (sorted, none twice) and the events that they are made of, by case and number. */
struct work {
    struct news *news;
    size_t count;
    struct task *tasks;
    size_t task_count;
};

#endif
