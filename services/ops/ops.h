/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_OPS_OPS_H
#define SERVICES_OPS_OPS_H
/* What the commands of tillit-ops share. */

struct program;

/* The word of the command line behind an option ("--why"); NULL if it is not there. */
const char *word_after(struct program *program, const char *option);

/* Who sits at the keyboard, unless --who says otherwise. */
const char *who_asks(struct program *program);

/* Their reason; NULL, after saying that the command needs one, if they gave none. */
const char *why_asks(struct program *program, const char *command);

/* tillit-ops municipality add|check|list. */
int municipality_command(struct program *program, const char *what);

#endif
