/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef TESTS_HANDLER_ROWS_H
#define TESTS_HANDLER_ROWS_H
/* What most tables are made of: something comes, something is answered, and the database holds what it should. All texts
 * may hold names (house_text). */
#include "tests/handler/seed.h"

enum { MOST_SAID = 5 };

/* A request and its answer. */
struct ask_row {
    const char *name;
    const char *before; /* SQL: what there is besides; or NULL */
    struct asked asked;
    int times;          /* asked so often; 0 = once. What is judged is the last answer */
    int status;
    const char *says[MOST_SAID]; /* each stands in the answer as it goes over the line; "!..." does not */
    const char *look, *finds;    /* SQL, and the first value that it finds */
};
void ask(void **state);

/* An event and what a worker does with it. */
struct event_row {
    const char *name;
    const char *worker;
    const char *before;
    const char *kase;
    const char *type, *data; /* appended to the case first; NULL: it is the last there that the worker takes */
    const char *verdict, *detail; /* as worker_deliver says; detail NULL: whatever it is */
    const char *look, *finds;
};
void take_event(void **state);

#endif
