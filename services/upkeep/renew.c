/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A key that is no longer in use leaves the database: what was sealed with it is sealed anew, what was
 * looked up by it gets its index anew. Found by the key that a value names, taken in small commits, and
 * swapped only for the very value that was opened: nobody waits, and two instances do no harm.
 */
#include "services/upkeep/places.h"

#include <string.h>

#include "common/db/transact.h"
#include "common/program/program.h"
#include "common/seal/seal.h"
#include "common/time/clock.h"
#include "services/upkeep/upkeep.h"
#include "services/upkeep/queries.h"

enum {
    BUDGET_MS = 300, /* of a tick: letters wait little longer */
    PICKED = 4000,
};
#define LOOK_AGAIN (3600 * SECOND_US) /* at what was damaged */

/* An old key of a municipality, and those of the place's rows that are in hand. */
struct old_key {
    const struct place *place;
    const char *municipality;
    struct bytes id;
    const char **rows;
    size_t count;
    int64_t left; /* rows that name it */
};

static enum problem seal_anew(struct scope *s, const struct result *rows, int row,
                              struct bytes *out)
{
    enum seal_label label;
    struct bytes plain, sealed = renew_bytes(s, rows, row, "sealed");
    const char *municipality = result_text(rows, row, "municipality"),
               *id = result_text(rows, row, "id");
    if (!seal_label_find(result_text(rows, row, "label"), &label))
        return scope_fail(s, PROBLEM_DAMAGED, "the label of a sealed value is none of ours");
    TRY(seal_open(s, label, municipality, id, sealed.data, sealed.length, &plain));
    return seal_close(s, label, municipality, id, plain.data, plain.length, out);
}

enum problem renew_sealed(struct scope *s, const struct statement *swap, const struct result *rows,
                          struct texts *damaged)
{
    struct array ids = array_new(s, ARRAY_OF_UUID, 0), heads = array_new(s, ARRAY_OF_BYTES, 0),
                 values = array_new(s, ARRAY_OF_BYTES, 0);
    for (int i = 0; i < rows->count; i++) {
        const char *id = result_text(rows, i, "id");
        struct bytes anew;
        enum problem p = seal_anew(s, rows, i, &anew);
        if (p) {
            TRY(renew_pass_over(s, p, id, damaged));
            continue;
        }
        array_add_uuid(&ids, id);
        array_add_bytes(&heads, renew_bytes(s, rows, i, "sealed").data, SEAL_HEAD);
        array_add_bytes(&values, anew.data, anew.length);
    }
    return DB_RUN(s, swap, NULL, param_array(&ids), param_array(&heads),
                  param_array(&values));
}

static enum problem note_damage(struct scope *s, const struct place *place,
                                const struct texts *damaged)
{
    for (size_t i = 0; i < damaged->count; i++) {
        LOG_WRITE(s->program->log, s->now, LOG_LEVEL_ERROR, "a value can not be opened",
                  { LOG_PROBLEM, problem_name(PROBLEM_DAMAGED) },
                  { LOG_DETAIL, arena_printf(s->arena, "%s %s", place->table, damaged->items[i]) });
        metric_add(s->program->metrics, METRIC_DAMAGED_VALUES, LABELS(place->table), 1);
    }
    return damaged->count ? DB_RUN(s, &sql_damage_note, NULL, param_text(place->table),
                                   param_ids(s, damaged->items, damaged->count),
                                   param_time(s, s->now))
                          : OK;
}

/* The rows in hand, in a transaction. */
static enum problem renew_rows(struct scope *s, void *context)
{
    const struct old_key *old = context;
    struct result rows;
    struct texts damaged = { 0 };
    struct param ids = param_ids(s, old->rows, old->count);
    TRY(DB_RUN(s, &sql_damage_forget, NULL, param_text(old->place->table), ids));
    TRY(DB_RUN(s, old->place->open, &rows, ids));
    damaged.items = arena_array(s->arena, (size_t)rows.count, sizeof(char *));
    TRY(old->place->renew(s, old->place->swap, &rows, &damaged));
    metric_add(s->program->metrics, METRIC_RENEWED_VALUES, LABELS(old->place->name),
               (double)((size_t)rows.count - damaged.count));
    return note_damage(s, old->place, &damaged);
}

static enum problem pick(struct scope *s, void *context)
{
    struct old_key *old = context;
    struct result r;
    TRY(DB_RUN(s, &old->place->of_key, &r, param_text(old->municipality),
               param_bytes(old->id.data, old->id.length), param_time(s, s->now - LOOK_AGAIN),
               param_integer(s, PICKED)));
    old->rows = arena_array(s->arena, (size_t)r.count, sizeof(*old->rows));
    for (int i = 0; i < r.count; i++)
        old->rows[old->count++] = result_text(&r, i, "id");
    return OK;
}

/* A scope for each handful, so that what was opened does not lie about. */
static enum problem renew_handful(struct program *program, struct scope *s, struct old_key *old)
{
    struct scope own = scope_open(program);
    enum problem p = program_transact(program, &own, renew_rows, old);
    if (p)
        scope_fail(s, p, "%s", own.detail ? own.detail : problem_title(p));
    scope_close(&own);
    return p;
}

static enum problem renew_key(struct program *program, struct scope *s, struct old_key *old,
                              int64_t until)
{
    TRY(program_transact(program, s, pick, old));
    struct old_key handful = *old;
    size_t at_once = old->place->at_once;
    for (size_t at = 0; at < old->count; at += at_once) {
        handful.rows = old->rows + at;
        handful.count = old->count - at < at_once ? old->count - at : at_once;
        TRY(renew_handful(program, s, &handful));
        if (clock_steady_ms() >= until) /* how slow the database may be: there is one a tick */
            break;
    }
    return OK;
}

struct old_keys {
    const struct place *place;
    struct old_key *items;
    size_t count;
};

static enum problem look(struct scope *s, void *context)
{
    struct old_keys *old = context;
    struct result r;
    TRY(db_run(s, &old->place->keys, &r, NULL, 0));
    old->items = arena_array(s->arena, (size_t)r.count, sizeof(*old->items));
    for (int i = 0; i < r.count; i++) {
        const char *municipality = result_text(&r, i, "municipality");
        struct bytes id = renew_bytes(s, &r, i, "key_id");
        if (id.length == SEAL_KEY_ID && old->place->is_old(s, municipality, id.data))
            old->items[old->count++] = (struct old_key){ old->place, municipality, id, NULL, 0, 0 };
    }
    return OK;
}

void renew_metrics(struct metrics *metrics)
{
    for (int i = 0; i < place_count; i++) {
        metric_start(metrics, METRIC_OLD_VALUES, LABELS(places[i].name));
        metric_start(metrics, METRIC_RENEWED_VALUES, LABELS(places[i].name));
        metric_start(metrics, METRIC_DAMAGED_VALUES, LABELS(places[i].table));
    }
}

enum problem renew_tick(struct program *program, struct scope *s)
{
    int64_t until = clock_steady_ms() + BUDGET_MS;
    for (int i = 0; i < place_count; i++) {
        struct old_keys old = { .place = &places[i] };
        TRY(program_transact(program, s, look, &old));
        for (size_t k = 0; k < old.count; k++)
            TRY(renew_key(program, s, &old.items[k], until));
    }
    return OK;
}

static enum problem count(struct scope *s, void *context)
{
    struct old_key *old = context;
    struct result r;
    TRY(DB_RUN(s, &old->place->count, &r, param_text(old->municipality),
               param_bytes(old->id.data, old->id.length)));
    old->left = result_integer(&r, 0, "named");
    return OK;
}

/* Nothing is counted where no key is old. */
enum problem old_values_tick(struct program *program, struct scope *s)
{
    for (int i = 0; i < place_count; i++) {
        struct old_keys old = { .place = &places[i] };
        int64_t left = 0;
        TRY(program_transact(program, s, look, &old));
        for (size_t k = 0; k < old.count; k++) {
            TRY(program_transact(program, s, count, &old.items[k]));
            left += old.items[k].left;
        }
        metric_set(program->metrics, METRIC_OLD_VALUES, LABELS(places[i].name), (double)left);
    }
    return OK;
}
