/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_HTTP_LIMIT_H
#define COMMON_HTTP_LIMIT_H
/*
 * How often someone may come: a bucket of tokens each, that fills as time passes. Buckets lie in a table
 * of fixed size in the program's own memory; when it is full the one goes that is nearest to full,
 * whose owner has lost least. Thread-safe.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct limits;

/* `most` buckets, rounded up to whole rows of the table. */
struct limits *limits_new(size_t most);
void limits_free(struct limits *limits);

/* Takes a token of the one that `who` names (kept as a keyed hash): at most `per_minute` at once, and as
 * many a minute. 0, or after how many seconds there is one again. per_minute 0 = no limit. */
int limit_take(struct limits *limits, const char *who, int64_t per_minute, int64_t steady_ms);

/* Of whom a request is, for a limit: the peer itself, or, if the peer is one of `proxies`
 * (comma-separated; NULL = none), the last hop that it names in X-Forwarded-For or Forwarded, with or without a port; each NULL =
 * not sent, and where both are they must name the same, for it may have written only one of them. An IPv6 address
 * stands for its /64, which is what one subscriber has. NULL: this machine itself, which is not limited; that
 * is never what can't be read (LIMIT_UNREADABLE), nor a proxy that says nothing (LIMIT_SILENT): the senders of each share a
 * limit. */
#define LIMIT_UNREADABLE "unreadable"
#define LIMIT_SILENT "silent"
enum { LIMIT_ADDRESS = 48 };
const char *limit_address(const char *peer, const char *proxies, const char *forwarded_for, const char *forwarded,
                          char out[LIMIT_ADDRESS]);

#endif
