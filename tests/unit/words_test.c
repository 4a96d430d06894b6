/* SPDX-License-Identifier: EUPL-1.2 */
/* Words by key and language. That each key is said in the languages of its group, the build sees to. */
#include "tests/unit/table.h"

#include "common/case/case.h"
#include "common/words/problem_words.h"
#include "common/words/words.h"

static const struct {
    const char *name, *kind, *code;
    enum language language;
    const char *want; /* NULL = there is none */
} rows[] = {
    { "the first of all keys", "act_act", "", NB, "Handling" },
    { "of two parts", "next.", "first_talk", NN, "Vi ringjer deg for å snakke om kva som er viktig for deg" },
    { "split elsewhere", "next", ".first_talk", EN, "We call you to talk about what matters to you" },
    { "in bokmål where its group has no English", "skip", "", EN, "Hopp til innholdet" },
    { "no key", "", "", NB, NULL },
    { "the beginning of a key", "ski", "", NB, NULL },
    { "more than a key", "skip", "_", NB, NULL },
    { "before all", "!", "", NB, NULL },
    { "behind all", "~", "", NB, NULL },
};

static void every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        const char *got = words_for(rows[i].language, rows[i].kind, rows[i].code);
        if (rows[i].want)
            CHECK_TEXT(rows[i].name, got, rows[i].want);
        else
            CHECK_INT(rows[i].name, got == NULL, true);
    }
}

/* A reader of English was told of a case that had ended in bokmål. */
static void what_ends_is_told_in_each_language(void **state)
{
    (void)state;
    CHECK_TEXT("nb", case_status_words(CASE_WITHDRAWN, NB), "Søknaden er trukket");
    CHECK_TEXT("nn", case_status_words(CASE_WITHDRAWN, NN), "Søknaden er trekt");
    CHECK_TEXT("en", case_status_words(CASE_WITHDRAWN, EN), "The application is withdrawn");
    for (int i = 0; i < CASE_STATUS_COUNT; i++)
        CHECK_INT(case_status_name((enum case_status)i), case_status_words((enum case_status)i, NN) != NULL, true);
}

static void whatever_is_wrong_has_words(void **state)
{
    (void)state;
    for (int i = 0; i < FAULT_COUNT; i++)
        CHECK_INT(fault_name((enum fault)i), fault_words((enum fault)i, NN) != NULL, true);
    CHECK_TEXT("a problem", problem_words(PROBLEM_STALE, NN), "Nokon andre endra saka samtidig");
    CHECK_TEXT("in English", problem_words(PROBLEM_STALE, EN), problem_title(PROBLEM_STALE));
    for (int i = OK + 1; i < PROBLEM_COUNT; i++)
        CHECK_INT(problem_name((enum problem)i), words_for(NB, "problem.", problem_name((enum problem)i)) != NULL, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_row), cmocka_unit_test(what_ends_is_told_in_each_language),
                                        cmocka_unit_test(whatever_is_wrong_has_words) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
