/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_LOGIN_PROV_H
#define SERVICES_API_LOGIN_PROV_H
/* Synthetic people whom anyone may be in a trial: TILLIT_SYNTHETIC=on alone. */
#include <stdbool.h>

struct program;

/* Whether there is one of that code. */
bool synthetic_known(const char *code);

/* Prints the page on which a trial's issuer logs them in (tillit-api --prov). */
int prov_print(struct program *program, const char *argument);

#endif
