/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_DB_H
#define COMMON_DB_H
/*
 * PostgreSQL, through prepared statements only. Statements live in queries.sql files
 * (`-- name: case_show :maybe` becomes sql_case_show); all are prepared when a connection opens,
 * so a schema mismatch is a start-up failure. How many rows may come back is part of the
 * statement and enforced here. SQLSTATE -> problem is a table in db_sqlstate.c, which says as well whether
 * the connection, or all connections to that server, can still be used.
 *
 * Every call has a deadline: the scope's, and at most 8 s from sending, after which the socket is closed
 * and the outcome is PROBLEM_UNAVAILABLE. Details hold statement, SQLSTATE and constraint names only.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/scope.h"

enum rows {
    ROWS_NONE,  /* :none   a command */
    ROWS_ONE,   /* :one    exactly one, else PROBLEM_BUG */
    ROWS_MAYBE, /* :maybe  none or one */
    ROWS_ANY,   /* :any */
};

struct statement {
    const char *name;
    const char *sql;
    enum rows rows;
};

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
struct param param_ids(struct scope *s, const char *const *ids, size_t count);    /* uuid[]; well-formed or NULL: asserted */
struct param param_integers(struct scope *s, const int64_t *items, size_t count); /* bigint[] */

/* An array parameter in binary, filled item by item: nothing is escaped, nothing parsed. For the
 * statements that carry many rows at once. A NULL item is SQL NULL. */
enum array_of { ARRAY_OF_TEXT, ARRAY_OF_UUID, ARRAY_OF_BYTES, ARRAY_OF_FLAGS, ARRAY_OF_TIMES, ARRAY_OF_INTEGERS };
struct array {
    struct buffer bytes;
    uint32_t count;
};
struct array array_new(struct scope *s, enum array_of what, size_t room); /* bytes expected; 0 = as usual */
void array_add_text(struct array *array, const char *text);
void array_add_uuid(struct array *array, const char *uuid); /* of our own making: asserted */
void array_add_bytes(struct array *array, const void *data, size_t length);
void array_add_flag(struct array *array, bool value);
void array_add_time(struct array *array, int64_t instant);
void array_add_integer(struct array *array, int64_t value); /* bigint */
struct param param_array(struct array *array);

/* The text form of a PostgreSQL array: {"a","b"}; NULL items are NULL. */
char *array_literal(struct scope *s, const char *const *items, size_t count);

/* What came back; lives as long as the scope. */
struct result {
    const void *pg;
    int count;    /* rows */
    int affected; /* rows touched, for commands */
};

/* Runs a statement in the scope's connection. out may be NULL for ROWS_NONE. */
enum problem db_run(struct scope *s, const struct statement *statement, struct result *out,
                    const struct param *params, int count);

/* DB_RUN(s, &sql_case_show, &found, param_text(id)) */
#define DB_RUN(s, statement, out, ...)                                                         \
    db_run((s), (statement), (out), (const struct param[]){ __VA_ARGS__ },                     \
           (int)(sizeof((const struct param[]){ __VA_ARGS__ }) / sizeof(struct param)))

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
struct texts;
struct texts result_texts(struct scope *s, const struct result *r, int row, const char *column);

/* A transaction on the scope's connection. After an error only db_rollback is legal. db_commit is
 * OK only if the server said COMMIT; anything else is PROBLEM_UNAVAILABLE with the connection
 * closed when the outcome is unknown (run the same work again with the same ids). */
enum problem db_begin(struct scope *s);
enum problem db_commit(struct scope *s);
void db_rollback(struct scope *s);

/* One connection. statements: NULL-terminated lists, ended by NULL. */
struct db_options {
    const char *url;  /* postgresql://... or key=value */
    const char *role; /* "tillit_triage" */
    const struct statement *const *const *statements;
    const char *const *session; /* SET commands run on open, ended by NULL; or NULL */
};
/* A session for those who reach rows by key, batch after batch: plans that do not change with what
 * the planner happens to know of a table's size. */
extern const char *const db_steady_plans[];
struct db;
struct db *db_new(const struct db_options *options); /* borrowed; opens nothing yet */
void db_free(struct db *db);
/* Opens or reopens if needed, to a server that can be written to unless the URL says otherwise
 * (target_session_attrs): waits at most 3 s, and goes on by itself meanwhile, so that the next call finds what this
 * one did not wait for. PROBLEM_UNAVAILABLE if away, PROBLEM_BUG if a statement does not prepare; the scope's detail
 * says which. */
enum problem db_open(struct scope *s, struct db *db);
bool db_is_open(const struct db *db);
/* Rows that a failed unique constraint named, e.g. "cases_reference_key"; "" if the last error
 * was none. Valid until the next statement. */
const char *db_last_constraint(const struct db *db);
/* Whether the last statement waited for a lock in vain (SQLSTATE 55P03). */
bool db_was_locked_out(const struct db *db);

/* A pool of connections with the same options, shared by threads. When one of them shows that its server is lost to us
 * (gone, or only to be read), those that were opened before are opened anew. */
struct pool;
enum { POOL_WAITING = 8 }; /* threads that may wait while none is given back; so many more than its size are inside */
struct pool *pool_new(const struct db_options *options, int size);
void pool_free(struct pool *pool);
/* Puts a connection into s->db, opened; waits at most 5 s for one, and not at all behind too many who wait in vain
 * (PROBLEM_UNAVAILABLE). */
enum problem pool_take(struct scope *s, struct pool *pool);
/* Gives it back, rolled back if a transaction is open, and clears s->db. */
void pool_give(struct scope *s, struct pool *pool);

#endif
