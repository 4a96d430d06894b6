/* SPDX-License-Identifier: EUPL-1.2 */
#include "common/operator/replay.h"

#include <stdio.h>
#include <string.h>

#include "common/base/uuid.h"
#include "common/operator/queries.h"
#include "common/time/instant.h"

enum problem replay_begin(struct replay *replay, const char *from)
{
    unsigned char uuid[16];
    *replay = (struct replay){ .case_id = "00000000-0000-0000-0000-000000000000" };
    if (uuid_parse(from, uuid))
        replay->only = from;
    else if (strcmp(from, "all") != 0 && !instant_parse(from, &replay->since))
        return PROBLEM_MALFORMED;
    return OK;
}

enum problem replay_page(struct scope *s, struct replay *replay)
{
    struct result r;
    TRY(DB_RUN(s, &sql_replay_page, &r, param_text(replay->case_id),
               param_integer(s, replay->case_seq),
               replay->since ? param_time(s, replay->since) : param_text(NULL),
               param_text(replay->only), param_integer(s, REPLAY_PAGE)));
    replay->count = r.count;
    if (r.count > 0) {
        snprintf(replay->case_id, sizeof(replay->case_id), "%s",
                 result_text(&r, r.count - 1, "case_id"));
        replay->case_seq = result_integer(&r, r.count - 1, "case_seq");
    }
    return OK;
}

enum problem replay_all(struct scope *s, const char *from, int64_t *events)
{
    struct replay replay;
    TRY(replay_begin(&replay, from));
    do {
        TRY(replay_page(s, &replay));
        *events += replay.count;
    } while (replay.count == REPLAY_PAGE);
    return OK;
}
