/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PROGRAM_PROGRAMS_H
#define COMMON_PROGRAM_PROGRAMS_H
/* Which programs there are: programs.def. */

enum { WORKER_LETTER = 'w' };

struct program_row {
    const char *name;
    char letter;
    const char *internal; /* host:port; NULL of a command */
    const char *summary;  /* one line for --help */
};

/* In the table's order; ended by a row without name. */
extern const struct program_row program_rows[];

/* The name's row, which there must be. */
const struct program_row *program_row(const char *name);

#endif
