/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_RECORD_CHECK_H
#define COMMON_RECORD_CHECK_H
/* Running the checks that span the fields of a record. */
#include "common/problem/scope.h"

struct field;
struct record;

/* The field at the pointer, "/submitter/role"; NULL if there is none. Items of lists are none. */
const struct field *record_field(const struct record *record, const char *pointer);

/* Runs the record's checks on what was decoded; faults are collected in the scope. */
void record_check(struct scope *s, const struct record *record, const void *document);

#endif
