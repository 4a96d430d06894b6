/* SPDX-License-Identifier: EUPL-1.2 */
/* The record of the application document and the checks that span fields. */
#include "services/api/application/application.h"

#include <string.h>

#include "common/base/text_same.h"
#include "common/case/people.h"
#include "common/program/program.h"
#include "common/who/who.h"
#include "common/words/catalogue.h"
#include "services/api/case/person.h"
#include "services/api/tenants/municipality.h"

/* clang-format off */
static const struct field submitter_fields[] = {
    FIELD(struct submitter, national_id, .flags = PERSONAL, .format = FORMAT_NATIONAL_ID,
          .example = "\"17834006863\"", .summary = "National identity number of the one who sends"),
    FIELD(struct submitter, name,        .flags = PERSONAL, .max = 200, .example = "\"Kari Prøve\""),
    FIELD(struct submitter, phone,       .flags = PERSONAL | OPTIONAL, .format = FORMAT_PHONE, .example = "\"+47 40 00 00 00\""),
    FIELD(struct submitter, email,       .flags = PERSONAL | OPTIONAL, .format = FORMAT_EMAIL, .max = 254),
    FIELD(struct submitter, role,        .choices = submitter_role_codes, .example = "\"self\"", .summary = "Who the submitter is to the applicant"),
    FIELD(struct submitter, basis,       .flags = OPTIONAL, .choices = basis_codes, .summary = "The authority to apply for another"),
    { 0 },
};
static const struct record submitter_record = { "submitter", sizeof(struct submitter), submitter_fields, NULL };

static const struct field address_fields[] = {
    FIELD(struct address, line,        .flags = PERSONAL | OPTIONAL, .max = 200),
    FIELD(struct address, postal_code, .flags = OPTIONAL, .format = FORMAT_POSTAL_CODE),
    { 0 },
};
static const struct record address_record = { "address", sizeof(struct address), address_fields, NULL };

static const struct field applicant_fields[] = {
    FIELD(struct applicant, national_id, .flags = PERSONAL | OPTIONAL | NULLABLE, .format = FORMAT_NATIONAL_ID,
          .summary = "National identity number of the person the help is for; null if there is none"),
    FIELD(struct applicant, name,        .flags = PERSONAL | OPTIONAL, .max = 200),
    NESTED_FIELD(struct applicant, address, &address_record, .flags = OPTIONAL),
    FIELD(struct applicant, phone,       .flags = PERSONAL | OPTIONAL, .format = FORMAT_PHONE),
    FIELD(struct applicant, interpreter, .flags = OPTIONAL, .max = 50, .summary = "Language of an interpreter, if one is needed"),
    { 0 },
};
static const struct record applicant_record = { "applicant", sizeof(struct applicant), applicant_fields, NULL };

static const struct field application_fields[] = {
    FIELD(struct application, municipality,       .format = FORMAT_MUNICIPALITY, .example = "\"4627\""),
    FIELD(struct application, language,           .choices = language_codes, .example = "\"nb\""),
    NESTED_FIELD(struct application, submitter, &submitter_record),
    NESTED_FIELD(struct application, applicant, &applicant_record, .flags = OPTIONAL),
    FIELD(struct application, what_matters,       .flags = PERSONAL | OPTIONAL, .max = 4000,
          .example = "\"Å bo hjemme og kunne gå i hagen.\"", .summary = "The first question: what matters to you?"),
    FIELD(struct application, copes_with,         .flags = PERSONAL | OPTIONAL, .max = 4000),
    FIELD(struct application, wants,              .flags = PERSONAL | OPTIONAL, .max = 4000),
    FIELD(struct application, needs,              .flags = PERSONAL, .max = 4000, .example = "\"Jeg trenger hjelp til å dusje.\""),
    FIELD(struct application, urgency,            .choices = urgency_codes, .example = "\"none\""),
    FIELD(struct application, urgency_reason,     .flags = PERSONAL | OPTIONAL, .max = 1000),
    FIELD(struct application, in_hospital,        .example = "false"),
    FIELD(struct application, expected_discharge, .flags = OPTIONAL, .format = FORMAT_DATE),
    FIELD(struct application, household,          .choices = household_codes, .example = "\"alone\""),
    FIELD(struct application, services,           .flags = OPTIONAL | UNIQUE, .choices = service_codes, .max_items = 23, .example = "[\"HSH\"]"),
    FIELD(struct application, consents,           .flags = OPTIONAL | UNIQUE, .choices = consent_codes, .max_items = 6),
    FIELD(struct application, confirmed,          .flags = TRUE_ONLY, .example = "true"),
    { 0 },
};

static const struct field receipt_fields[] = {
    FIELD(struct receipt, application_id, .format = FORMAT_UUID),
    FIELD(struct receipt, case_id,        .format = FORMAT_UUID),
    FIELD(struct receipt, reference,      .max = 11),
    FIELD(struct receipt, received_at),
    FIELD(struct receipt, status_url,     .max = 100),
    { 0 },
};
const struct record receipt_record = { "receipt", sizeof(struct receipt), receipt_fields, NULL };
/* clang-format on */

static void check_national_id(struct scope *s, const char *text, bool applicant,
                              const char *pointer)
{
    static const enum fault faults[] = {
        [NATIONAL_ID_FORMAT] = FAULT_FORMAT,     [NATIONAL_ID_DATE] = FAULT_DATE,
        [NATIONAL_ID_CHECKSUM] = FAULT_CHECKSUM, [NATIONAL_ID_NOT_TAKEN] = FAULT_CHOICE,
    };
    if (!text || !*text)
        return;
    enum national_id_verdict verdict = national_id_check(text, number_rules(s, applicant));
    if (verdict)
        scope_fault(s, pointer, faults[verdict]);
}

static void check_municipality(struct scope *s, const void *document)
{
    const struct application *in = document;
    if (!municipality_served(s, in->municipality))
        scope_fault(s, "/municipality", FAULT_CHOICE);
}

static void check_submitter_number(struct scope *s, const void *document)
{
    const struct application *in = document;
    check_national_id(s, in->submitter->national_id, false, "/submitter/national_id");
    if (s->who && s->who->person && strcmp(in->submitter->national_id, s->who->person) != 0)
        scope_fault(s, "/submitter/national_id",
                    FAULT_CHOICE); /* nobody sends in another's name */
}

/* Whoever is in hospital still comes home later, and not in years; days may change while a form is
 * filled in. */
static void check_discharge(struct scope *s, const void *document)
{
    enum { DAYS_BEFORE = 1, DAYS_AFTER = 366 };
    const struct application *in = document;
    struct date today = oslo_date(s->now), day = { 0 };
    date_parse(in->expected_discharge, &day);
    if (date_compare(day, date_add_days(today, -DAYS_BEFORE)) < 0 ||
        date_compare(day, date_add_days(today, DAYS_AFTER)) > 0)
        scope_fault(s, "/expected_discharge", FAULT_RANGE);
}

static bool for_oneself(const struct application *in)
{
    return strcmp(in->submitter->role, "self") == 0;
}

/* For oneself: what the applicant's part says of who one is must be what the submitter said. */
static void check_own_number(struct scope *s, const void *document)
{
    const struct application *in = document;
    if (for_oneself(in) && strcmp(in->applicant->national_id, in->submitter->national_id) != 0)
        scope_fault(s, "/applicant/national_id", FAULT_CHOICE);
}

static void check_own_name(struct scope *s, const void *document)
{
    const struct application *in = document;
    if (for_oneself(in) && !text_same(s->arena, in->applicant->name, in->submitter->name))
        scope_fault(s, "/applicant/name", FAULT_CHOICE);
}

static bool needs_basis(const char *role)
{
    return strcmp(role, "health_worker") && strcmp(role, "municipal") && strcmp(role, "hospital");
}

static void check_authority(struct scope *s, const void *document)
{
    const struct application *in = document;
    if (!for_oneself(in) && needs_basis(in->submitter->role) && !in->submitter->basis)
        scope_fault(s, "/submitter/basis", FAULT_MISSING);
}

static void check_whose(struct scope *s, const void *document)
{
    const struct application *in = document;
    if (!for_oneself(in) && !in->applicant)
        scope_fault(s, "/applicant", FAULT_MISSING);
}

static void check_other(struct scope *s, const void *document)
{
    const struct application *in = document;
    if (for_oneself(in))
        return;
    if (!in->applicant->name)
        scope_fault(s, "/applicant/name", FAULT_MISSING);
    if (!in->applicant->national_id)
        scope_fault(s, "/applicant/national_id", FAULT_MISSING);
    check_national_id(s, in->applicant->national_id, true, "/applicant/national_id");
}

static const struct check application_checks[] = {
    { { "/municipality" }, check_municipality },
    { { "/expected_discharge" }, check_discharge },
    { { "/submitter/national_id" }, check_submitter_number },
    { { "/submitter/role", "/submitter/national_id", "/applicant/national_id" }, check_own_number },
    { { "/submitter/role", "/submitter/name", "/applicant/name" }, check_own_name },
    { { "/submitter/role" }, check_authority },
    { { "/submitter/role" }, check_whose },
    { { "/submitter/role", "/applicant" }, check_other },
    { { 0 }, NULL },
};

const struct record application_record = {
    .name = "application",
    .size = sizeof(struct application),
    .fields = application_fields,
    .checks = application_checks,
};
