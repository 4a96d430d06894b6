/* SPDX-License-Identifier: EUPL-1.2 */
/* Verifying the access log. What was damaged once is said once: behind it the chain is followed from what it says. */
#include "services/ops/audit.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/row.h"
#include "common/program/program.h"
#include "common/seal/keyring.h"
#include "common/time/clock.h"
#include "common/who/access.h"
#include "services/ops/audit_private.h"
#include "services/ops/queries.h"

/* Rows are chained every 10 s; one that took long to commit a little later. */
#define GRACE (60 * SECOND_US)

enum { TELL_MS = 5000 };

static void tell(struct audit *audit, const char *what, long long count)
{
    if (clock_steady_ms() < audit->tell_at)
        return;
    fprintf(stderr, "tillit-ops: %lld %s so far, %lld wrong\n", count, what, audit->wrong);
    audit->tell_at = clock_steady_ms() + TELL_MS;
}

static enum problem keep_place(struct scope *s, struct audit *audit, const char *municipality,
                               const char *at)
{
    if (strlen(municipality) >= sizeof(audit->municipality))
        return scope_fail(s, PROBLEM_DAMAGED, "a municipality is no number of four digits");
    snprintf(audit->municipality, sizeof(audit->municipality), "%s", municipality);
    snprintf(audit->at, sizeof(audit->at), "%s", at);
    return OK;
}

static enum problem rows_page(struct scope *s, void *context)
{
    struct audit *audit = context;
    struct result r;
    TRY(DB_RUN(s, &sql_audit_rows, &r, param_text(audit->municipality), param_text(audit->at),
               param_integer(s, AUDIT_PAGE)));
    for (int i = 0; i < r.count; i++) {
        struct access_row row;
        TRY(record_from_row(s, &access_row_record, &r, i, &row));
        const char *n = result_text(&r, i, "n");
        if (!chain_row_holds(s, &row))
            audit_wrong(audit, row.municipality, n,
                        arena_printf(s->arena, "row %s was changed, or is not ours", row.id));
        if (!n && row.at.us < audit->began - GRACE)
            audit_wrong(audit, row.municipality, NULL,
                        arena_printf(s->arena, "row %s is not in the chain", row.id));
    }
    audit->got = r.count;
    audit->rows += r.count;
    tell(audit, "rows", audit->rows);
    return r.count ? keep_place(s, audit, result_text(&r, r.count - 1, "municipality"),
                                result_text(&r, r.count - 1, "id"))
                   : OK;
}

static void begin_chain(struct audit *audit, const char *municipality)
{
    if (strcmp(audit->municipality, municipality) == 0)
        return;
    audit->last = 0;
    audit->before_length = 0;
}

static struct chain_link link_at(struct scope *s, struct audit *audit, const struct result *r,
                                 int i)
{
    struct chain_link link = { .municipality = result_text(r, i, "municipality"),
                               .n = result_integer(r, i, "n"),
                               .row_id = result_text(r, i, "access_id") };
    link.row.data = result_bytes(s, r, i, "mac", &link.row.length);
    if (audit->before_length)
        link.before = (struct bytes){ audit->before, audit->before_length };
    return link;
}

static enum problem check_link(struct scope *s, struct audit *audit, const struct result *r,
                               int i)
{
    const char *n = result_text(r, i, "n");
    begin_chain(audit, result_text(r, i, "municipality"));
    const struct chain_link link = link_at(s, audit, r, i);
    struct bytes h;
    h.data = result_bytes(s, r, i, "h", &h.length);
    if (link.n != audit->last + 1)
        audit_wrong(audit, link.municipality,
                    arena_printf(s->arena, "%lld", (long long)audit->last + 1),
                    "this link, and maybe more behind it, is gone");
    else if (link.row.data && !chain_link_holds(s, &link, h))
        audit_wrong(audit, link.municipality, n,
                    "the link does not follow from the one before it and its row");
    if (!link.row.data)
        audit_wrong(audit, link.municipality, n,
                    arena_printf(s->arena, "row %s is gone", link.row_id));
    audit->before_length = h.length < CHAIN_BYTES ? h.length : CHAIN_BYTES;
    memcpy(audit->before, h.data, audit->before_length);
    audit->last = link.n;
    return keep_place(s, audit, link.municipality, n);
}

static enum problem links_page(struct scope *s, void *context)
{
    struct audit *audit = context;
    struct result r;
    TRY(DB_RUN(s, &sql_audit_links, &r, param_text(audit->municipality), param_text(audit->at),
               param_integer(s, AUDIT_PAGE)));
    for (int i = 0; i < r.count; i++)
        TRY(check_link(s, audit, &r, i));
    audit->got = r.count;
    audit->links += r.count;
    tell(audit, "links", audit->links);
    return OK;
}

static enum problem verify(struct program *program, struct audit *audit)
{
    snprintf(audit->at, sizeof(audit->at), "00000000-0000-0000-0000-000000000000");
    TRY(audit_pages(program, audit, rows_page));
    audit->municipality[0] = '\0';
    snprintf(audit->at, sizeof(audit->at), "0");
    TRY(audit_pages(program, audit, links_page));
    return audit->file ? audit_roots(program, audit) : OK;
}

/* The words behind "audit verify": nothing, or --roots FILE. */
static bool read_words(char **words, const char *argument, const char **file)
{
    *file = NULL;
    if (strcmp(argument, "verify") != 0)
        return false;
    if (!words || !*words)
        return true;
    *file = strcmp(words[0], "--roots") == 0 ? words[1] : NULL;
    return *file && !words[2];
}

int audit(struct program *program, const char *argument)
{
    const char *path;
    struct audit audit = { .began = clock_now(program->clock),
                           .tell_at = clock_steady_ms() + TELL_MS };
    if (!read_words(program->words, argument, &path)) {
        fprintf(stderr, "tillit-ops: audit verify [--roots FILE]\n");
        return 2;
    }
    program->keyring = keyring_read(program->settings.keyring, stderr);
    if (!program->keyring)
        return 2;
    if (path && !(audit.file = fopen(path, "re"))) {
        fprintf(stderr, "tillit-ops: %s can not be read: %m\n", path);
        return 2;
    }
    enum problem p = verify(program, &audit);
    if (audit.file)
        fclose(audit.file);
    if (p)
        return 1;
    printf("%lld rows, %lld links, %lld roots: ", audit.rows, audit.links, audit.roots);
    printf(audit.wrong ? "%lld wrong\n" : "nothing is wrong\n", audit.wrong);
    return audit.wrong ? 1 : 0;
}
