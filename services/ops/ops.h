/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_OPS_OPS_H
#define SERVICES_OPS_OPS_H
/* What the commands of tillit-ops share. */
#include "common/program.h"

/* The word of the command line behind an option ("--why"); NULL if it is not there. */
const char *word_after(struct program *program, const char *option);

/* Who sits at the keyboard, unless --who says otherwise. */
const char *who_asks(struct program *program);

/* tillit-ops municipality add|check|list. */
int municipality_command(struct program *program, const char *what);

#endif
