/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_OPERATOR_REPLAY_H
#define COMMON_OPERATOR_REPLAY_H
/* The log, or a part of it, once more onto Kafka. */
#include "common/problem/scope.h"

/* Writes keys of the log into unsent, page by page (each in the scope's transaction): from is all, a
 * time or a case id. *count is this page's; the next page is asked for with the same place until it
 * is less than REPLAY_PAGE. PROBLEM_MALFORMED if from is none of the three. */
enum { REPLAY_PAGE = 10000 };
struct replay {
    char case_id[40];
    int64_t case_seq;
    int64_t since;
    const char *only;
    int64_t count;
};
enum problem replay_begin(struct replay *replay, const char *from);
enum problem replay_page(struct scope *s, struct replay *replay);

/* All of it in the scope's transaction. */
enum problem replay_all(struct scope *s, const char *from, int64_t *events);

#endif
