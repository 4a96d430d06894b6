/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Every door into the system, matched top to bottom. {id} is checked to be a UUID and the body is
 * decoded with the record in the row, so a handler never sees a malformed document.
 */
#include "services/api/routes.h"

#include "services/api/application.h"
#include "services/api/handlers.h"
#include "services/api/operations.h"
#include "services/api/view.h"

static const char *const agenda_query[] = { "team", "from", "to", "cursor", NULL };
static const char *const cause_query[] = { "consumer!", "problem!", NULL };
static const char *const period_query[] = { "from!", "to!", NULL };

/* clang-format off */
const struct route routes[] = {
/*    listener  method path                              handler             role                scope                  needs                                     body                 answer                    success summary                                       query */
    { PUBLIC,   POST, "/api/v1/applications",            application_submit, ROLE_APPLICANT,     "applications.write",  NEEDS_KEY,                                &application_record, &receipt_record,          201,    "Takes an application in, durably",           NULL },
    { PUBLIC,   GET,  "/api/v1/applications/{id}",       application_show,   ROLE_APPLICANT,     "applications.read",   NEEDS_TENANTS,                            NULL,                &application_view_record, 200,    "What became of an application",              NULL },
    { PUBLIC,   GET,  "/api/v1/cases/{id}",              case_show,          ROLE_CASEWORKER,    "cases.read",          NEEDS_TENANTS,                            NULL,                &case_view_record,        200,    "A case, with its reasons and deadlines",     NULL },
    { PUBLIC,   POST, "/api/v1/cases/{id}/contacts",     contact_register,   ROLE_CASEWORKER,    "cases.write",         NEEDS_TENANTS | NEEDS_KEY | NEEDS_MATCH,  &contact_record,     &contact_answer_record,   201,    "Registers a talk with the applicant",        NULL },
    { PUBLIC,   GET,  "/api/v1/cases/{id}/letters/{n}",  letter_show,        ROLE_CASEWORKER,    "cases.read",          NEEDS_TENANTS,                            NULL,                NULL,                     200,    "A letter of the case, as PDF",               NULL },
    { PUBLIC,   GET,  "/api/v1/agenda",                  agenda_show,        ROLE_TEAM_MEMBER,   "agenda.read",         NEEDS_TENANTS,                            NULL,                &agenda_page_record,      200,    "The teams' meetings and their cases",        agenda_query },
    { PUBLIC,   GET,  "/api/v1/indicators",              indicators_show,    ROLE_BENEFIT_OWNER, "indicators.read",     NEEDS_TENANTS,                          NULL,                &indicators_record,       200,    "Benefit indicators of a period",             period_query },
    { PUBLIC,   GET,  "/openapi.json",                   openapi_show,       ANYONE,             NULL,                  0,                                        NULL,                NULL,                     200,    NULL,                                         NULL },
    { PUBLIC,   GET,  "/soknad",                         form_show,          ROLE_APPLICANT,     NULL,                  0,                                        NULL,                NULL,                     200,    NULL,                                         NULL },
    { PUBLIC,   POST, "/soknad",                         form_submit,        ROLE_APPLICANT,     NULL,                  NEEDS_FORM,                               NULL,                NULL,                     303,    NULL,                                         NULL },
    { PUBLIC,   GET,  "/status/{id}",                    status_show,        ROLE_APPLICANT,     NULL,                  NEEDS_TENANTS,                            NULL,                NULL,                     200,    NULL,                                         NULL },
    { PUBLIC,   GET,  "/status/{id}/brev/{n}",           status_letter_show, ROLE_APPLICANT,     NULL,                  NEEDS_TENANTS,                            NULL,                NULL,                     200,    NULL,                                         NULL },
    { PUBLIC,   GET,  "/logg-inn",                       login_begin,        ANYONE,             NULL,                  NEEDS_PATIENCE,                           NULL,                NULL,                     303,    NULL,                                         NULL },
    { PUBLIC,   GET,  "/logg-inn/svar",                  login_answer,       ANYONE,             NULL,                  NEEDS_PATIENCE,                           NULL,                NULL,                     303,    NULL,                                         NULL },
    { PUBLIC,   POST, "/logg-ut",                        logout,             ROLE_APPLICANT,     NULL,                  NEEDS_FORM,                               NULL,                NULL,                     200,    NULL,                                         NULL },
    { PUBLIC,   GET,  "/logget-ut",                      logged_out_show,    ANYONE,             NULL,                  0,                                        NULL,                NULL,                     200,    NULL,                                         NULL },
    { PUBLIC,   GET,  "/logg-ut/varsel",                 logout_front,       ANYONE,             NULL,                  0,                                        NULL,                NULL,                     200,    NULL,                                         NULL },
    { PUBLIC,   POST, "/logg-ut/varsel",                 logout_back,        ANYONE,             NULL,                  NEEDS_FORM,                               NULL,                NULL,                     200,    NULL,                                         NULL },
    { PUBLIC,   GET,  "/prov",                           prov_show,          ANYONE,             NULL,                  0,                                        NULL,                NULL,                     200,    NULL,                                         NULL },
    { PUBLIC,   GET,  "/assets/{name}",                  asset_show,         ANYONE,             NULL,                  0,                                        NULL,                NULL,                     200,    NULL,                                         NULL },
    { INTERNAL, GET,  "/drift",                          drift_show,         ROLE_OPERATOR,      NULL,                  NEEDS_TENANTS,                            NULL,                NULL,                     200,    NULL,                                         NULL },
    { INTERNAL, GET,  "/drift/cause",                    cause_page,         ROLE_OPERATOR,      NULL,                  NEEDS_TENANTS,                            NULL,                NULL,                     200,    NULL,                                         NULL },
    { INTERNAL, GET,  "/drift/parked/{id}",              parked_page,        ROLE_OPERATOR,      NULL,                  NEEDS_TENANTS,                            NULL,                NULL,                     200,    NULL,                                         NULL },
    { INTERNAL, GET,  "/drift/acts",                     acts_page,          ROLE_OPERATOR,      NULL,                  NEEDS_TENANTS,                            NULL,                NULL,                     200,    NULL,                                         NULL },
    { INTERNAL, POST, "/drift/acts",                     act_form,           ROLE_OPERATOR,      NULL,                  NEEDS_TENANTS | NEEDS_FORM,               NULL,                NULL,                     303,    NULL,                                         NULL },
    { INTERNAL, GET,  "/api/v1/operations/causes",       operations_causes,  ROLE_OPERATOR,      NULL,                  NEEDS_TENANTS,                            NULL,                &causes_record,           200,    "What is parked, by cause",                   NULL },
    { INTERNAL, GET,  "/api/v1/operations/parked",       operations_parked_list, ROLE_OPERATOR,      NULL,                  NEEDS_TENANTS,                           NULL,                &parked_list_record,      200,    "The parked events of a cause",               cause_query },
    { INTERNAL, GET,  "/api/v1/operations/parked/{id}",  operations_parked,  ROLE_OPERATOR,      NULL,                  NEEDS_TENANTS,                            NULL,                &parked_record,           200,    "A parked event, with its case's other events", NULL },
    { INTERNAL, GET,  "/api/v1/operations/acts",         operations_acts,    ROLE_OPERATOR,      NULL,                  NEEDS_TENANTS,                            NULL,                &acts_record,             200,    "Operators' acts, with who and why",          NULL },
    { INTERNAL, POST, "/api/v1/operations/acts",         operations_ask,     ROLE_OPERATOR,      NULL,                  NEEDS_TENANTS | NEEDS_KEY,                &act_request_record, &act_answer_record,       202,    "Asks for an act",                            NULL },
    { INTERNAL, GET,  "/assets/{name}",                  asset_show,         ANYONE,             NULL,                  0,                                        NULL,                NULL,                     200,    NULL,                                         NULL },
    { INTERNAL, GET,  "/healthz/ready",                  ready_show,         ANYONE,             NULL,                  NEEDS_TENANTS,                            NULL,                NULL,                     200,    NULL,                                         NULL },
    { .path = NULL },
};
/* clang-format on */
