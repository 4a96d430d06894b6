/* SPDX-License-Identifier: EUPL-1.2 */
/* National ids: vectors whose checksums were recomputed from the published rule. */
#include "tests/unit/table.h"

#include "common/who/national_id.h"

#define DAY .today = { 2026, 12, 1 }

static const struct national_id_rules now = { DAY }, from_2032 = { .since_2032 = true, DAY },
                                      synthetic = { .synthetic = true, DAY },
                                      help = { .help_numbers = true, DAY };

static const struct {
    const char *number;
    struct national_id_rules rules;
    enum national_id_verdict want;
} rows[] = {
    { "13097248022", now, NATIONAL_ID_OK },
    { "29029648784", now, NATIONAL_ID_OK },
    { "29020075838", now, NATIONAL_ID_OK },
    { "15021951940", now, NATIONAL_ID_OK },
    { "53097248016", now, NATIONAL_ID_OK },
    { "02013299997", now, NATIONAL_ID_DATE }, /* of 2032 */
    { "02013299997", from_2032, NATIONAL_ID_OK },
    { "30108299920", now, NATIONAL_ID_OK },
    { "70108299914", now, NATIONAL_ID_OK },
    { "13527248013", now, NATIONAL_ID_NOT_TAKEN },
    { "13527248013", help, NATIONAL_ID_OK },
    { "13527248013", synthetic, NATIONAL_ID_OK },
    { "68467038838", help, NATIONAL_ID_OK },
    { "10915596784", now, NATIONAL_ID_NOT_TAKEN },
    { "10915596784", synthetic, NATIONAL_ID_OK },
    { "50846202355", synthetic, NATIONAL_ID_OK },
    { "88888888831", now, NATIONAL_ID_NOT_TAKEN },
    { "88888888831", help, NATIONAL_ID_OK },
    { "30108299939", now, NATIONAL_ID_CHECKSUM },
    { "30108299939", from_2032, NATIONAL_ID_OK },
    { "02013299903", from_2032, NATIONAL_ID_OK },
    { "02013299911", from_2032, NATIONAL_ID_OK },
    { "30108299955", from_2032, NATIONAL_ID_OK },
    { "30108299955", now, NATIONAL_ID_CHECKSUM },
    { "13097248032", from_2032, NATIONAL_ID_CHECKSUM },
    { "13097248023", now, NATIONAL_ID_CHECKSUM },
    { "30108299963", from_2032, NATIONAL_ID_CHECKSUM },
    { "02013299987", from_2032, NATIONAL_ID_CHECKSUM },
    { "02013299996", from_2032, NATIONAL_ID_CHECKSUM },
    { "32127248022", from_2032, NATIONAL_ID_CHECKSUM },
    { "13137248022", from_2032, NATIONAL_ID_CHECKSUM },
    { "29020112345", from_2032, NATIONAL_ID_CHECKSUM },
    { "68467038838", now, NATIONAL_ID_NOT_TAKEN },
    { "50846202355", now, NATIONAL_ID_NOT_TAKEN },
    { "10915596784", help, NATIONAL_ID_NOT_TAKEN },
    { "88888888831", synthetic, NATIONAL_ID_NOT_TAKEN },
    { "32127200059", now, NATIONAL_ID_DATE },
    { "31048200160", now, NATIONAL_ID_DATE },
    { "13137200036", now, NATIONAL_ID_DATE },
    { "29020100085", now, NATIONAL_ID_DATE },
    { "1309724802", now, NATIONAL_ID_FORMAT },
    { "130972480222", now, NATIONAL_ID_FORMAT },
    { "1309724802a", now, NATIONAL_ID_FORMAT },
    { "", now, NATIONAL_ID_FORMAT },
};

static void every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].number, national_id_check(rows[i].number, rows[i].rules), rows[i].want);
}

/* A date of birth is none that is yet to come: by plain numbers, D-numbers and all synthetic ones. */
static void nobody_is_born_tomorrow(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int day, month, year, individual;
        bool since_2032, good;
    } births[] = {
        { "today", 1, 12, 26, 500, false, true },           { "yesterday", 30, 11, 26, 999, false, true },
        { "tomorrow", 2, 12, 26, 500, false, false },       { "at New Year", 1, 1, 27, 500, false, false },
        { "in 2030", 31, 12, 30, 750, false, false },       { "in 2039", 1, 1, 39, 999, false, false },
        { "in 1939", 1, 1, 39, 0, false, true },            { "in 1926", 2, 12, 26, 499, false, true },
        { "in 1940, not 2040", 1, 1, 40, 900, false, true },{ "in 1854", 1, 1, 54, 500, false, true },
        { "D, today", 41, 12, 26, 600, false, true },       { "D, tomorrow", 42, 12, 26, 600, false, false },
        { "D, tomorrow, of few", 42, 12, 26, 200, false, false }, { "D, in 1926", 42, 12, 26, 0, false, true },
        { "D, in 1826", 42, 12, 26, 500, false, true },
        { "in 1939 or 2039: numbers of 2032 do not say", 1, 1, 39, 999, true, true },
    };
    static const int months[] = { 0, 40, 65, 80 };
    for (size_t i = 0; i < ROWS(births); i++)
        for (size_t k = 0; k < ROWS(months); k++) {
            const struct national_id_rules rules = { .synthetic = true, .since_2032 = births[i].since_2032, .today = { 2026, 12, 1 } };
            bool taken = false, date = false;
            for (int more = 0; more < 100 && !taken && !date; more++) { /* some have no check digits */
                char text[64];
                enum national_id_verdict verdict = NATIONAL_ID_CHECKSUM;
                for (int check = 0; check < 100 && verdict == NATIONAL_ID_CHECKSUM; check++) {
                    snprintf(text, sizeof(text), "%02d%02d%02d%03d%02d", births[i].day, births[i].month + months[k],
                             births[i].year, births[i].individual + (births[i].individual % 100 ? -more : more), check);
                    verdict = national_id_check(text, rules);
                }
                taken = verdict == NATIONAL_ID_OK;
                date = verdict == NATIONAL_ID_DATE;
            }
            CHECK_INT(births[i].name, taken, births[i].good);
            CHECK_INT(births[i].name, date, !births[i].good);
        }
}

static void one_within_a_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool want;
    } texts[] = {
        { "", false },
        { "13097248022", true },
        { "Gjelder 130972 48022, haster", true },
        { "(130972-48022)", true },
        { "130972.48022", true },
        { "nr 13097248022.", true },
        { "12 og 13097248022", true },
        { "11111111111", true },
        { "1309724802", false },
        { "130972480222", false },
        { "130972  48022", false },
        { "130972 480222", false },
        { "130972 4802", false },
        { "1309724 8022", false },
        { "47 55 12 34 56", false },
        { "2026-11-27 14.30", false },
        { "019cf1a2-7c3e-7aaa-8bbb-a13097248022", false },
        { "a13097248022", false },
        { "13097248022f", false },
        { "130972 48022e", false },
        { "130972 13097248022", true },
        { "130972 ", false },
        { "130972", false },
    };
    for (size_t i = 0; i < ROWS(texts); i++)
        CHECK_INT(texts[i].text, national_id_within(texts[i].text), texts[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_row), cmocka_unit_test(nobody_is_born_tomorrow), cmocka_unit_test(one_within_a_text) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
