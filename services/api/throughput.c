/* SPDX-License-Identifier: EUPL-1.2 */
/* The last hour as a small picture: what was received and what was finished, minute by minute. */
#include "services/api/throughput.h"

#include "common/clock.h"
#include "common/db.h"
#include "services/api/queries.h"

enum { MINUTES = 60, WIDE = 12, HIGH = 80, ROOM = 20 };

struct minute {
    int64_t accepted, finished;
};

static json_t *bar(int minute, int64_t count, int64_t most, bool finished)
{
    int height = most ? (int)((count * HIGH + most - 1) / most) : 0;
    return json_pack("{s: i, s: i, s: i, s: i, s: s}", "x", minute * WIDE + (finished ? 5 : 0), "y",
                     HIGH - height, "height", height, "width", 4, "what",
                     finished ? "finished" : "accepted");
}

enum problem throughput_view(struct scope *s, json_t **out)
{
    struct result r;
    struct minute minutes[MINUTES] = { 0 };
    int64_t accepted = 0, finished = 0, most = 0;
    int64_t from = s->now - (int64_t)MINUTES * 60 * SECOND_US;
    TRY(DB_RUN(s, &sql_drift_throughput, &r, param_time(s, from)));
    for (int i = 0; i < r.count; i++) {
        int64_t minute = result_integer(&r, i, "minute");
        if (minute < 0 || minute >= MINUTES)
            continue;
        minutes[minute] = (struct minute){ result_integer(&r, i, "accepted"),
                                           result_integer(&r, i, "finished") };
    }
    for (int i = 0; i < MINUTES; i++) {
        accepted += minutes[i].accepted;
        finished += minutes[i].finished;
        most = minutes[i].accepted > most ? minutes[i].accepted : most;
        most = minutes[i].finished > most ? minutes[i].finished : most;
    }
    json_t *bars = json_array();
    for (int i = 0; i < MINUTES && most; i++) {
        json_array_append_new(bars, bar(i, minutes[i].accepted, most, false));
        json_array_append_new(bars, bar(i, minutes[i].finished, most, true));
    }
    *out = json_pack("{s: o, s: I, s: I, s: I, s: i, s: i, s: i}", "bars", bars, "accepted",
                     (json_int_t)accepted, "finished", (json_int_t)finished, "most",
                     (json_int_t)most, "width", MINUTES * WIDE, "height", HIGH + ROOM, "text_y",
                     HIGH + ROOM - 5);
    return OK;
}
