/* SPDX-License-Identifier: EUPL-1.2 */
/* The questions in the order they are asked; what matters to the person comes first. */
#include "services/api/form/table.h"

#include <string.h>

#include "common/problem/scope.h"
#include "common/who/who.h"
#include "common/words/catalogue.h"

static const char *const yes_no[] = { "yes", "no", NULL };
static const char *const confirmation[] = { "true", NULL };

/* clang-format off */
static const struct question matters[] = {
    { .name = "what_matters", .ask = ASK_LONG },
    { .name = "copes_with",   .ask = ASK_LONG },
    { .name = "wants",        .ask = ASK_LONG },
    { 0 },
};
static const struct question needs[] = {
    { .name = "needs",     .ask = ASK_LONG },
    { .name = "household", .ask = ASK_ONE, .choices = household_codes },
    { 0 },
};
static const struct question urgency[] = {
    { .name = "urgency",            .ask = ASK_ONE, .choices = urgency_codes },
    { .name = "urgency_reason",     .ask = ASK_LONG },
    { .name = "in_hospital",        .ask = ASK_YES_NO, .choices = yes_no },
    { .name = "expected_discharge", .ask = ASK_DATE },
    { 0 },
};
static const struct question wanted[] = {
    { .name = "services", .ask = ASK_MANY, .choices = service_codes },
    { 0 },
};
static const struct question submitter[] = {
    { .name = "submitter/role",        .ask = ASK_ONE, .choices = submitter_role_codes },
    { .name = "submitter/name",        .ask = ASK_TEXT,   .autocomplete = "name" },
    { .name = "submitter/national_id", .ask = ASK_NUMBER },
    { .name = "submitter/phone",       .ask = ASK_PHONE,  .autocomplete = "tel" },
    { .name = "submitter/email",       .ask = ASK_EMAIL,  .autocomplete = "email" },
    { .name = "submitter/basis",       .ask = ASK_ONE, .choices = basis_codes, .other = true },
    { 0 },
};
static const struct question applicant[] = {
    { .name = "applicant/name",                .ask = ASK_TEXT,   .other = true },
    { .name = "applicant/national_id",         .ask = ASK_NUMBER, .other = true },
    { .name = "applicant/phone",               .ask = ASK_PHONE,  .other = true },
    { .name = "applicant/address/line",        .ask = ASK_TEXT,   .other = true },
    { .name = "applicant/address/postal_code", .ask = ASK_NUMBER, .other = true },
    { .name = "applicant/interpreter",         .ask = ASK_TEXT,   .other = true },
    { 0 },
};
static const struct question confirm[] = {
    { .name = "consents",  .ask = ASK_MANY, .choices = consent_codes },
    { .name = "confirmed", .ask = ASK_TRUE, .choices = confirmation },
    { 0 },
};

const struct form_part form_parts[] = {
    { "matters",   matters },
    { "needs",     needs },
    { "urgency",   urgency },
    { "services",  wanted },
    { "submitter", submitter },
    { "applicant", applicant },
    { "confirm",   confirm },
    { 0 },
};
/* clang-format on */

bool question_answered(const struct scope *s, const struct question *question)
{
    return s->who && s->who->person && strcmp(question->name, "submitter/national_id") == 0;
}
