/* SPDX-License-Identifier: EUPL-1.2 */
/* --replay-from: sends the log, or a part of it, to Kafka once more, page by page, and tells how far. */
#include <stdio.h>

#include "common/db/transact.h"
#include "common/operator/replay.h"
#include "common/program/program.h"
#include "services/relay/relay.h"

static enum problem send_page(struct scope *s, void *context)
{
    return replay_page(s, context);
}

int replay(struct program *program, const char *from)
{
    struct replay place;
    if (replay_begin(&place, from)) {
        fprintf(stderr, "tillit-relay: --replay-from takes all, a time (RFC 3339) or a case id\n");
        return 2;
    }
    struct scope s = scope_open(program);
    long long total = 0;
    enum problem p;
    do {
        scope_reset(&s);
        p = program_transact(program, &s, send_page, &place);
        total += p ? 0 : place.count;
        fprintf(stderr, "\rtillit-relay: %lld events to be sent again", total);
    } while (!p && place.count == REPLAY_PAGE);
    fprintf(stderr, "\n");
    if (p)
        fprintf(stderr, "tillit-relay: stopped: %s\n", s.detail ? s.detail : problem_title(p));
    scope_close(&s);
    return p ? 1 : 0;
}
