/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef TESTS_UNIT_MIXTURES_H
#define TESTS_UNIT_MIXTURES_H
/*
 * Documents of a record that nobody thought of: each member absent, null, blank, of a wrong type, too
 * long, not quite right, or right, in all pairs and in seeded random mixtures. TILLIT_SEED repeats a run.
 */
#include <stdlib.h>
#include <time.h>

#include "common/record/encode.h"
#include "common/record/record.h"
#include "tests/unit/table.h"

enum state { RIGHT, ABSENT, NULLED, BLANK, WRONG_TYPE, TOO_LONG, NEARLY, STATES };
enum { SLOTS_MOST = 200, ITEMS = 2 };

/* What a document's members are to be: the n-th that is written is in states[n], the rest right. */
struct mixture {
    enum state states[SLOTS_MOST];
    size_t slots; /* written so far; after writing, how many there were */
    uint64_t random;
    struct arena *arena; /* of one document */
    const char *too_long; /* for every question of a form */
};

static inline uint32_t mixture_random(struct mixture *m, uint32_t below)
{
    m->random = m->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(m->random >> 33) % below;
}

static inline uint64_t mixture_seed(void)
{
    const char *given = getenv("TILLIT_SEED");
    return given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
}

/* Right, and nearly right, by the format. */
static const char *const mixture_texts[FORMAT_COUNT][2] = {
    [FORMAT_ANY] = { "Kari Prøve", "Kari\\u0007" },
    [FORMAT_UUID] = { "01890a5d-ac96-774b-bcce-b302099a8057", "01890A5D-ac96-774b-bcce-b302099a8057" },
    [FORMAT_DATE] = { "2026-12-24", "2026-02-30" },
    [FORMAT_TIME] = { "2026-11-24T10:00:00+01:00", "2026-11-24T10:00:00" },
    [FORMAT_CODE] = { "ho-team", "ho team" },
    [FORMAT_MUNICIPALITY] = { "4627", "46277" },
    [FORMAT_POSTAL_CODE] = { "5300", "530O" },
    [FORMAT_PHONE] = { "+47 40 00 00 00", "40-00-00-00" },
    [FORMAT_EMAIL] = { "kari@example.no", "kari@" },
    [FORMAT_NATIONAL_ID] = { "17834006863", "17834006864" },
    [FORMAT_ORGANISATION] = { "964338442", "964338443" },
    [FORMAT_CLOCK] = { "09:00", "24:00" },
    [FORMAT_COLOUR] = { "#12405c", "#ffffff" },
    [FORMAT_WEB] = { "https://www.example.no", "http://www.example.no" },
};

static inline void write_text(struct mixture *m, struct buffer *b, const struct field *f, enum state state)
{
    size_t choices = 0;
    while (f->choices && f->choices[choices])
        choices++;
    if (choices && state == RIGHT)
        buffer_printf(b, "\"%s\"", f->choices[mixture_random(m, (uint32_t)choices)]);
    else if (state == TOO_LONG) {
        buffer_char(b, '"');
        for (unsigned i = 0; i <= (f->max ? f->max : 300); i++)
            buffer_char(b, 'a');
        buffer_char(b, '"');
    } else if (state == RIGHT && f->max && f->max < 10)
        buffer_text(b, "\"4627\"");
    else
        buffer_printf(b, "\"%s\"", mixture_texts[f->kind == KIND_INSTANT ? FORMAT_TIME : f->format][state == NEARLY]);
}

static inline void write_record(struct mixture *m, struct buffer *b, const struct record *record);

static inline void write_list(struct mixture *m, struct buffer *b, const struct field *f, enum state state)
{
    unsigned count = state == TOO_LONG ? f->max_items + 1 : mixture_random(m, ITEMS + 1);
    buffer_char(b, '[');
    for (unsigned i = 0; i < count && i < 500; i++) {
        buffer_text(b, i ? "," : "");
        if (state == NEARLY)
            buffer_text(b, "7");
        else if (f->kind == KIND_LIST)
            write_record(m, b, f->record);
        else
            write_text(m, b, f, RIGHT);
    }
    buffer_char(b, ']');
}

static inline void write_right(struct mixture *m, struct buffer *b, const struct field *f, enum state state)
{
    switch (f->kind) {
    case KIND_TEXT:
    case KIND_INSTANT:
        write_text(m, b, f, state);
        break;
    case KIND_BOOL:
        buffer_text(b, state == RIGHT || mixture_random(m, 2) ? "true" : "false");
        break;
    case KIND_INTEGER:
    case KIND_MAYBE:
        buffer_text(b, state == TOO_LONG ? "9223372036854775807" : state == NEARLY ? "-9223372036854775808" : "");
        if (state == RIGHT)
            buffer_printf(b, "%u", 1 + mixture_random(m, 6));
        break;
    case KIND_TEXTS:
    case KIND_LIST:
        write_list(m, b, f, state);
        break;
    case KIND_NESTED:
        write_record(m, b, f->record);
        break;
    case KIND_BYTES:
        break;
    }
}

static inline void write_member(struct mixture *m, struct buffer *b, const struct field *f, enum state state)
{
    static const char *const others[] = { [KIND_TEXT] = "7", [KIND_BOOL] = "\"true\"", [KIND_INTEGER] = "\"1\"",
                                          [KIND_MAYBE] = "true", [KIND_INSTANT] = "0", [KIND_TEXTS] = "{}", [KIND_LIST] = "\"\"",
                                          [KIND_NESTED] = "[]" };
    buffer_printf(b, "%s\"%s\":", b->text[b->length - 1] == '{' ? "" : ",", f->name);
    if (state == NULLED)
        buffer_text(b, "null");
    else if (state == BLANK)
        buffer_text(b, f->kind == KIND_NESTED ? "{}" : f->kind == KIND_LIST || f->kind == KIND_TEXTS ? "[]" : "\" \"");
    else if (state == WRONG_TYPE)
        buffer_text(b, others[f->kind]);
    else
        write_right(m, b, f, state);
}

static inline void write_record(struct mixture *m, struct buffer *b, const struct record *record)
{
    buffer_char(b, '{');
    for (const struct field *f = record->fields; f->name; f++) {
        enum state state = m->slots < SLOTS_MOST ? m->states[m->slots] : RIGHT;
        m->slots++;
        if (state != ABSENT)
            write_member(m, b, f, state);
    }
    buffer_char(b, '}');
}

/* Whether the pointer leads to a member of the record, or to an item of its lists. What was refused as
 * unknown is no member: its place is. */
static inline bool leads_somewhere(const struct record *record, const char *pointer)
{
    const struct field *f = NULL;
    while (*pointer) {
        size_t length = strcspn(++pointer, "/");
        if (f && (f->kind == KIND_LIST || f->kind == KIND_TEXTS) && strspn(pointer, "0123456789") == length) {
            record = f->record;
            f = NULL;
        } else {
            const struct field *found = NULL;
            for (const struct field *g = record ? record->fields : NULL; g && g->name && !found; g++)
                if (strncmp(g->name, pointer, length) == 0 && !g->name[length])
                    found = g;
            if (!found)
                return false;
            f = found;
            record = f->kind == KIND_NESTED ? f->record : NULL;
        }
        pointer += length;
    }
    return true;
}

/* What is tried with each document; its text goes with it. */
typedef void (*mixture_try)(const struct record *record, const char *json, size_t length);

static inline void try_mixture(const struct record *record, struct mixture *m, mixture_try try)
{
    struct buffer b = buffer_new(m->arena);
    m->slots = 0;
    write_record(m, &b, record);
    try(record, b.text, b.length);
    arena_reset(m->arena);
}

/* All pairs of members, in all pairs of states where members are few, else in some. */
static inline void try_pairs(const struct record *record, struct mixture *m, mixture_try try)
{
    enum { FEW = 60, ALL_STATES = STATES * STATES, SOME_STATES = 5 };
    try_mixture(record, m, try);
    size_t slots = m->slots < SLOTS_MOST ? m->slots : SLOTS_MOST;
    for (size_t i = 0; i < slots; i++)
        for (size_t k = i; k < slots; k++)
            for (unsigned n = 0; n < (slots > FEW ? SOME_STATES : ALL_STATES); n++) {
                unsigned pair = slots > FEW ? mixture_random(m, ALL_STATES) : n;
                memset(m->states, 0, sizeof(m->states));
                m->states[i] = pair / STATES;
                m->states[k] = pair % STATES;
                try_mixture(record, m, try);
            }
}

/* So many mixtures, from one member that is not right to most. */
static inline void try_random(const struct record *record, struct mixture *m, unsigned count, mixture_try try)
{
    for (unsigned n = 0; n < count; n++) {
        uint32_t wrong = 1 + mixture_random(m, 60); /* percent */
        for (size_t i = 0; i < SLOTS_MOST; i++)
            m->states[i] = mixture_random(m, 100) < wrong ? mixture_random(m, STATES) : RIGHT;
        try_mixture(record, m, try);
    }
}

static inline void try_mixtures(const struct record *record, unsigned random, mixture_try try)
{
    struct mixture m = { .random = mixture_seed(), .arena = arena_new() };
    print_message("%s: TILLIT_SEED=%llu\n", record->name, (unsigned long long)m.random);
    try_pairs(record, &m, try);
    try_random(record, &m, random, try);
    arena_free(m.arena);
}

/* Decodes as a body: accepted, or refused with faults that all lead somewhere. */
static inline void try_body(struct scope *s, const struct record *record, const char *json, size_t length)
{
    void *out = arena_alloc(s->arena, record->size);
    enum problem p = record_from_json(s, record, RECORD_BODY, json, length, out);
    if (p != scope_faults(s))
        fail_msg("%s: refused without a fault (%s): %s", record->name, s->detail ? s->detail : "", json);
    for (const struct field_error *e = s->errors; e; e = e->next)
        if (!leads_somewhere(record, e->pointer))
            fail_msg("%s: the fault at \"%s\" leads nowhere: %s", record->name, e->pointer, json);
    if (!p)
        record_to_json(s, record, out);
}

#endif
