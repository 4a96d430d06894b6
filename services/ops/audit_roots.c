/* SPDX-License-Identifier: EUPL-1.2 */
/* The roots that left the machine, against the chains as they are. The file is read as it comes: it may be years long. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "common/program/program.h"
#include "common/record/format.h"
#include "services/ops/audit.h"
#include "services/ops/audit_private.h"
#include "services/ops/queries.h"

enum { LONGEST_LINE = 65536 };

struct roots {
    const char *municipalities[AUDIT_PAGE];
    int64_t numbers[AUDIT_PAGE];
    const char *values[AUDIT_PAGE]; /* hexadecimal */
    size_t count;
};

static bool is_root(const char *municipality, const char *n, const char *value)
{
    return municipality && text_has_format(municipality, FORMAT_MUNICIPALITY) && n &&
           strlen(n) < 19 && strspn(n, "0123456789") == strlen(n) && *n && value &&
           strlen(value) == 2 * (size_t)CHAIN_BYTES;
}

/* Adds what the line says, if it is one of scheduling's. */
static void take_line(struct scope *s, struct audit *audit, const char *line,
                      struct roots *roots)
{
    json_t *said = arena_value(s->arena, json_loads(line, 0, NULL));
    if (!said)
        return;
    const char *msg = json_string_value(json_object_get(said, "msg"));
    const char *municipality = json_string_value(json_object_get(said, "municipality"));
    const char *n = json_string_value(json_object_get(said, "n"));
    const char *value = json_string_value(json_object_get(said, "root"));
    if (!msg || strcmp(msg, "access chain") != 0)
        return;
    audit->roots++;
    if (!is_root(municipality, n, value)) {
        audit_wrong(audit, "file", NULL, "a root of the file is not well-formed");
        return;
    }
    roots->municipalities[roots->count] = municipality;
    roots->numbers[roots->count] = atoll(n);
    roots->values[roots->count++] = value;
}

static void compare(struct scope *s, struct audit *audit, const struct result *r, int row,
                    const char *value)
{
    size_t length;
    char hex[2 * CHAIN_BYTES + 1] = "";
    const char *municipality = result_text(r, row, "municipality"), *n = result_text(r, row, "n");
    const unsigned char *h = result_bytes(s, r, row, "h", &length);
    if (!h) {
        audit_wrong(audit, municipality, n, "the chain was cut off: its root had left the machine");
        return;
    }
    if (length == CHAIN_BYTES)
        sodium_bin2hex(hex, sizeof(hex), h, length);
    if (strcmp(hex, value) != 0)
        audit_wrong(audit, municipality, n, "another root had left the machine");
}

static enum problem roots_page(struct scope *s, void *context)
{
    struct audit *audit = context;
    struct roots *roots = ARENA_NEW(s->arena, struct roots);
    struct result r;
    char *line = arena_alloc(s->arena, LONGEST_LINE);
    while (roots->count < AUDIT_PAGE && fgets(line, LONGEST_LINE, audit->file))
        take_line(s, audit, line, roots);
    audit->got = (int)roots->count;
    TRY(DB_RUN(s, &sql_audit_roots, &r,
               param_list(s, roots->municipalities, roots->count),
               param_integers(s, roots->numbers, roots->count)));
    for (int i = 0; i < r.count; i++)
        compare(s, audit, &r, i, roots->values[result_integer(&r, i, "place") - 1]);
    return OK;
}

enum problem audit_roots(struct program *program, struct audit *audit)
{
    return audit_pages(program, audit, roots_page);
}
