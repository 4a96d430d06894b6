/* SPDX-License-Identifier: EUPL-1.2 */
/* What stands on the command line. */
#include "services/ops/ops.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/program/program.h"

const char *word_after(struct program *program, const char *option)
{
    for (char **word = program->words; word && *word; word++)
        if (strcmp(*word, option) == 0)
            return word[1];
    return NULL;
}

const char *who_asks(struct program *program)
{
    const char *who = word_after(program, "--who");
    const struct passwd *user = who ? NULL : getpwuid(getuid());
    return user ? user->pw_name : who;
}

const char *why_asks(struct program *program, const char *command)
{
    const char *why = word_after(program, "--why");
    if (!why)
        fprintf(stderr, "tillit-ops: %s needs a reason: --why TEXT\n", command);
    return why;
}
