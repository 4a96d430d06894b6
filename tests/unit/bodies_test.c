/* SPDX-License-Identifier: EUPL-1.2 */
/* with: api. Whatever a body holds and lacks, it is taken or refused at places that there are. */
#include "tests/unit/mixtures.h"
#include "tests/unit/without_main.h"

#include "common/people.h"
#include "common/program.h"
#include "services/api/application.h"
#include "services/api/routes.h"

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
    const struct CMUnitTest tests[] = { cmocka_unit_test(once_ended_the_api), cmocka_unit_test(every_body_of_every_route),
                                        cmocka_unit_test(applications_of_citizens),
                                        cmocka_unit_test(people_of_every_document) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
