/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_OPERATOR_CLIENTS_H
#define COMMON_OPERATOR_CLIENTS_H
/* Organisations whose systems may come. */
#include "common/problem/scope.h"

struct act_request;

/* What the act can't do without; makes: it lets one in. */
void client_check(struct scope *s, const struct act_request *in, bool makes);

/* PROBLEM_NOT_FOUND if there is no such municipality, or no such client to shut out. */
enum problem client_ask(struct scope *s, const struct act_request *in, bool makes);

#endif
