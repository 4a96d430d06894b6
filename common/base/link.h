/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_BASE_LINK_H
#define COMMON_BASE_LINK_H
/*
 * Where a link of ours leads, and whether what leaves this machine on it leaves over TLS, to one that
 * has proved who it is.
 */
#include <stdbool.h>

/* Whether the address may be asked, or led to: https; or http to this machine's loopback, if people are synthetic. */
bool link_is_safe(const char *url, bool synthetic);

/* Whether all of a list "host:port,host:port" are this machine's loopback. */
bool links_are_here(const char *list);

/* Whether the database of the URL (or of libpq's settings, the environment's among them) is on this
 * machine, or is asked to prove who it is: sslmode=verify-full. */
bool database_is_safe(const char *url);

#endif
