/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_BASE_UUID_H
#define COMMON_BASE_UUID_H
/* Ids (UUIDv7, RFC 9562) and the reference that a person can read over the telephone. */
#include <stdbool.h>
#include <stdint.h>

struct arena;

enum { UUID_LENGTH = 36 };

/* A new id of the instant (microseconds), lower case. */
char *uuid_v7(struct arena *a, int64_t now);

/* The least that uuid_v7 can make in the instant's millisecond: where a range of ids begins. */
char *uuid_v7_least(struct arena *a, int64_t instant);

/* Whether text is a UUID (36 characters, either case); out may be NULL. */
bool uuid_parse(const char *text, unsigned char out[16]);

/* The text of the same UUID as we and the database write it, lower case; NULL if it is none. What comes
 * from elsewhere is compared with ours in this form only. */
const char *uuid_canonical(struct arena *a, const char *text);

/* "T-" + 8 Crockford base-32 letters of the id's last 40 bits + a check letter (that number mod 31,
 * of the first 31 symbols). No secret, and unique only where a constraint says so. */
char *reference_from_case(struct arena *a, const char *case_id);
/* Whether the check letter fits. */
bool reference_valid(const char *reference);

/* Reads what a person wrote, in any case, with "T-" or, unless T follows, without, with blanks, dashes and what nobody sees in it; O is 0, and I and L
 * are 1. *out, as reference_from_case writes it, unless it is none. */
enum reference_reading {
    REFERENCE_READ,
    REFERENCE_MISREAD, /* the check letter does not fit: some sign is another */
    REFERENCE_NONE,    /* nothing of the kind */
};
enum reference_reading reference_read(struct arena *a, const char *typed, char **out);

#endif
