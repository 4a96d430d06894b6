/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_CASE_DEADLINE_H
#define COMMON_CASE_DEADLINE_H
/*
 * The deadlines of a case, counted from the day of receipt in Europe/Oslo; one table serves
 * scheduling and the receipt letter. FIRST_TALK: so many working days as the municipality has set, fewer if
 * urgent. PRELIMINARY_REPLY: one month, never rolled forward (fvl. § 11 a).
 */
#include <stddef.h>

#include "common/time/calendar.h"
#include "common/words/codes.h"

struct rules;

struct deadline_cause {
    int64_t received_at;
    const char *urgency; /* none week acute */
    bool in_hospital;
    const struct rules *rules;
};

struct deadline {
    enum deadline_kind kind;
    const char *name;   /* "first_talk" */
    const char *source; /* the law or promise, in words */
    struct date day;    /* the last day on which it is met */
    int64_t due_at;     /* 24:00 of that day */
    int64_t near_at;    /* from when deadline.near is said */
};

struct deadline deadline_of(enum deadline_kind kind, const struct deadline_cause *cause);

#endif
