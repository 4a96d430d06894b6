/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef TESTS_UNIT_WITHOUT_MAIN_H
#define TESTS_UNIT_WITHOUT_MAIN_H
/* What a service's files take from its main.c, which no test links; none calls it. */
#include "services/ops/ops.h"

__attribute__((weak)) const char *who_asks(struct program *program)
{
    (void)program;
    return NULL;
}

__attribute__((weak)) const char *why_asks(struct program *program, const char *command)
{
    (void)program, (void)command;
    return NULL;
}

#endif
