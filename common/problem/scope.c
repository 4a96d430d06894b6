/* SPDX-License-Identifier: EUPL-1.2 */
/* Detail and field errors of a scope. */
#include "common/problem/scope.h"

#include <string.h>

#include "common/time/clock.h"

static const char *const fault_names[FAULT_COUNT] = {
    [FAULT_MISSING] = "missing", [FAULT_UNKNOWN] = "unknown",
    [FAULT_TYPE] = "type",       [FAULT_FORMAT] = "format",
    [FAULT_LENGTH] = "length",   [FAULT_RANGE] = "range",
    [FAULT_CHOICE] = "choice",   [FAULT_REPEAT] = "repeat",
    [FAULT_CHECKSUM] = "checksum", [FAULT_DATE] = "date",
    [FAULT_DUPLICATE] = "duplicate",
};

const char *fault_name(enum fault fault)
{
    return fault_names[fault];
}

enum problem scope_fail(struct scope *s, enum problem p, const char *format, ...)
{
    if (s->detail)
        return p;
    va_list args;
    va_start(args, format);
    s->detail = arena_vprintf(s->arena, format, args);
    va_end(args);
    return p;
}

int scope_left(const struct scope *s, int most_ms)
{
    int64_t left = s->deadline ? s->deadline - clock_steady_ms() : most_ms;
    return left < 0 ? 0 : left < most_ms ? (int)left : most_ms;
}

void scope_fault(struct scope *s, const char *pointer, enum fault fault)
{
    scope_fault_why(s, pointer, fault, NULL);
}

void scope_fault_why(struct scope *s, const char *pointer, enum fault fault, const char *why)
{
    unsigned count = 0;
    for (const struct field_error *e = s->errors; e; e = e->next, count++)
        if (strcmp(e->pointer, pointer) == 0)
            return;
    if (count >= FIELD_ERRORS_MOST)
        return;
    struct field_error *error = ARENA_NEW(s->arena, struct field_error);
    error->pointer = arena_strdup(s->arena, pointer);
    error->fault = fault;
    error->why = why;
    if (s->last_error)
        s->last_error->next = error;
    else
        s->errors = error;
    s->last_error = error;
}

/* "/submitter" holds "/submitter/role", and itself; "" holds all. */
static bool holds(const char *outer, const char *inner)
{
    size_t length = strlen(outer);
    return strncmp(outer, inner, length) == 0 && (inner[length] == '\0' || inner[length] == '/');
}

bool scope_faulted(const struct scope *s, const char *pointer, bool within)
{
    for (const struct field_error *e = s->errors; e; e = e->next)
        if (holds(e->pointer, pointer) || (within && holds(pointer, e->pointer)))
            return true;
    return false;
}

enum problem scope_faults(const struct scope *s)
{
    return s->errors ? PROBLEM_MALFORMED : OK;
}
