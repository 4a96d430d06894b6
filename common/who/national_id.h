/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WHO_NATIONAL_ID_H
#define COMMON_WHO_NATIONAL_ID_H
/*
 * Fødselsnummer and its kin: DDMMYY III K1 K2. Source of the checksums and of the rule of 2032:
 * Skatteetaten, folkeregisteret-api-dokumentasjon. Sex and age are never derived, the century only to refuse
 * who is not yet born.
 */
#include "common/time/calendar.h"

enum national_id_verdict {
    NATIONAL_ID_OK,
    NATIONAL_ID_FORMAT,    /* not eleven digits */
    NATIONAL_ID_DATE,      /* checksums hold, but there is no such day, or it is yet to come */
    NATIONAL_ID_CHECKSUM,
    NATIONAL_ID_NOT_TAKEN, /* a help number or a synthetic one where none is taken */
};

struct national_id_rules {
    bool since_2032;   /* numbers by the rule of 2032 exist: r1 may be 0 to 3 */
    bool synthetic;    /* month + 80, + 65 and + 40 are taken */
    bool help_numbers; /* H (month + 40) and FH (first digit 8 or 9, no date) are taken */
    struct date today; /* nobody is born after it */
};

/* Plain and D-numbers are always taken. */
enum national_id_verdict national_id_check(const char *text, struct national_id_rules rules);

/* Whether eleven digits stand alone in the text, in one or as six and five: what could be a number of
 * somebody's, whatever its checksums say. */
bool national_id_within(const char *text);

#endif
