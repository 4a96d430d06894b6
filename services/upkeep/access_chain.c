/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Chains the access log. A list of 50 cases logs 50 rows at once: were each to wait for the head of a chain, reading would queue.
 * So rows are chained behind the reading, page by page, a municipality at a time; of two instances one does it and the
 * other passes by. The roots leave the machine with the program's log: that the newest rows were cut off shows nowhere else.
 */
#include <sodium.h>
#include <stdio.h>

#include "common/db/transact.h"
#include "common/program/program.h"
#include "common/who/chain.h"
#include "services/upkeep/queries.h"
#include "services/upkeep/upkeep.h"

enum { PAGE = 2000 };

struct page {
    const char *municipality;
    int taken;
    int64_t n; /* of the new root */
    struct bytes root;
};

/* Where the chain ends: 0 and nothing of a new one. */
static enum problem read_head(struct scope *s, struct page *page)
{
    struct result r;
    TRY(DB_RUN(s, &sql_access_head, &r, param_text(page->municipality)));
    page->n = r.count ? result_integer(&r, 0, "n") : 0;
    page->root = (struct bytes){ 0 };
    if (r.count)
        page->root.data = result_bytes(s, &r, 0, "h", &page->root.length);
    return OK;
}

static enum problem chain(struct scope *s, struct page *page, const struct result *taken)
{
    size_t count = (size_t)taken->count;
    int64_t *numbers = arena_array(s->arena, count, sizeof(*numbers));
    const char **ids = arena_array(s->arena, count, sizeof(*ids));
    struct array links = array_new(s, ARRAY_OF_BYTES, count * (CHAIN_BYTES + 4));
    for (size_t i = 0; i < count; i++) {
        struct chain_link link = { .municipality = page->municipality,
                                   .n = ++page->n,
                                   .before = page->root,
                                   .row_id = result_text(taken, (int)i, "access_id") };
        link.row.data = result_bytes(s, taken, (int)i, "mac", &link.row.length);
        TRY(chain_link(s, &link, &page->root));
        numbers[i] = page->n;
        ids[i] = link.row_id;
        array_add_bytes(&links, page->root.data, page->root.length);
    }
    return DB_RUN(s, &sql_access_chain_add, NULL, param_text(page->municipality),
                  param_integers(s, numbers, count), param_ids(s, ids, count),
                  param_array(&links));
}

static enum problem chain_page(struct scope *s, void *context)
{
    struct page *page = context;
    struct result lock, taken;
    page->taken = 0;
    TRY(DB_RUN(s, &sql_access_chain_lock, &lock, param_text(page->municipality)));
    if (!result_flag(&lock, 0, "locked"))
        return OK; /* the other instance is at it */
    TRY(read_head(s, page));
    TRY(DB_RUN(s, &sql_access_take, &taken, param_text(page->municipality),
               param_integer(s, PAGE)));
    page->taken = taken.count;
    return taken.count ? chain(s, page, &taken) : OK;
}

static void say_root(const struct program *program, struct scope *s, const struct page *page)
{
    char n[24], root[2 * CHAIN_BYTES + 1];
    snprintf(n, sizeof(n), "%lld", (long long)page->n);
    sodium_bin2hex(root, sizeof(root), page->root.data, page->root.length);
    LOG_WRITE(program->log, s->now, LOG_LEVEL_INFO, "access chain",
              { LOG_MUNICIPALITY, page->municipality }, { LOG_CHAIN_N, n }, { LOG_ROOT, root });
}

static enum problem chain_municipality(struct program *program, struct scope *tick,
                                       const char *municipality)
{
    struct page page = { .municipality = municipality, .taken = PAGE };
    enum problem p = OK;
    while (!p && page.taken == PAGE) {
        struct scope s = scope_open(program);
        p = program_transact(program, &s, chain_page, &page);
        if (!p && page.taken)
            say_root(program, &s, &page);
        if (p && s.detail)
            scope_fail(tick, p, "%s", s.detail);
        health_alive(program->health);
        scope_close(&s);
    }
    return p;
}

static enum problem pick(struct scope *s, void *context)
{
    return db_run(s, &sql_access_unchained_of, context, NULL, 0);
}

enum problem access_chain_tick(struct program *program, struct scope *s)
{
    struct result due;
    TRY(program_transact(program, s, pick, &due));
    for (int i = 0; i < due.count; i++)
        TRY(chain_municipality(program, s, result_text(&due, i, "municipality")));
    return OK;
}
