/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_OPS_AUDIT_H
#define SERVICES_OPS_AUDIT_H
/*
 * Verifies the access log, page by page: each row's HMAC and that it is chained; each link of each municipality's
 * chain and that its row is there; and, with a file of the log lines that scheduling sent off the machine, that no
 * chain was cut or made anew behind them. Prints what is wrong by municipality and number.
 */

struct program;

/* The flag "audit verify [--roots FILE]": 0 if nothing is wrong, 1 if something is, 2 if it was asked wrongly. */
int audit(struct program *program, const char *argument);

#endif
