/* SPDX-License-Identifier: EUPL-1.2 */
/* Page by page, each in a transaction of its own; what is wrong is said at once. */
#include "common/db/transact.h"
#include "common/program/program.h"
#include "services/ops/audit.h"
#include "services/ops/audit_private.h"

void audit_wrong(struct audit *audit, const char *municipality, const char *n, const char *what)
{
    printf("%s n %s: %s\n", municipality, n ? n : "-", what);
    audit->wrong++;
}

enum problem audit_pages(struct program *program, struct audit *audit,
                         enum problem (*page)(struct scope *s, void *context))
{
    enum problem p = OK;
    for (audit->got = AUDIT_PAGE; !p && audit->got == AUDIT_PAGE;) {
        struct scope s = scope_open(program);
        p = program_transact(program, &s, page, audit);
        if (p)
            fprintf(stderr, "tillit-ops: %s\n", s.detail ? s.detail : problem_title(p));
        scope_close(&s);
    }
    return p;
}
