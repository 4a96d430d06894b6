/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * api: the doors of Tillit, for citizens, other systems, staff and operators.
 *
 *      takes       HTTP
 *      says        application.received, contact.made
 *      writes      applications, cases, contacts
 */
#include <stdio.h>

#include "common/api/openapi.h"
#include "common/api/table.h"
#include "common/start/start.h"
#include "services/api/citizen/refused.h"
#include "services/api/login/prov.h"
#include "services/api/login/session.h"
#include "services/api/login/system.h"
#include "services/api/operations/operations.h"
#include "services/api/own.h"
#include "services/api/routes.h"

static int print_document(enum listener listener)
{
    json_t *document = api_openapi(routes, listener);
    json_dumpf(document, stdout, JSON_INDENT(2));
    json_decref(document);
    return printf("\n") < 0;
}

static int print_openapi(struct program *program, const char *argument)
{
    (void)program;
    (void)argument;
    return print_document(PUBLIC);
}

static int print_openapi_internal(struct program *program, const char *argument)
{
    (void)program;
    (void)argument;
    return print_document(INTERNAL);
}

static int print_routes(struct program *program, const char *argument)
{
    (void)program;
    (void)argument;
    return !routes_print(stdout, routes);
}

static int print_settings(struct program *program, const char *argument)
{
    (void)program;
    (void)argument;
    settings_table(stdout);
    return 0;
}

static const struct program_flag flags[] = {
    { "--openapi", NULL, "prints the API's contract (OpenAPI 3.1)", print_openapi, true, false },
    { "--openapi-internal", NULL, "prints the contract of what the internal listener serves", print_openapi_internal, true, false },
    { "--routes", NULL, "prints the table of routes: a line each, tabs between its columns", print_routes, true, false },
    { "--settings", NULL, "prints the table of all programs' settings in Markdown", print_settings, true, false },
    { "--prov", NULL, "prints the page on which a trial's issuer logs synthetic people in", prov_print, true, false },
    { 0 },
};

int main(int argc, char **argv)
{
    return api_main(
        &(struct api){
            .name = "api",
            .routes = routes,
            .flags = flags,
            .own_new = api_state_new,
            .own_waiting = api_state_waiting,
            .own_ready = api_state_ready,
            .own_free = api_state_free,
            .admit = system_admit,
            .recognise = session_recognise,
            .may = operations_may,
            .turn_away = page_turn_away,
            .explain = page_explain,
        },
        argc, argv);
}
