/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_HTTP_HTTP_PRIVATE_H
#define COMMON_HTTP_HTTP_PRIVATE_H
/* What the public and the internal listener share; included by them alone. */

/* How long who is slow may be; milliseconds. */
enum {
    HEAD_MS = 5000,
    BODY_MS = 10000,
    GRACE_MS = 2000,         /* no rate is asked of a body before that */
    ANSWER_MS = 10000,       /* and a second more for each of ANSWER_RATE bytes */
    ANSWER_RATE = 20000,     /* bytes a second */
    FAREWELL_MS = 1000,      /* what is still sent behind an answer is read so long: closed at once, the
                                connection would be reset, and the answer lost with it */
    LEAST_RATE = 1000,       /* bytes a second of a body */
    LONGEST_HEAD = 16 * 1024 /* bytes */
};

/* The interim answer to who waits for it before sending a body. */
#define HTTP_CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"

#endif
