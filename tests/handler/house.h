/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef TESTS_HANDLER_HOUSE_H
#define TESTS_HANDLER_HOUSE_H
/*
 * All of Tillit in one process, over one connection to a real PostgreSQL, in one transaction that is rolled back:
 * the programs' own tables of routes and subscriptions, their own roles, row-level security and statements.
 *
 * What a program would begin and commit is a savepoint here (house.c stands in for db_begin, db_commit, db_rollback
 * and the pools), so that every row of a table starts from the same cases and leaves nothing. The clock stands still
 * where a row puts it. There is no socket and no Kafka: those are the plays'.
 *
 *      DATABASE_URL    a migrated database, where PGUSER (postgres) may become any role; without it every test fails
 */
#include <stdint.h>

#include "common/problem/scope.h"
#include "tests/unit/table.h"

struct api;
struct program;
struct worker;

/* Adds a case in a transaction of its own, for house_run; run finds the row in *state. */
void house_add(const char *name, void (*run)(void **state), const void *row);
#define ADD_ROWS(table, run)                                                                   \
    for (size_t row_ = 0; row_ < ROWS(table); row_++)                                          \
    house_add((table)[row_].name, run, &(table)[row_])
#define ADD_TEST(test) house_add(#test, test, NULL)

/* Builds the house, seeds it, runs what was added, each from there on, and takes all of it back. The exit status. */
int house_run(const char *name, void (*seed)(void));

/* Lives as long as the case; a copy of the text as long as the house. */
struct arena *house_arena(void);
const char *house_kept(const char *text);

/* The time for everybody from now on: RFC 3339. It is ten on 25 November 2026, a Wednesday, unless a row says so, and
 * nine in the seed. */
void house_at(const char *time);
int64_t house_now(void);

/* Nobody's rights but the database's own: the first column of the first row as text, "" for NULL, NULL if there is no
 * row. In the text, $name is what house_name said. */
const char *house_look(const char *sql);
/* Several statements, for what there is no door for. */
void house_do(const char *sql);

/* A value that texts may name as $name. Those that the seed says stay, a case's go with it. */
void house_name(const char *name, const char *value);
/* The text with all names replaced. NULL stays. */
const char *house_text(const char *text);

/* The skeletons' own structs, as each main hands them over. */
const struct api *house_api(void);
const struct worker *house_worker(const char *name);
struct program *house_program(const char *name);

/* tillit-ops municipality add. */
void house_take_in(const char *pack);

#endif
