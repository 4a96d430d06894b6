/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_FORM_DOCUMENT_H
#define SERVICES_API_FORM_DOCUMENT_H
/* From the form's fields to the application. */
#include <jansson.h>

struct pairs;
struct scope;

/* The application document from the form's fields: what is left empty is left out, and so is what
 * is not asked of the role that was chosen. The caller owns it (json_decref). */
json_t *form_document(struct scope *s, const struct pairs *fields);

#endif
