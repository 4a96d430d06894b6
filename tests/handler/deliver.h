/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef TESTS_HANDLER_DELIVER_H
#define TESTS_HANDLER_DELIVER_H
/* What a listener and Kafka would bring, brought to the skeletons: all behind those two is the programs' own code. */
#include "common/http/message.h"
#include "tests/handler/house.h"

struct principal;

/* A request. Its texts may hold names (house_text). */
struct asked {
    const char *line;    /* "GET /api/v1/cases/$dialogue" */
    bool internal;       /* by the internal listener */
    const char *headers; /* lines, each with its line end: "If-Match: \"3\"\n"; or NULL */
    const char *body;    /* or NULL */
    const struct principal *who; /* who is admitted, by token if a system; NULL: nobody, and the real doors say so */
    const char *scopes;  /* a system's, parted by blanks */
};

/* The answer, in the case's memory. A head that the guard refuses has a status alone. */
struct http_reply api_deliver(const struct asked *asked);
/* The same answer again and again, the last. */
struct http_reply api_deliver_often(const struct asked *asked, int times);

/* Rings for the event of the log: everything that the worker has not handled up to it, through its subscription, and
 * parked if it must be. What became of the last: "OK", "PASSED", the problem it is parked for or that made the worker
 * stop or wait; "NOTHING" if there was nothing to do. */
const char *worker_deliver(const char *worker, const char *case_id, int64_t n);
/* For the last event of the case that the worker takes. */
const char *worker_deliver_last(const char *worker, const char *case_id);
/* What it said about the verdict; "" if nothing. */
const char *worker_detail(void);

/* One round of a worker's timed work. */
enum problem worker_tick(const char *worker, const char *tick);

/* What the API remembers is read again, as it does every second. */
void api_remember(void);

/* The end of a case, and of the house. */
void deliver_forget(void);
void deliver_end(void);

#endif
