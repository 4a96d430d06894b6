/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_KAFKA_TROUBLE_H
#define COMMON_KAFKA_TROUBLE_H
/* What librdkafka says is wrong, told once and in words. */
#include <stdbool.h>
#include <stddef.h>

struct program;

/* What an error of librdkafka's, and its reason, mean if waiting does not help and somebody must set
 * something right: a constant text. NULL: an outage like any other. */
const char *kafka_refusal(int error, const char *reason);

/* What a client was told since all was well. Texts are constant. */
struct trouble {
    const char *refusal; /* why waiting does not help, or NULL */
    const char *last;    /* of whatever kind, or NULL */
    const char *said[8];
    size_t said_count;
};

/* Whether it is news, and so to be logged: librdkafka tries, and tells, again and again. The last is then
 * t->last. Reason may be NULL. */
bool trouble_note(struct trouble *t, int error, const char *reason);
void trouble_over(struct trouble *t);

/* Notes it, and logs what is news. */
void trouble_tell(struct trouble *t, const struct program *program, int error, const char *reason);

#endif
