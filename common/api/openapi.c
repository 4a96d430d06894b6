/* SPDX-License-Identifier: EUPL-1.2 */
/* The OpenAPI document, from the route and record tables: it can't disagree with the code. */
#include "common/api/openapi.h"

#include <string.h>

#include "common/api/api_private.h"
#include "common/http/cookie.h"
#include "common/record/schema.h"

static const char refs[] = "#/components/schemas/";

/* Adds the record, and all that it holds, to the schemas. */
static void add_schema(json_t *schemas, const struct record *record, enum strictness strictness)
{
    if (json_object_get(schemas, record->name))
        return;
    json_object_set_new(schemas, record->name, record_schema(record, strictness, refs));
    for (const struct field *f = record->fields; f->name; f++)
        if (f->record)
            add_schema(schemas, f->record, strictness);
}

static json_t *json_content(const struct record *record)
{
    return json_pack("{s: {s: {s: s+}}}", "application/json", "schema", "$ref", refs,
                     record->name);
}

static json_t *parameter(const char *name, const char *in, bool required, const char *type)
{
    return json_pack("{s: s, s: s, s: b, s: {s: s}}", "name", name, "in", in, "required",
                     required, "schema", "type", type);
}

static json_t *parameters(const struct route *route)
{
    json_t *list = json_array();
    char name[64];
    if (strstr(route->path, "{id}"))
        json_array_append_new(list, parameter("id", "path", true, "string"));
    if (strstr(route->path, "{n}"))
        json_array_append_new(list, parameter("n", "path", true, "integer"));
    for (const char *const *query = route->query; query && *query; query++) {
        size_t length = strcspn(*query, "!");
        memcpy(name, *query, length);
        name[length] = '\0';
        json_array_append_new(list, parameter(name, "query", (*query)[length] == '!', "string"));
    }
    if (route->needs & NEEDS_KEY)
        json_array_append_new(list, parameter("Idempotency-Key", "header", true, "string"));
    if (route->needs & NEEDS_MATCH)
        json_array_append_new(list, parameter("If-Match", "header", true, "string"));
    if (route->needs & NEEDS_LOG && route->needs & NEEDS_TENANTS)
        json_array_append_new(list, parameter("Access-Reason", "header", false, "string"));
    return list;
}

static json_t *answers(const struct route *route)
{
    char status[8];
    json_t *ok = json_pack("{s: s}", "description", "It went well");
    snprintf(status, sizeof(status), "%d", route->success);
    if (route->answer)
        json_object_set_new(ok, "content", json_content(route->answer));
    return json_pack("{s: o, s: {s: s, s: {s: {s: {s: s}}}}}", status, ok, "default",
                     "description", "What went wrong (RFC 9457)", "content",
                     "application/problem+json", "schema", "$ref",
                     "#/components/schemas/problem");
}

/* Who may, and as whom: one of them is enough. On the internal listener staff alone come, with their session. */
static json_t *security(const struct route *route)
{
    json_t *any = json_array();
    if (route->scope)
        json_array_append_new(any, json_pack("{s: [s]}", "system", route->scope));
    if (route->role == ROLE_APPLICANT)
        json_array_append_new(any, json_pack("{s: []}", "citizen"));
    if (route->listener == INTERNAL && route->role != ANYONE)
        json_array_append_new(any, json_pack("{s: []}", "staff"));
    return any;
}

static json_t *operation(const struct route *route)
{
    json_t *op = json_pack("{s: s, s: o, s: o}", "summary", route->summary, "parameters",
                           parameters(route), "responses", answers(route));
    json_object_set_new(op, "security", security(route));
    if (route->body) {
        json_t *body = json_content(route->body);
        json_object_set_new(json_object_get(body, "application/json"), "example",
                            record_example(route->body));
        json_object_set_new(op, "requestBody",
                            json_pack("{s: b, s: o}", "required", 1, "content", body));
    }
    return op;
}

static json_t *problem_schema(void)
{
    return json_pack(
        "{s: s, s: [s, s, s], s: {s: {s: s}, s: {s: s}, s: {s: s}, s: {s: s}, s: {s: s},"
        " s: {s: s, s: {s: s, s: {s: {s: s}, s: {s: s}, s: {s: s}}}}}}",
        "type", "object", "required", "type", "title", "status", "properties", "type", "type",
        "string", "title", "type", "string", "status", "type", "integer", "detail", "type",
        "string", "instance", "type", "string", "errors", "type", "array", "items", "type",
        "object", "properties", "pointer", "type", "string", "code", "type", "string", "detail",
        "type", "string");
}

static void add_route(json_t *paths, json_t *schemas, const struct route *route)
{
    char method[8] = { 0 };
    json_t *path = json_object_get(paths, route->path);
    if (!path) {
        path = json_object();
        json_object_set_new(paths, route->path, path);
    }
    for (size_t i = 0; method_name(route->method)[i]; i++)
        method[i] = (char)(method_name(route->method)[i] | 0x20);
    json_object_set_new(path, method, operation(route));
    if (route->body)
        add_schema(schemas, route->body, RECORD_BODY);
    if (route->answer)
        add_schema(schemas, route->answer, RECORD_EVENT);
}

static json_t *cookie_scheme(const char *cookie, const char *description)
{
    return json_pack("{s: s, s: s, s: s, s: s}", "type", "apiKey", "in", "cookie", "name", cookie,
                     "description", description);
}

static json_t *security_schemes(enum listener listener)
{
    if (listener == INTERNAL)
        return json_pack("{s: o}", "staff",
                         cookie_scheme(STAFF_COOKIE, "The session of one of the staff who has logged in at /logg-inn, "
                                                     "with a role that may"));
    return json_pack("{s: {s: s, s: s, s: s, s: s}, s: o}", "system", "type", "http", "scheme",
                     "bearer", "bearerFormat", "JWT", "description",
                     "A token of Maskinporten with the operation's scope, behind the prefix that it is "
                     "registered with, for an organisation that the municipality has let in",
                     "citizen",
                     cookie_scheme(SESSION_COOKIE, "The session of a citizen who has logged in at /logg-inn: what they "
                                                   "have a part in, and nothing else"));
}

json_t *api_openapi(const struct route *routes, enum listener listener)
{
    json_t *paths = json_object(), *schemas = json_object();
    json_object_set_new(schemas, "problem", problem_schema());
    for (const struct route *route = routes; route->path; route++)
        if (route->summary && route->listener == listener)
            add_route(paths, schemas, route);
    return json_pack("{s: s, s: {s: s, s: s, s: {s: s, s: s}}, s: o, s: {s: o, s: o}}",
                     "openapi", "3.1.0", "info", "title", "Tillit", "version", program_version(),
                     "license", "name", "EUPL-1.2", "identifier", "EUPL-1.2", "paths", paths,
                     "components", "schemas", schemas, "securitySchemes",
                     security_schemes(listener));
}
