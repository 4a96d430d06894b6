/* SPDX-License-Identifier: EUPL-1.2 */
/* The facts from the first event again: an auditor's way to the same numbers. */
#include <stdio.h>

#include "common/db/transact.h"
#include "common/worker/worker.h"
#include "services/metrics/metrics.h"
#include "services/metrics/queries.h"

enum { PAGE = 1000 };

struct place {
    char case_id[40];
    int64_t case_seq;
    long total;
};

static enum problem fold_rows(struct scope *s, const struct result *r)
{
    struct event *events = arena_array(s->arena, (size_t)r->count, sizeof(*events));
    struct item *items = arena_array(s->arena, (size_t)r->count, sizeof(*items));
    size_t count = 0;
    for (int i = 0; i < r->count; i++) {
        events[i] = event_from_row(r, i);
        if (events[i].type)
            items[count++].event = &events[i];
    }
    return metrics_fold(s, items, count);
}

/* A scope per page: a log does not fit in memory. */
static enum problem fold_page(struct scope *s, struct place *place, int *count)
{
    struct result r;
    struct scope page = scope_open(s->program);
    page.db = s->db;
    enum problem p = DB_RUN(&page, &sql_log_page, &r, param_text(place->case_id),
                            param_integer(&page, place->case_seq), param_integer(&page, PAGE));
    *count = p ? 0 : r.count;
    if (!p)
        p = fold_rows(&page, &r);
    if (!p && *count > 0) {
        snprintf(place->case_id, sizeof(place->case_id), "%s",
                 result_text(&r, *count - 1, "case_id"));
        place->case_seq = result_integer(&r, *count - 1, "case_seq");
        place->total += *count;
    }
    if (p)
        scope_fail(s, p, "%s", page.detail ? page.detail : problem_title(p));
    scope_close(&page);
    return p;
}

static enum problem rebuild(struct scope *s, void *context)
{
    struct place *place = context;
    int count;
    TRY(db_run(s, &sql_inbox_hold, NULL, NULL, 0));
    TRY(db_run(s, &sql_facts_clear, NULL, NULL, 0));
    do {
        TRY(fold_page(s, place, &count));
        fprintf(stderr, "\rtillit-metrics: %ld events folded", place->total);
    } while (count == PAGE);
    fprintf(stderr, "\n");
    return OK;
}

int metrics_rebuild(struct program *program, const char *argument)
{
    (void)argument;
    struct place place = { .case_id = "00000000-0000-0000-0000-000000000000" };
    struct scope s = scope_open(program);
    enum problem p = program_transact(program, &s, rebuild, &place);
    if (p)
        fprintf(stderr, "tillit-metrics: not rebuilt: %s\n", s.detail ? s.detail : problem_title(p));
    scope_close(&s);
    return p ? 1 : 0;
}
