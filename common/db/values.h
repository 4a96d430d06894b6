/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_DB_VALUES_H
#define COMMON_DB_VALUES_H
/* What goes into a statement, and what comes back. */
#include "common/base/text.h"
#include "common/problem/scope.h"

struct param {
    const char *data; /* NULL = SQL NULL */
    int length;
    bool binary;
};

/* Each borrows what it is given or allocates in the scope's arena. */
struct param param_text(const char *text); /* NULL = SQL NULL; for uuid, json, text[] literals too */
struct param param_bytes(const void *data, size_t length);   /* bytea */
struct param param_integer(struct scope *s, int64_t value);  /* any integer type */
struct param param_maybe(struct scope *s, bool known, int64_t value);
struct param param_flag(bool value);
struct param param_time(struct scope *s, int64_t instant);   /* timestamptz */
struct param param_list(struct scope *s, const char *const *items, size_t count); /* text[] */

/* The text form of a PostgreSQL array: {"a","b"}; NULL items are NULL. */
char *array_literal(struct scope *s, const char *const *items, size_t count);

/* What came back; lives as long as the scope. */
struct result {
    const void *pg;
    int count;    /* rows */
    int affected; /* rows touched, for commands */
};

/* Columns by name; an unknown name aborts (our bug). Texts live as long as the scope. */
const char *result_text(const struct result *r, int row, const char *column); /* NULL if SQL NULL */
int64_t result_integer(const struct result *r, int row, const char *column);  /* 0 if SQL NULL */
bool result_null(const struct result *r, int row, const char *column);
bool result_flag(const struct result *r, int row, const char *column);

/* A timestamptz column as an instant (microseconds); 0 if SQL NULL. What we can't write (infinity, a year
 * before 1900 or after 9999) is the first or the last instant that we can. */
int64_t result_time(const struct result *r, int row, const char *column);

/* Whether it is neither SQL NULL nor what we can't write. */
bool result_time_readable(const struct result *r, int row, const char *column);

/* bytea: decoded into the scope. NULL and 0 if SQL NULL. */
const unsigned char *result_bytes(struct scope *s, const struct result *r, int row,
                                  const char *column, size_t *length);
/* text[] */
struct texts result_texts(struct scope *s, const struct result *r, int row, const char *column);

#endif
