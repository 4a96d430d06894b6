/* SPDX-License-Identifier: EUPL-1.2 */
/* Sends the log, or a part of it, to Kafka once more: writes its keys into unsent, page by page. */
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/uuid.h"
#include "services/relay/queries.h"
#include "services/relay/relay.h"

enum { PAGE = 10000 };

struct page {
    const char *case_id; /* the last key so far */
    int64_t case_seq;
    int64_t since;       /* 0 = from the first */
    const char *only;    /* one case, or NULL */
    int count;           /* of this page */
};

static enum problem send_page(struct scope *s, void *context)
{
    struct page *page = context;
    struct result r;
    TRY(DB_RUN(s, &sql_replay_page, &r, param_text(page->case_id),
               param_integer(s, page->case_seq),
               page->since ? param_time(s, page->since) : param_text(NULL),
               param_text(page->only), param_integer(s, PAGE)));
    page->count = r.count;
    if (r.count > 0) {
        page->case_id = arena_strdup(s->program->arena, result_text(&r, r.count - 1, "case_id"));
        page->case_seq = result_integer(&r, r.count - 1, "case_seq");
    }
    return OK;
}

int replay(struct program *program, const char *from)
{
    unsigned char uuid[16];
    struct page page = { .case_id = "00000000-0000-0000-0000-000000000000" };
    if (uuid_parse(from, uuid)) {
        page.only = from;
    } else if (strcmp(from, "all") != 0 && !instant_parse(from, &page.since)) {
        fprintf(stderr, "tillit-relay: --replay-from takes all, a time (RFC 3339) or a case id\n");
        return 2;
    }
    struct scope s = scope_open(program);
    long total = 0;
    enum problem p;
    do {
        scope_reset(&s);
        p = program_transact(program, &s, send_page, &page);
        total += p ? 0 : page.count;
        fprintf(stderr, "\rtillit-relay: %ld events to be sent again", total);
    } while (!p && page.count == PAGE);
    fprintf(stderr, "\n");
    if (p)
        fprintf(stderr, "tillit-relay: stopped: %s\n", s.detail ? s.detail : problem_title(p));
    scope_close(&s);
    return p ? 1 : 0;
}
