/* SPDX-License-Identifier: EUPL-1.2 */
#include "common/program/programs.h"

#include <stdlib.h>
#include <string.h>

const struct program_row program_rows[] = {
#define PROGRAM(name, letter, port, summary) { #name, letter, "127.0.0.1:" #port, summary },
#define COMMAND(name, letter, summary) { #name, letter, NULL, summary },
#include "common/program/programs.def"
#undef PROGRAM
#undef COMMAND
    { 0 },
};

const struct program_row *program_row(const char *name)
{
    const struct program_row *row = program_rows;
    while (row->name && strcmp(row->name, name) != 0)
        row++;
    if (!row->name)
        abort();
    return row;
}
