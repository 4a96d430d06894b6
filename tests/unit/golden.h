/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef TESTS_UNIT_GOLDEN_H
#define TESTS_UNIT_GOLDEN_H
/*
 * A golden letter, of any kind: tests/golden/<kind>.<language>[.<what is special>]/in.json holds the
 * letter's head, its kind's facts, when it was made, how many pages it has, and own_template if the
 * municipality has one.
 */
#include "common/letter/compose.h"
#include "common/problem/scope.h"
#include "common/record/record.h"
#include "common/time/instant.h"
#include "services/letters/letters.h"

/* What in.json says; it lives as long as the scope. NULL if it can not be read. */
static inline json_t *golden_read(struct scope *s, const char *name)
{
    const char *file = arena_printf(s->arena, "tests/golden/%s/in.json", name);
    return arena_value(s->arena, json_load_file(file, 0, NULL));
}

static inline const char *golden_text(const json_t *in, const char *name)
{
    return json_string_value(json_object_get(in, name));
}

/* The letter of that name, of what is in `in`. */
static inline enum problem golden_write(struct scope *s, const char *name, json_t *in,
                                        struct letter *out)
{
    const char *kind_name = arena_strndup(s->arena, name, strcspn(name, "."));
    const struct letter_kind *kind = letter_kind_find(kind_name);
    struct letter_head *head = ARENA_NEW(s->arena, struct letter_head);
    if (!kind || !instant_parse(golden_text(in, "created_at"), &out->created_at))
        return PROBLEM_NOT_FOUND;
    void *facts = arena_alloc(s->arena, kind->of->facts->size);
    TRY(record_from_value(s, &letter_head_record, RECORD_EVENT, in, head));
    TRY(record_from_value(s, kind->of->facts, RECORD_EVENT, in, facts));
    head->sender_where = golden_text(in, "sender_where");
    head->sender_colour = golden_text(in, "sender_colour");
    out->head = head;
    return letter_write(s, kind, facts, golden_text(in, "own_template"), out);
}

#endif
