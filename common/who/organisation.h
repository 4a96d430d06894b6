/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_WHO_ORGANISATION_H
#define COMMON_WHO_ORGANISATION_H
/* Organisation numbers of Enhetsregisteret. */
#include <stdbool.h>

/* Whether the ninth of nine digits follows from the others (modulus 11). */
bool organisation_valid(const char *nine_digits);

#endif
