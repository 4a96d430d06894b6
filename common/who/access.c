/* SPDX-License-Identifier: EUPL-1.2 */
/* From what a handler notes to rows of the access log. */
#include "common/who/access.h"

#include <string.h>

#include "common/base/uuid.h"
#include "common/db/row.h"
#include "common/program/program.h"
#include "common/seal/seal.h"
#include "common/who/chain.h"
#include "common/who/queries.h"
#include "common/who/role.h"
#include "common/who/who.h"

static const char *const act_names[ACCESS_ACT_COUNT] = {
#define ACCESS_ACT(symbol, name) [ACCESS_##symbol] = name,
#define ACCESS_WHAT(symbol, name)
#include "common/who/access.def"
#undef ACCESS_ACT
#undef ACCESS_WHAT
};

static const char *const what_names[ACCESS_WHAT_COUNT] = {
#define ACCESS_ACT(symbol, name)
#define ACCESS_WHAT(symbol, name) [ACCESS_OF_##symbol] = name,
#include "common/who/access.def"
#undef ACCESS_ACT
#undef ACCESS_WHAT
};

struct access_noted {
    struct access_noted *next;
    struct access access;
};

const char *access_act_name(enum access_act act)
{
    return act_names[act];
}

const char *access_what_name(enum access_what what)
{
    return what_names[what];
}

void access_forget(struct accesses *accesses)
{
    accesses->first = NULL;
    accesses->end = &accesses->first;
    accesses->count = 0;
    accesses->by_handler = false;
}

void access_note(struct scope *s, const struct access *access)
{
    struct access_noted *noted = ARENA_NEW(s->arena, struct access_noted);
    noted->access = *access;
    *s->accesses->end = noted;
    s->accesses->end = &noted->next;
    s->accesses->count++;
}

void access_note_search(struct scope *s, enum access_what what, const char *case_id)
{
    const char *list = s->who->tenants;
    bool once = s->who->kind == WHO_CITIZEN; /* what they found nothing of is nobody's */
    for (size_t length; *list; list += once ? strlen(list) : length + (list[length] == ',')) {
        length = strcspn(list, ",");
        access_note(s, &(struct access){ ACCESS_LOOK_UP, what,
                                         arena_strndup(s->arena, list, length), case_id });
    }
}

enum problem access_find(struct scope *s, const char *id, const char **case_id,
                         const char **municipality)
{
    struct result r;
    TRY(DB_RUN(s, &sql_access_find, &r, param_text(id)));
    *case_id = r.count ? result_text(&r, 0, "case_id") : NULL;
    *municipality = r.count ? result_text(&r, 0, "municipality") : NULL;
    return OK;
}

enum problem access_note_of(struct scope *s, enum access_act act, enum access_what what,
                            const char *id)
{
    const char *case_id = NULL, *municipality = NULL;
    if (id)
        TRY(access_find(s, id, &case_id, &municipality));
    if (case_id)
        access_note(s, &(struct access){ act, what, municipality, case_id });
    else
        access_note_search(s, what, NULL);
    return OK;
}

/* "caseworker,operator" */
static const char *roles_held(struct scope *s)
{
    struct texts names = role_names(s, s->who->roles);
    struct buffer b = buffer_new(s->arena);
    for (size_t i = 0; i < names.count; i++)
        buffer_printf(&b, "%s%s", i ? "," : "", names.items[i]);
    return b.text;
}

/* Who asks, as they are now: what they are called later changes nothing here. */
static void say_who(struct scope *s, struct access_row *row)
{
    const struct principal *who = s->who;
    row->kind = who_codes[who->kind];
    row->who = who->staff_id ? who->staff_id : who->client;
    row->name = who->name;
    row->unit = who->unit;
    row->role = who->kind == WHO_STAFF ? roles_held(s) : NULL;
}

static enum problem finish(struct scope *s, const struct access *access, const char *what,
                           const char *reason, struct access_row *out)
{
    struct access_row row = { .id = uuid_v7(s->arena, s->now),
                              .municipality = access->municipality,
                              .at = { s->now },
                              .what = what,
                              .act = act_names[access->act],
                              .case_id = access->case_id,
                              .request_id = s->request_id };
    say_who(s, &row);
    if (reason)
        TRY(seal_close(s, SEAL_ACCESS_REASON, row.municipality, row.id, reason, strlen(reason),
                       &row.reason));
    TRY(chain_row(s, &row, &row.mac));
    *out = row;
    return OK;
}

enum problem access_row_make(struct scope *s, const struct access *access,
                             struct access_row *out)
{
    TRY(finish(s, access, what_names[access->what], NULL, out));
    s->accesses->by_handler = true;
    return OK;
}

/* clang-format off */
static const struct field access_row_fields[] = {
    FIELD(struct access_row, id, .format = FORMAT_UUID), FIELD(struct access_row, municipality),
    FIELD(struct access_row, kind), FIELD(struct access_row, who), FIELD(struct access_row, name, .flags = OPTIONAL),
    FIELD(struct access_row, unit, .flags = OPTIONAL), FIELD(struct access_row, role, .flags = OPTIONAL),
    FIELD(struct access_row, what), FIELD(struct access_row, act), FIELD(struct access_row, at),
    FIELD(struct access_row, case_id, .format = FORMAT_UUID, .flags = OPTIONAL), FIELD(struct access_row, reason),
    FIELD(struct access_row, request_id, .format = FORMAT_UUID, .flags = OPTIONAL), FIELD(struct access_row, mac), { 0 },
};
/* clang-format on */
const struct record access_row_record = RECORD("access_row", struct access_row, access_row_fields);

static enum problem insert(struct scope *s, const struct access_row *rows, size_t count)
{
    struct result r;
    TRY(DB_RUN_RECORDS(s, &sql_access_add, &r, &access_row_record, ((struct list){ rows, count })));
    if ((size_t)r.affected != count)
        return scope_fail(s, PROBLEM_BUG, "%d of %zu accesses were logged", r.affected, count);
    for (size_t i = 0; i < count; i++)
        access_count(s, rows[i].act, 1);
    return OK;
}

enum problem access_write(struct scope *s)
{
    const struct accesses *accesses = s->accesses;
    struct access_row *rows = arena_array(s->arena, accesses->count, sizeof(*rows));
    size_t count = 0;
    for (const struct access_noted *n = accesses->first; n; n = n->next)
        TRY(finish(s, &n->access, what_names[n->access.what], accesses->reason,
                   &rows[count++]));
    return count ? insert(s, rows, count) : OK;
}

enum problem access_write_refusal(struct scope *s, const char *route, const char *municipality,
                                  const char *case_id)
{
    struct access_row row;
    const struct access access = { .act = ACCESS_REFUSED,
                                   .municipality = municipality,
                                   .case_id = case_id };
    TRY(finish(s, &access, route, s->accesses->reason, &row));
    return insert(s, &row, 1);
}

void access_metrics(struct metrics *m)
{
    for (int act = 0; act < ACCESS_ACT_COUNT; act++)
        metric_start(m, METRIC_ACCESSES, LABELS(access_act_name((enum access_act)act)));
}

void access_count(const struct scope *s, const char *act, size_t rows)
{
    metric_add(s->program->metrics, METRIC_ACCESSES, LABELS(act), (double)rows);
}
