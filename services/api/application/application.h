/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_APPLICATION_APPLICATION_H
#define SERVICES_API_APPLICATION_APPLICATION_H
/* The application document: its record, and the checks that span fields. */
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

struct receipt { /* the answer to POST /api/v1/applications */
    const char *application_id;
    const char *case_id;
    const char *reference;
    struct instant received_at;
    const char *status_url; /* "/status/<application_id>" */
};

extern const struct record receipt_record;

#endif
