/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_DB_ROW_H
#define COMMON_DB_ROW_H
/*
 * Rows by descriptor: the field table that JSON is read and written by is that of a row as well. A column is named as
 * its member; one that is not there aborts (our bug). What a row can't hold (lists and nested records, MADE members) is
 * left as it was. The kinds that need no case of their own read as in values.h.
 *
 *      text, instant, maybe        SQL NULL = NULL, 0, not known
 *      bytes                       data NULL
 *      bool, texts                 false, none
 *      integer                     PROBLEM_BUG, as the first two where the member is neither OPTIONAL nor NULLABLE
 */
#include "common/db/run.h"
#include "common/record/record.h"

/* What of the struct the row holds; out is of the record, and zeroed or filled before. */
enum problem record_from_row(struct scope *s, const struct record *record, const struct result *r,
                             int row, void *out);

/* All rows, in their order; into items, where members are still to be made: so many as there are rows. */
enum problem records_from_result(struct scope *s, const struct record *record,
                                 const struct result *r, struct list *out);
enum problem records_into(struct scope *s, const struct record *record, const struct result *r,
                          void *items);

/* The other way: an array of each member over all items, for a statement that carries many rows at once; uuid[] of texts
 * that are FORMAT_UUID (asserted), text[] of literals of texts, bigint[], boolean[], timestamptz[], bytea[]. Returns how
 * many params it has written, one per field but for lists and nested records, which no array holds. */
int params_from_records(struct scope *s, const struct record *record, const void *const *items,
                        size_t count, struct param *params);

/* The statement with those arrays of a list's items, and behind them what else it is given. */
enum problem db_run_records(struct scope *s, const struct statement *statement, struct result *out,
                            const struct record *record, struct list items, const struct param *more,
                            int count);
#define DB_RUN_RECORDS(s, statement, out, record, items, ...)                                  \
    db_run_records((s), (statement), (out), (record), (items), (const struct param[]){ __VA_ARGS__ }, \
                   (int)(sizeof((const struct param[]){ __VA_ARGS__ }) / sizeof(struct param)))

#endif
