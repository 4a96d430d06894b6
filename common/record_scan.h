/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_RECORD_SCAN_H
#define COMMON_RECORD_SCAN_H
#include "common/scope.h"

/* One quick walk over a JSON text before it is parsed: PROBLEM_MALFORMED if it nests deeper than 32;
 * every member that repeats another of its object is noted as FAULT_DUPLICATE at its pointer, every
 * one whose name holds a NUL as FAULT_FORMAT. What is no JSON at all is left to the parser. */
enum problem record_scan(struct scope *s, const char *text, size_t length);

#endif
