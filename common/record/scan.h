/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_RECORD_SCAN_H
#define COMMON_RECORD_SCAN_H

#include "common/problem/scope.h"

/* One quick walk over a JSON text before it is parsed: PROBLEM_MALFORMED if it nests deeper than 32;
 * every member that repeats another of its object is noted as FAULT_DUPLICATE at its pointer, every
 * one whose name holds a NUL or half a surrogate pair as FAULT_FORMAT. What is no JSON at all is left to the
 * parser.
 * readable may be NULL; else it becomes the text, as long, with what JSON can say and the parser can't hold as
 * something that no field takes: half a pair as U+0000 (in a name as U+FFFD, as a NUL there), a number beyond
 * all of ours as one past 64 bits. */
enum problem record_scan(struct scope *s, const char *text, size_t length, const char **readable);

#endif
