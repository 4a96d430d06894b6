/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_LOGIN_LOGIN_H
#define SERVICES_API_LOGIN_LOGIN_H

struct metrics;

/* What is counted of logins, from the start. */
void login_metrics(struct metrics *m);

#endif
