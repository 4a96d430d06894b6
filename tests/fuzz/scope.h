/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef TESTS_FUZZ_SCOPE_H
#define TESTS_FUZZ_SCOPE_H
/* What targets stand on that need a program: a synthetic one, on a day in 2026. */
#include <stdlib.h>
#include <string.h>

#include "common/program/program.h"
#include "common/record/record.h"
#include "tests/unit/without_main.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline struct scope fuzz_scope(void)
{
    static const struct program program = { .settings = { .synthetic = true, .id_2032_from = "2032-01-01" } };
    return (struct scope){ .arena = arena_new(), .program = &program, .now = 1796000000000000 };
}

#endif
