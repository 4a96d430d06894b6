/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_APPLICATION_APPLICATION_H
#define SERVICES_API_APPLICATION_APPLICATION_H
/*
 * The application document: its record, the checks that span fields, and taking
 * it in. The form and the API meet here, so that both accept exactly the same.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/record/record.h"

struct applicant;
struct submitter;

struct application {
    const char *municipality;
    const char *language;
    struct submitter *submitter;
    struct applicant *applicant; /* NULL: left out */
    const char *what_matters;
    const char *copes_with;
    const char *wants;
    const char *needs;
    const char *urgency; /* none week acute */
    const char *urgency_reason;
    bool in_hospital;
    const char *expected_discharge;
    const char *household;
    struct texts services;
    struct texts consents;
    bool confirmed;
};

/* With the checks that no single field shows: national ids, who may apply for whom, whether the
 * municipality is served. */
extern const struct record application_record;

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

struct receipt { /* the answer to POST /api/v1/applications */
    const char *application_id;
    const char *case_id;
    const char *reference;
    const char *received_at;
    const char *status_url; /* "/status/<application_id>" */
};

extern const struct record receipt_record;

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
