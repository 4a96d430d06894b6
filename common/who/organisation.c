/* SPDX-License-Identifier: EUPL-1.2 */
/* The control digit of an organisation number. */
#include "common/who/organisation.h"

bool organisation_valid(const char *nine_digits)
{
    static const int weights[] = { 3, 2, 7, 6, 5, 4, 3, 2, 1 };
    int sum = 0;
    for (int i = 0; i < 9; i++)
        sum += weights[i] * (nine_digits[i] - '0');
    return sum % 11 == 0;
}
