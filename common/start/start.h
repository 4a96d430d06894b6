/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_START_START_H
#define COMMON_START_START_H
/* The start and the end of every program. */
#include <stdbool.h>

struct program;

/* Runs body with everything up; returns the exit status. statements as in db_options. */
struct program_options {
    const char *name; /* of programs.def */
    bool needs_keys;
    const char *const *session; /* as in db_options */
    /* Flags of its own: { "--rebuild", "what it does" }; NULL-terminated by a row without name. */
    const struct program_flag {
        const char *name;
        const char *argument; /* its name in --help, or NULL if it takes none */
        const char *summary;
        int (*run)(struct program *program, const char *argument);
        bool bare; /* runs without settings, keys or database (--openapi) */
        bool words; /* takes more words: program->words */
    } *flags;
    int (*body)(struct program *program, const void *context);
    const void *context;
};
int program_main(const struct program_options *options, int argc, char **argv);

/* True once SIGTERM or SIGINT came; waits at most timeout_ms for it. Only the main thread asks. */
bool program_stopping(struct program *program, int timeout_ms);

#endif
