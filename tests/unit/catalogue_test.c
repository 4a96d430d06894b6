/* SPDX-License-Identifier: EUPL-1.2 */
/* The service catalogue against the contract's words. */
#include "tests/unit/table.h"

#include "common/case/people.h"
#include "common/who/role.h"
#include "common/words/catalogue.h"

static void every_service(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int step;
        const char *department;
    } rows[] = {
        { "FRISKLIV", 1, "ho" }, { "FYSERG", 2, "ho" },   { "HVREHAB", 2, "ho" }, { "HJM", 2, "ho" },
        { "TRALARM", 2, "ho" },  { "STOTTE", 2, "il" },   { "MAT", 2, "ho" },     { "TT", 2, "forward" },
        { "PRAKT", 3, "ho" },    { "OPPL", 3, "il" },     { "HSH", 3, "ho" },     { "PSYKRUS", 3, "il" },
        { "DAG", 3, "both" },    { "BPA", 3, "both" },    { "OMSTON", 3, "both" }, { "AVLU", 3, "both" },
        { "AVLI", 4, "both" },   { "PAROPP", 1, "both" }, { "KORT", 4, "ho" },    { "OMSB", 3, "both" },
        { "HDO", 5, "both" },    { "LANG", 6, "ho" },     { "IP", 1, "both" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct service *service = service_find(rows[i].code);
        if (!service)
            fail_msg("%s is not in the catalogue", rows[i].code);
        CHECK_INT(rows[i].code, service->step, rows[i].step);
        CHECK_TEXT(rows[i].code, department_codes[service->department], rows[i].department);
        CHECK_INT(rows[i].code, service->nb[0] && service->nn[0] && service->en[0] && service->about[0], true);
        CHECK_INT(rows[i].code, services_share_need(rows[i].code, rows[i].code), true); /* it meets a need */
    }
    size_t count = 0;
    for (; service_codes[count]; count++)
        CHECK_TEXT("code and service", services[count].code, service_codes[count]);
    CHECK_INT("services", count, ROWS(rows));
    CHECK_INT("the end", services[count].code == NULL, true);
    CHECK_INT("no such service", service_find("NAV") == NULL, true);
}

static void ordered_by_step_then_code(void **state)
{
    (void)state;
    for (const struct service *s = services; s[1].code; s++)
        CHECK_INT(s[1].code, s->step < s[1].step || (s->step == s[1].step && strcmp(s->code, s[1].code) < 0), true);
}

static void needs_in_common(void **state)
{
    (void)state;
    static const struct {
        const char *name, *one, *other;
        bool shared;
    } rows[] = {
        { "safety", "TRALARM", "LANG", true },       { "function", "FRISKLIV", "HVREHAB", true },
        { "household", "MAT", "PRAKT", true },       { "care", "HSH", "BPA", true },
        { "health", "PSYKRUS", "HSH", true },        { "social", "STOTTE", "DAG", true },
        { "skills", "OPPL", "PSYKRUS", true },       { "relief", "OMSTON", "KORT", true },
        { "housing", "OMSB", "HDO", true },          { "a plan stands alone", "IP", "OPPL", false },
        { "so does the card", "TT", "TRALARM", false }, { "meals are no company", "MAT", "STOTTE", false },
        { "an alarm is no home help", "TRALARM", "PRAKT", false }, { "no such service", "NAV", "HSH", false },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        CHECK_INT(rows[i].name, services_share_need(rows[i].one, rows[i].other), rows[i].shared);
        CHECK_INT(rows[i].name, services_share_need(rows[i].other, rows[i].one), rows[i].shared);
    }
}

static void talks(void **state)
{
    (void)state;
    static const struct {
        const char *name, *items[3];
        size_t count;
        bool promised;
    } rows[] = {
        { "nothing ticked", { NULL }, 0, true },
        { "the card alone", { "TT" }, 1, false },
        { "home nursing", { "HSH" }, 1, true },
        { "the card and home nursing", { "TT", "HSH" }, 2, true },
        { "home nursing and the card", { "HSH", "TT" }, 2, true },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].name, talk_promised(&(struct texts){ rows[i].items, rows[i].count }), rows[i].promised);
}

static void codes_are_found_by_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *const *codes;
        const char *code;
        int place;
    } rows[] = {
        { department_codes, "ho", HO }, { department_codes, "forward", FORWARD },
        { language_codes, "nn", NN },   { who_codes, "staff", WHO_STAFF },
        { urgency_codes, "acute", 2 },  { urgency_codes, "p0", -1 },
        { urgency_codes, "", -1 },      { urgency_codes, NULL, -1 },
        { deadline_kind_codes, "preliminary_reply", PRELIMINARY_REPLY },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].code ? rows[i].code : "NULL", code_index(rows[i].codes, rows[i].code), rows[i].place);
}

static void bits_stand_in_the_order_of_their_codes(void **state)
{
    (void)state;
    static const struct {
        const char *const *codes;
        const char *code;
        unsigned bit;
    } rows[] = {
        { role_codes, "applicant", ROLE_APPLICANT },
        { role_codes, "caseworker", ROLE_CASEWORKER },
        { role_codes, "team_leader", ROLE_TEAM_LEADER },
        { role_codes, "team_member", ROLE_TEAM_MEMBER },
        { role_codes, "benefit_owner", ROLE_BENEFIT_OWNER },
        { role_codes, "privacy_officer", ROLE_PRIVACY_OFFICER },
        { role_codes, "administrator", ROLE_ADMINISTRATOR },
        { role_codes, "operator", ROLE_OPERATOR },
        { role_codes, "system", ROLE_SYSTEM },
        { part_codes, "submitter", PART_SUBMITTER },
        { part_codes, "applicant", PART_APPLICANT },
        { part_codes, "party", PART_PARTY },
        { part_codes, "recipient", PART_RECIPIENT },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].code, (int)(1u << code_index(rows[i].codes, rows[i].code)), (int)rows[i].bit);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_service), cmocka_unit_test(ordered_by_step_then_code),
                                        cmocka_unit_test(needs_in_common), cmocka_unit_test(talks),
                                        cmocka_unit_test(codes_are_found_by_their_place),
                                        cmocka_unit_test(bits_stand_in_the_order_of_their_codes) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
