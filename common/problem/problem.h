/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PROBLEM_PROBLEM_H
#define COMMON_PROBLEM_PROBLEM_H
/*
 * The only error type of Tillit. A row of problem.def is HTTP status (RFC 9457), problem title
 * and Kafka disposition at once. Functions that can fail return enum problem, 0 is OK, and
 * their out parameters are written only on OK.
 */
#include <stdbool.h>

enum problem {
    OK = 0,
#define PROBLEM(name, status, delivery, title) PROBLEM_##name,
#include "common/problem/problem.def"
#undef PROBLEM
    PROBLEM_COUNT,
};

enum delivery {
    DELIVERY_ACK,
    DELIVERY_PARK,
    DELIVERY_RETRY,
    DELIVERY_HALT,
};

/* "MALFORMED"; "OK" for OK. */
const char *problem_name(enum problem p);

/* The HTTP status; 200 for OK. */
int problem_status(enum problem p);

/* What a worker does with the event; ACK for OK. */
enum delivery problem_delivery(enum problem p);
/* The database can't be reached or can't write: nothing was wrong with what was tried. */
bool problem_is_outage(enum problem p);

/* English words, never with a value in them. */
const char *problem_title(enum problem p);

/* The problem of that name, PROBLEM_BUG if there is none. */
enum problem problem_by_name(const char *name);

/* Hands a failed call's problem to the caller. The only macro that returns. */
#define TRY(call)                                                                              \
    do {                                                                                       \
        enum problem try_problem_ = (call);                                                    \
        if (try_problem_)                                                                      \
            return try_problem_;                                                               \
    } while (0)

#endif
