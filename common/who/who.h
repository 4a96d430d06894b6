/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WHO_WHO_H
#define COMMON_WHO_WHO_H
/* Who asks. */
#include <stdbool.h>

#include "common/words/codes.h"

/* Who asks: a citizen, a system with an organisation behind it, or one of a municipality's staff. */
struct principal {
    enum who kind;
    const char *client;  /* whose Idempotency-Keys they are; of a system "0192:" and a number */
    const char *tenants; /* the municipalities that may be seen, comma-separated */
    const char *person;  /* a citizen's national id: for no log; NULL = none told */
    const char *csrf;    /* what the forms of a session must bring, as pages of it do */
    unsigned roles;      /* staff's, as bits of enum role */
    const char *staff_id; /* staff's row; NULL = no staff */
    const char *name;    /* staff's, or of a system's organisation; NULL = not told */
    const char *unit;    /* where in the municipality staff work; NULL = not told */
    const char *called;  /* what a citizen's issuer calls them: for their own pages alone; NULL = not told */
};

#endif
