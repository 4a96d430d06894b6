/* SPDX-License-Identifier: EUPL-1.2 */
/* What a municipality's number and colour must be. */
#include "tests/unit/table.h"

#include "common/page/colour.h"
#include "common/who/organisation.h"

static void organisation_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *name, *number;
        bool good;
    } rows[] = {
        { "a municipality's", "964338442", true },  { "a synthetic one", "310123455", true },
        { "the control digit is another", "964338443", false },
        { "two digits have changed places", "963438442", false },
        { "a remainder of ten has no digit", "310123030", false },
        { "nearly all alike", "999999998", false },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].name, organisation_valid(rows[i].number), rows[i].good);
}

/* As WebAIM's checker says, in hundredths. */
static void contrasts(void **state)
{
    (void)state;
    static const struct {
        const char *colour;
        int contrast;
    } rows[] = {
        { "#ffffff", 100 }, { "#000000", 2100 }, { "#767676", 454 }, { "#777777", 447 },
        { "#ff0000", 399 }, { "#0000ff", 859 },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].colour, colour_contrast_with_white(rows[i].colour), rows[i].contrast);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(organisation_numbers), cmocka_unit_test(contrasts) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
