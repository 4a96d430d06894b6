/* SPDX-License-Identifier: EUPL-1.2 */
/* with: triage */
#include "tests/unit/table.h"

#include "common/case/rules.h"
#include "common/event/types.h"
#include "common/words/catalogue.h"
#include "services/triage/triage.h"

static const struct {
    const char *name, *services, *urgency;
    bool in_hospital;
    const char *department, *path, *priority;
    int step; /* 0 = absent */
    const char *lower;
} rows[] = {
    { "nothing ticked", "", "none", false, "ho", "caseworker", "p3", 0, "" },
    { "one service", "HSH", "none", false, "ho", "caseworker", "p3", 3, "FRISKLIV HJM HVREHAB" },
    { "acute goes first", "HSH LANG", "acute", false, "ho", "urgent", "p0", 6, "FRISKLIV HJM HVREHAB TRALARM BPA OMSB PSYKRUS KORT HDO" },
    { "in hospital", "KORT", "none", true, "ho", "caseworker", "p1", 4, "FRISKLIV PAROPP HJM HVREHAB TRALARM AVLU BPA DAG HSH OMSB OMSTON PSYKRUS" },
    { "within a week", "MAT", "week", false, "ho", "caseworker", "p2", 2, "" },
    { "both departments", "HSH STOTTE", "none", false, "both", "team", "p3", 3, "FRISKLIV HJM HVREHAB" },
    { "the other department", "STOTTE", "none", false, "il", "caseworker", "p3", 2, "FRISKLIV" },
    { "a shared service follows the others", "DAG STOTTE", "none", false, "il", "caseworker", "p3", 3, "FRISKLIV PAROPP" },
    { "a shared service alone", "DAG", "none", false, "ho", "caseworker", "p3", 3, "FRISKLIV PAROPP STOTTE" },
    { "step five", "HDO", "none", false, "ho", "team", "p3", 5, "HJM HVREHAB TRALARM BPA HSH OMSB KORT" },
    { "user-controlled assistance", "BPA", "none", false, "ho", "team", "p3", 3, "HJM HVREHAB MAT" },
    { "carer's allowance", "OMSTON", "none", false, "ho", "team", "p3", 3, "PAROPP" },
    { "three services", "MAT HJM FYSERG", "none", false, "ho", "team", "p3", 2, "FRISKLIV" },
    { "the transport card does not count", "MAT HJM TT", "none", false, "ho", "caseworker", "p3", 2, "FRISKLIV" },
    { "the transport card alone", "TT", "none", false, "forward", "caseworker", "p3", 0, "" },
    { "the transport card alone, acute", "TT", "acute", false, "forward", "urgent", "p0", 0, "" },
    { "respite in an institution", "AVLI", "none", false, "ho", "caseworker", "p3", 4, "PAROPP AVLU DAG OMSTON" },
    { "care housing is step three", "OMSB", "none", false, "ho", "caseworker", "p3", 3, "HJM TRALARM" },
};

static struct texts split(struct arena *a, const char *words)
{
    const char **items = arena_array(a, 32, sizeof(*items));
    size_t count = 0;
    for (char *word = strtok(arena_strdup(a, words), " "); word; word = strtok(NULL, " "))
        items[count++] = word;
    return (struct texts){ .items = items, .count = count };
}

static const char *join(struct arena *a, const struct texts *texts)
{
    struct buffer b = buffer_new(a);
    for (size_t i = 0; i < texts->count; i++)
        buffer_printf(&b, "%s%s", i ? " " : "", texts->items[i]);
    return b.text;
}

static void every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *a = arena_new();
        const struct application_received in = { .services = split(a, rows[i].services),
                                                 .urgency = rows[i].urgency,
                                                 .in_hospital = rows[i].in_hospital };
        struct triage got = triage_decide(a, &in, &rules_of_the_house);
        CHECK_TEXT(rows[i].name, got.department, rows[i].department);
        CHECK_TEXT(rows[i].name, got.path, rows[i].path);
        CHECK_TEXT(rows[i].name, got.priority, rows[i].priority);
        CHECK_INT(rows[i].name, got.step_asked.known ? got.step_asked.value : 0, rows[i].step);
        CHECK_TEXT(rows[i].name, join(a, &got.lower_services), rows[i].lower);
        CHECK_INT(rows[i].name, got.joint, strcmp(rows[i].department, "both") == 0);
        for (size_t k = 0; k < got.rule_count; k++)
            CHECK_INT(got.rules[k].id, got.rules[k].text[0] != '\0', true);
        arena_free(a);
    }
}

/* The municipality's own limits, and the words that tell of them. */
static void limits_are_the_municipalitys(void **state)
{
    (void)state;
    static const struct {
        const char *name, *services;
        int team_services, team_step;
        const char *path, *why;
    } limits[] = {
        { "two services are enough", "MAT HJM", 2, 5, "team", "Søker om 2 tjenester. Ved 2 eller flere vurderer et team saken." },
        { "three are not", "MAT HJM FYSERG", 4, 5, "caseworker", "Saken kan behandles av én saksbehandler." },
        { "a lower step", "KORT", 3, 4, "team", "Det høyeste trinnet det søkes om, er 4. Fra trinn 4 vurderer et team saken." },
        { "a higher step", "HDO", 3, 6, "caseworker", "Saken kan behandles av én saksbehandler." },
    };
    for (size_t i = 0; i < ROWS(limits); i++) {
        struct arena *a = arena_new();
        const struct rules rules = { .team_services = limits[i].team_services, .team_step = limits[i].team_step };
        const struct application_received in = { .services = split(a, limits[i].services), .urgency = "none" };
        struct triage got = triage_decide(a, &in, &rules);
        CHECK_TEXT(limits[i].name, got.path, limits[i].path);
        CHECK_TEXT(limits[i].name, got.rules[2].text, limits[i].why);
        arena_free(a);
    }
}

static void catalogue_has_every_service(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct service *service = services; service->code; service++, count++) {
        CHECK_INT(service->code, service_find(service->code) == service, true);
        if (count > 0 && (service->step < services[count - 1].step ||
                          (service->step == services[count - 1].step &&
                           strcmp(service->code, services[count - 1].code) < 0)))
            fail_msg("%s is out of order", service->code);
    }
    CHECK_INT("services", count, 23);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_row), cmocka_unit_test(limits_are_the_municipalitys),
                                        cmocka_unit_test(catalogue_has_every_service) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
