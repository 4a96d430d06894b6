/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef TESTS_UNIT_TABLE_H
#define TESTS_UNIT_TABLE_H
/* What every unit test includes: cmocka, and a check that names the row that failed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

/* Fails the test with the row's name and both values. */
#define CHECK_INT(name, got, want)                                                             \
    do {                                                                                       \
        long long got_ = (long long)(got), want_ = (long long)(want);                          \
        if (got_ != want_)                                                                     \
            fail_msg("%s: got %lld, want %lld", (name), got_, want_);                          \
    } while (0)
#define CHECK_TEXT(name, got, want)                                                            \
    do {                                                                                       \
        const char *got_ = (got), *want_ = (want);                                             \
        if (!got_ || strcmp(got_, want_) != 0)                                                 \
            fail_msg("%s: got \"%s\", want \"%s\"", (name), got_ ? got_ : "NULL", want_);      \
    } while (0)

#endif
