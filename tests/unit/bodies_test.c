/* SPDX-License-Identifier: EUPL-1.2 */
/* with: api. Whatever a body holds and lacks, it is taken or refused at places that there are. */
#include "tests/unit/table.h"

#include "common/case/people.h"
#include "services/api/application/application.h"
#include "services/api/routes.h"
#include "tests/unit/mixtures.h"
#include "tests/unit/without_main.h"

enum { MANY = 100000, SOME = 10000 };

static struct scope scope(void)
{
    static const struct program program = { .settings = { .synthetic = true, .id_2032_from = "2032-01-01" } };
    return (struct scope){ .arena = arena_new(), .program = &program, .now = 1796000000000000 };
}

static void try_of_anyone(const struct record *record, const char *json, size_t length)
{
    struct scope s = scope();
    try_body(&s, record, json, length);
    arena_free(s.arena);
}

/* A citizen's, whose number is known. */
static void try_of_citizen(const struct record *record, const char *json, size_t length)
{
    struct scope s = scope();
    s.who = &(struct principal){ .kind = WHO_CITIZEN, .person = "17834006863" };
    try_body(&s, record, json, length);
    arena_free(s.arena);
}

static void every_body_of_every_route(void **state)
{
    (void)state;
    for (const struct route *route = routes; route->path; route++)
        if (route->body)
            try_mixtures(route->body, route->body == &application_record ? MANY : SOME, try_of_anyone);
}

static void applications_of_citizens(void **state)
{
    (void)state;
    try_mixtures(&application_record, SOME, try_of_citizen);
}

/* What is read back of a document that was taken long ago. */
static void try_people(const struct record *record, const char *json, size_t length)
{
    struct scope s = scope();
    struct people people = { 0 };
    (void)record;
    json_t *value = arena_value(s.arena, json_loadb(json, length, 0, NULL));
    if (people_from_value(&s, value, &people) == OK)
        parts_of(people.submitter->role, people.submitter->basis, &people.services);
    arena_free(s.arena);
}

static void people_of_every_document(void **state)
{
    (void)state;
    try_mixtures(&application_record, SOME, try_people);
}

#define GOOD                                                                                                     \
    "\"municipality\":\"4627\",\"language\":\"nb\",\"needs\":\"x\",\"urgency\":\"none\",\"in_hospital\":false,"          \
    "\"household\":\"alone\",\"confirmed\":true,"
#define SUBMITTER "\"submitter\":{\"national_id\":\"17834006863\",\"name\":\"Åse Prøve\",\"role\":\"self\"}"

/* On Monday 30 November 2026, in Oslo. */
static void named_bodies(void **state)
{
    (void)state;
    static const struct {
        const char *name, *json, *faults;
    } rows[] = {
        { "good", "{" GOOD SUBMITTER "}", "" },
        { "one's own name as another machine writes it", "{" GOOD SUBMITTER ",\"applicant\":{\"name\":\"A\\u030ase Pr\\u00f8ve\"}}", "" },
        { "another's name", "{" GOOD SUBMITTER ",\"applicant\":{\"name\":\"Ase Prøve\"}}", "/applicant/name choice;" },
        { "home yesterday", "{" GOOD SUBMITTER ",\"expected_discharge\":\"2026-11-29\"}", "" },
        { "home the day before", "{" GOOD SUBMITTER ",\"expected_discharge\":\"2026-11-28\"}", "/expected_discharge range;" },
        { "home in a year", "{" GOOD SUBMITTER ",\"expected_discharge\":\"2027-12-01\"}", "" },
        { "home a day later", "{" GOOD SUBMITTER ",\"expected_discharge\":\"2027-12-02\"}", "/expected_discharge range;" },
        { "home for ever", "{" GOOD SUBMITTER ",\"expected_discharge\":\"9999-12-31\"}", "/expected_discharge range;" },
        { "a relative of nobody", "{" GOOD "\"submitter\":{\"national_id\":\"17834006863\",\"name\":\"Å\",\"role\":\"relative\"}}",
          "/submitter/basis missing;/applicant missing;" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = scope();
        struct application in = { 0 };
        struct buffer b = buffer_new(s.arena);
        record_from_json(&s, &application_record, RECORD_BODY, rows[i].json, strlen(rows[i].json), &in);
        for (const struct field_error *e = s.errors; e; e = e->next)
            buffer_printf(&b, "%s %s;", e->pointer, fault_name(e->fault));
        CHECK_TEXT(rows[i].name, b.text, rows[i].faults);
        arena_free(s.arena);
    }
}

static void once_ended_the_api(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "{\"submitter\":{\"role\":\"self\"},\"applicant\":{\"name\":\"x\"}}",
        "{\"submitter\":{\"role\":\"self\",\"name\":7},\"applicant\":{\"name\":\"x\",\"national_id\":\"17834006863\"}}",
    };
    for (size_t i = 0; i < ROWS(bodies); i++) {
        try_of_anyone(&application_record, bodies[i], strlen(bodies[i]));
        try_of_citizen(&application_record, bodies[i], strlen(bodies[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(once_ended_the_api), cmocka_unit_test(named_bodies), cmocka_unit_test(every_body_of_every_route),
                                        cmocka_unit_test(applications_of_citizens),
                                        cmocka_unit_test(people_of_every_document) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
