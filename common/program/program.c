/* SPDX-License-Identifier: EUPL-1.2 */
/* What a program is, and the scopes that stand on it. */
#include "common/program/program.h"

#include "common/time/clock.h"

const char *program_version(void)
{
    return TILLIT_VERSION;
}

struct scope scope_open(const struct program *program)
{
    return (struct scope){ .arena = arena_new(), .program = program,
                           .now = clock_now(program->clock) };
}

void scope_close(struct scope *s)
{
    arena_free(s->arena);
    *s = (struct scope){ 0 };
}

void scope_reset(struct scope *s)
{
    arena_reset(s->arena);
    *s = (struct scope){ .arena = s->arena, .program = s->program,
                         .now = clock_now(s->program->clock), .own = s->own };
}
