/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_FORM_CLEAN_H
#define SERVICES_API_FORM_CLEAN_H
/* Reading what was typed or pasted. */
#include "common/problem/scope.h"
#include "services/api/form/table.h"

/* What was answered, without what nobody sees: of a code also without what only parts it, so that
 * what people paste is read as they mean it. Well-formed UTF-8 stays so. */
const char *form_clean(struct scope *s, enum ask ask, const char *text);

#endif
