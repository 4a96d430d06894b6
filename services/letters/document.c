/* SPDX-License-Identifier: EUPL-1.2 */
/* The document that an application is, as it was sent. */
#include "common/seal/seal.h"
#include "services/letters/letters.h"

enum problem document_parse(struct scope *s, struct bytes plain, json_t **out)
{
    *out = arena_value(s->arena, json_loadb((const char *)plain.data, plain.length, 0, NULL));
    return *out ? OK : scope_fail(s, PROBLEM_MALFORMED, "the application's document is no JSON");
}

enum problem application_open(struct scope *s, const struct result *r, int row, json_t **out)
{
    size_t length;
    struct bytes plain;
    const unsigned char *sealed = result_bytes(s, r, row, "sealed", &length);
    TRY(seal_open(s, SEAL_APPLICATION, result_text(r, row, "municipality"),
                  result_text(r, row, "document_id"), sealed, length, &plain));
    return document_parse(s, plain, out);
}
