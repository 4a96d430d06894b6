/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WORKER_REQUESTS_H
#define COMMON_WORKER_REQUESTS_H
/* What operators asked this worker for. */
#include <stdint.h>

struct loop;

/* What operators asked this worker for, and whether it is paused: every now and then. */
struct requests {
    int64_t looked_at;      /* steady ms */
    const char *paused_why; /* NULL = it is not; lives as long as the program */
    char paused[700];
    char survived[40]; /* a request whose try had no outcome, and no crash: it is to be taken back; or "" */
};
void requests_answer(struct loop *loop, struct requests *requests);

#endif
