/* SPDX-License-Identifier: EUPL-1.2 */
/* The problem table, made from problem.def. */
#include "common/problem/problem.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *name;
    int status;
    enum delivery delivery;
    const char *title;
} problems[PROBLEM_COUNT] = {
    [OK] = { "OK", 200, DELIVERY_ACK, "It went well" },
#define PROBLEM(name, status, delivery, title)                                                 \
    [PROBLEM_##name] = { #name, status, DELIVERY_##delivery, title },
#include "common/problem/problem.def"
#undef PROBLEM
};

const char *problem_name(enum problem p)
{
    assert(p < PROBLEM_COUNT);
    return problems[p].name;
}

int problem_status(enum problem p)
{
    assert(p < PROBLEM_COUNT);
    return problems[p].status;
}

bool problem_is_outage(enum problem p)
{
    return p == PROBLEM_UNAVAILABLE || p == PROBLEM_DISK_FULL;
}

enum delivery problem_delivery(enum problem p)
{
    assert(p < PROBLEM_COUNT);
    return problems[p].delivery;
}

const char *problem_title(enum problem p)
{
    assert(p < PROBLEM_COUNT);
    return problems[p].title;
}

enum problem problem_by_name(const char *name)
{
    for (unsigned i = 0; i < PROBLEM_COUNT; i++)
        if (strcmp(problems[i].name, name) == 0)
            return (enum problem)i;
    return PROBLEM_BUG;
}
