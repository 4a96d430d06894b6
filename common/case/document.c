/* SPDX-License-Identifier: EUPL-1.2 */
/* What a row holds sealed, opened. */
#include "common/case/document.h"

enum problem document_open(struct scope *s, enum seal_label label, const struct result *r, int row,
                           struct bytes *out)
{
    size_t length;
    const unsigned char *sealed = result_bytes(s, r, row, "sealed", &length);
    *out = (struct bytes){ 0 };
    if (!sealed)
        return OK;
    return seal_open(s, label, result_text(r, row, "municipality"),
                     result_text(r, row, "document_id"), sealed, length, out);
}

enum problem document_open_json(struct scope *s, enum seal_label label, const struct result *r,
                                int row, json_t **out)
{
    struct bytes plain;
    TRY(document_open(s, label, r, row, &plain));
    *out = arena_value(s->arena, json_loadb((const char *)plain.data, plain.length, 0, NULL));
    return *out ? OK : scope_fail(s, PROBLEM_MALFORMED, "a document is no JSON");
}
