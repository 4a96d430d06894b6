/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_APPLICATION_SUBMIT_H
#define SERVICES_API_APPLICATION_SUBMIT_H
/* Taking an application in. The form and the API meet here, so that both accept exactly the same. */
#include "common/problem/scope.h"

struct application;

/* What a submission brings besides the document. */
struct submission {
    const char *channel; /* web or api */
    const char *client;  /* whose Idempotency-Key */
    const char *key;
    const void *raw; /* the request's bytes, for the key's hash */
    size_t raw_length;
    bool once; /* the same bytes from the same client within the hour are one application that was sent twice */
    const char *document; /* the JSON to keep, sealed as it is */
    size_t document_length;
};

struct taken {
    const char *answer;   /* the JSON of the receipt */
    const char *location; /* "/api/v1/applications/<application_id>" */
    int64_t before;       /* when the same was sent with another key, and nothing was taken in now; 0 */
};

/* Takes a checked application in: durable when it returns OK. The answer is byte for byte the same
 * for the same key and bytes; PROBLEM_KEY_REUSED for the same key with others, out then tells of the first.
 * PROBLEM_MANY_OPEN: who sends it may send no more for that person, unless it is acute. */
enum problem application_take(struct scope *s, const struct application *in,
                              const struct submission *how, struct taken *out);

/* Whether a citizen who asks has as many open applications for that person as they may: of their own sending alone.
 * NULL is whoever has no number. */
enum problem applications_full(struct scope *s, const char *applicant, bool *out);

#endif
