/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * After an unclean end: what ends the program three times is parked, whatever it is. A try is noted, in a
 * commit of its own, before a record is looked at; once the log is known to have what it rings for, the
 * event's name is noted with it; and once its events are handled, each has tries of its own.
 */
#include "common/worker/careful.h"

#include <stdio.h>
#include <string.h>

#include "common/kafka/kafka.h"
#include "common/worker/park.h"
#include "common/worker/queries.h"
#include "common/worker/worker.h"
#include "common/worker/worker_private.h"

static enum problem note(struct loop *loop, struct scope *s, struct bell *bell)
{
    struct result r;
    TRY(DB_RUN(s, &sql_worker_place_note, &r, param_text(loop->worker->name),
               param_text(bell->topic), param_integer(s, bell->partition),
               param_integer(s, bell->offset)));
    bell->tries = result_integer(&r, 0, "tries");
    if (bell->tries < CRASHES)
        return OK;
    bell->case_id = result_text(&r, 0, "case_id");
    bell->n = result_integer(&r, 0, "case_seq");
    bell->type = result_text(&r, 0, "type");
    bell->known = bell->case_id != NULL;
    return OK;
}

enum problem record_begin(struct loop *loop, struct scope *s, struct bell *bell, bool *parked)
{
    if (!bell->tries)
        TRY(note(loop, s, bell));
    *parked = bell->tries >= CRASHES;
    loop->record = bell;
    if (!*parked)
        return OK;
    TRY(park_bell(loop, s, bell, PROBLEM_CRASHED, "three tries to read it ended uncleanly", CRASHES));
    return record_past(loop, s, bell);
}

enum problem record_known(struct loop *loop, struct scope *s, const struct bell *bell)
{
    return DB_RUN(s, &sql_worker_place_known, NULL, param_text(loop->worker->name),
                  param_text(bell->topic), param_integer(s, bell->partition),
                  param_text(bell->case_id), param_integer(s, bell->n), param_text(bell->type));
}

enum problem record_past(struct loop *loop, struct scope *s, const struct bell *bell)
{
    loop->record = NULL;
    return DB_RUN(s, &sql_worker_place_past, NULL, param_text(loop->worker->name),
                  param_text(bell->topic), param_integer(s, bell->partition));
}

enum problem event_begin(struct loop *loop, struct scope *s, const struct task *task, bool *crashes)
{
    struct result r;
    const char *name = arena_printf(s->arena, "%s.%lld", task->event.case_id,
                                    (long long)task->event.case_seq);
    *crashes = false;
    if (!loop->careful || strcmp(loop->noted, name) == 0)
        return OK;
    if (loop->record)
        TRY(record_past(loop, s, loop->record));
    snprintf(loop->noted, sizeof(loop->noted), "%s", name);
    TRY(DB_RUN(s, &sql_worker_try_note, &r, param_text(loop->worker->name),
               param_text(task->event.case_id), param_integer(s, task->event.case_seq)));
    *crashes = result_integer(&r, 0, "tries") >= CRASHES;
    return OK;
}
