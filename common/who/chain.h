/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WHO_CHAIN_H
#define COMMON_WHO_CHAIN_H
/*
 * What makes the access log tamper-evident. Both values are key id (4) | HMAC-SHA-256 with a key of the
 * purpose chain:
 *
 *      a row's     over "row" and each column in the order of struct access_row: its length in four bytes
 *                  (big-endian; FFFFFFFF for NULL) and its text, uuids in lower case, the time in
 *                  microseconds since 1970 as decimals
 *      a link's    over "link\n" municipality "\n" n "\n" | the link before (36 bytes; none for the first) | the
 *                  row's (36 bytes; none if the row was gone) | the row's id (36 characters)
 */
#include "common/base/bytes.h"
#include "common/problem/scope.h"

struct access_row;

enum { CHAIN_BYTES = 36 };

struct chain_link {
    const char *municipality;
    int64_t n;
    struct bytes before; /* data NULL: it is the first */
    struct bytes row;    /* the row's own mac; data NULL: it is gone */
    const char *row_id;
};

/* PROBLEM_BUG if the ring has no chain key in use. */
enum problem chain_row(struct scope *s, const struct access_row *row, struct bytes *out);
enum problem chain_link(struct scope *s, const struct chain_link *link, struct bytes *out);

/* Whether the value (with whichever key of the ring it names) is that of the row, of the link. */
bool chain_row_holds(struct scope *s, const struct access_row *row);
bool chain_link_holds(struct scope *s, const struct chain_link *link, struct bytes value);

#endif
