/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_INDICATOR_INDICATOR_H
#define COMMON_INDICATOR_INDICATOR_H
/*
 * Benefit indicators over a period [from, to) in Europe/Oslo, from case facts alone. A cell of 1 to 4
 * is suppressed; shielded cases are counted nowhere. What can't be told yet, as its time has not come, is open: in no cohort until it
 * has. Values are integers with a unit, rounded to
 * nearest, half away from zero; a percentile is by nearest rank.
 */
#include "common/record/record.h"

struct indicator_value {
    const char *id;
    const char *name; /* bokmål */
    const char *unit; /* permille, seconds, cases */
    struct maybe value;
    struct maybe n; /* the cohort */
    struct maybe open; /* of the period, and not in the cohort yet; unknown while it is 1 to 4 */
    bool suppressed;
};

enum {
    INDICATOR_I4,          /* share of first talks held within N working days */
    INDICATOR_I5,          /* time from received to receipt, p95 */
    INDICATOR_I5_NONE_24H, /* received, and no receipt within 24 hours */
    INDICATOR_I6,          /* digital share */
    INDICATOR_COUNT,
};

/* out has INDICATOR_COUNT places. What the transaction may see is what is counted. */
enum problem indicators_compute(struct scope *s, struct date from, struct date to,
                                struct indicator_value *out);

/* Pure. part of whole in permille; whole > 0, both >= 0. */
int64_t permille(int64_t part, int64_t whole);
/* Pure. The 1-based nearest rank of the p-th percentile (1 to 100) among n > 0. */
int64_t nearest_rank(int64_t n, int p);
/* Pure. Whether a count is one that could point at someone: 1 to 4. */
bool too_few(int64_t n);

#endif
