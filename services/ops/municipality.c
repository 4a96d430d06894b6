/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Municipalities, taken in by their packs. All packs of a call are one transaction: every fault of
 * every pack is named, and nothing is written unless there is none.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/db/transact.h"
#include "common/operator/acts.h"
#include "common/program/program.h"
#include "common/seal/extend.h"
#include "common/seal/keyring.h"
#include "common/words/problem_words.h"
#include "services/ops/ops.h"
#include "services/ops/pack.h"
#include "services/ops/queries.h"

enum { MOST_PACKS = 1000, LARGEST_PACK = 4 << 20 };

/* A pack of the command line. */
struct intake {
    const char *file;
    struct pack pack;
    const char *changes; /* NULL: nothing changed */
};

struct call {
    struct intake *intakes;
    size_t count;
    const char *who, *why;
    int faults;
};

/* Prints what is wrong with a file, and forgets it. */
static void print_faults(struct scope *s, struct call *call, const char *file)
{
    for (const struct field_error *e = s->errors; e; e = e->next, call->faults++)
        fprintf(stderr, "tillit-ops: %s: %s %s: %s%s%s%s\n", file, *e->pointer ? e->pointer : "/",
                fault_name(e->fault), fault_words(e->fault, EN), e->why ? " (" : "",
                e->why ? e->why : "", e->why ? ")" : "");
    if (!s->errors && s->detail) {
        fprintf(stderr, "tillit-ops: %s: %s\n", file, s->detail);
        call->faults++;
    }
    s->errors = s->last_error = NULL;
    s->detail = NULL;
}

static enum problem read_bytes(struct scope *s, int file, struct buffer *out)
{
    char block[65536];
    ssize_t length;
    while ((length = read(file, block, sizeof(block))) > 0) {
        buffer_add(out, block, (size_t)length);
        if (out->length > LARGEST_PACK)
            return scope_fail(s, PROBLEM_MALFORMED, "is larger than 4 MB");
    }
    return length < 0 ? scope_fail(s, PROBLEM_MALFORMED, "can not be read: %m") : OK;
}

static enum problem read_pack(struct scope *s, struct intake *in)
{
    struct buffer text = buffer_new(s->arena);
    int file = open(in->file, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return scope_fail(s, PROBLEM_MALFORMED, "can not be read: %m");
    enum problem p = read_bytes(s, file, &text);
    close(file);
    return p ? p : record_from_json(s, &pack_record, RECORD_BODY, text.text, text.length, &in->pack);
}

/* A municipality is taken in once in a call, and an organisation number is one municipality's. */
static void check_against_earlier(struct scope *s, const struct call *call, const struct intake *in)
{
    for (const struct intake *other = call->intakes; other < in; other++) {
        const struct pack *a = &other->pack, *b = &in->pack;
        const char *why = arena_printf(s->arena, "%s has it", other->file);
        if (a->number && b->number && strcmp(a->number, b->number) == 0)
            scope_fault_why(s, "/number", FAULT_REPEAT, why);
        if (a->organisation && b->organisation && strcmp(a->organisation, b->organisation) == 0)
            scope_fault_why(s, "/organisation", FAULT_REPEAT, why);
    }
}

/* Reads and checks the packs that the command line names. */
static bool read_packs(struct scope *s, struct program *program, struct call *call)
{
    call->intakes = arena_array(s->arena, MOST_PACKS, sizeof(*call->intakes));
    for (char **word = program->words; *word && strncmp(*word, "--", 2) != 0; word++) {
        if (call->count == MOST_PACKS) {
            fprintf(stderr, "tillit-ops: more than %d packs at once\n", MOST_PACKS);
            return false;
        }
        struct intake *in = &call->intakes[call->count++];
        in->file = *word;
        (void)read_pack(s, in); /* what is wrong is in the scope */
        check_against_earlier(s, call, in);
        print_faults(s, call, in->file);
    }
    if (call->count == 0)
        fprintf(stderr, "tillit-ops: which pack?\n");
    return call->count > 0 && call->faults == 0;
}

static enum problem make_keys(struct scope *s, const struct call *call)
{
    size_t made;
    const char **numbers = arena_array(s->arena, call->count, sizeof(*numbers));
    for (size_t i = 0; i < call->count; i++)
        numbers[i] = call->intakes[i].pack.number;
    if (!keyring_extend(s->program->settings.keyring, numbers, call->count, &made, stderr))
        return scope_fail(s, PROBLEM_UNAVAILABLE, "no keys could be made, so nothing was done");
    if (made)
        printf("%zu got keys of their own\n", made);
    return OK;
}

/* Keys come last before the commit: keys of a municipality that is not there yet are in nobody's
 * way, a municipality without its keys would be. */
static enum problem take_in(struct scope *s, void *context)
{
    struct call *call = context;
    for (size_t i = 0; i < call->count; i++) {
        TRY(pack_check_against_others(s, &call->intakes[i].pack));
        print_faults(s, call, call->intakes[i].file);
    }
    if (call->faults)
        return PROBLEM_MALFORMED;
    for (size_t i = 0; i < call->count; i++) {
        struct intake *in = &call->intakes[i];
        TRY(pack_write(s, &in->pack, &in->changes));
        if (in->changes)
            TRY(operator_note(s, "municipality", in->pack.number, call->who, call->why, in->changes));
    }
    return make_keys(s, call);
}

static int add(struct program *program, struct scope *s, struct call *call)
{
    call->who = who_asks(program);
    call->why = why_asks(program, "municipality add");
    if (!call->why)
        return 2;
    operator_check(s, call->who, call->why);
    print_faults(s, call, "the command");
    if (!read_packs(s, program, call) || call->faults)
        return 1;
    program->keyring = keyring_read(program->settings.keyring, stderr); /* why is kept sealed */
    if (!program->keyring)
        return 1;
    enum problem p = program_transact(program, s, take_in, call);
    if (p && !call->faults)
        fprintf(stderr, "tillit-ops: %s\n", s->detail ? s->detail : problem_title(p));
    for (size_t i = 0; !p && i < call->count; i++)
        printf("%s %s: %s\n", call->intakes[i].pack.number, call->intakes[i].pack.name,
               call->intakes[i].changes ? call->intakes[i].changes : "nothing changed");
    return p ? 1 : 0;
}

static int check(struct program *program, struct scope *s, struct call *call)
{
    bool good = read_packs(s, program, call);
    for (size_t i = 0; good && i < call->count; i++)
        printf("%s: %s %s is in order\n", call->intakes[i].file, call->intakes[i].pack.number,
               call->intakes[i].pack.name);
    return good ? 0 : 1;
}

static enum problem print_list(struct scope *s, void *context)
{
    (void)context;
    struct result r;
    TRY(db_run(s, &sql_municipalities_list, &r, NULL, 0));
    for (int i = 0; i < r.count; i++)
        printf("%s  %-30s %s teams  %s staff  %s\n", result_text(&r, i, "number"),
               result_text(&r, i, "name"), result_text(&r, i, "teams"), result_text(&r, i, "staff"),
               result_flag(&r, i, "login") ? "staff login" : "no staff login");
    return OK;
}

static int list(struct program *program, struct scope *s, struct call *call)
{
    (void)call;
    enum problem p = program_transact(program, s, print_list, NULL);
    if (p)
        fprintf(stderr, "tillit-ops: %s\n", s->detail ? s->detail : problem_title(p));
    return p ? 1 : 0;
}

static const struct {
    const char *name;
    int (*run)(struct program *program, struct scope *s, struct call *call);
} commands[] = { { "add", add }, { "check", check }, { "list", list } };

int municipality_command(struct program *program, const char *what)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
        if (strcmp(commands[i].name, what) == 0) {
            struct scope s = scope_open(program);
            struct call call = { 0 };
            int status = commands[i].run(program, &s, &call);
            scope_close(&s);
            return status;
        }
    fprintf(stderr, "tillit-ops: municipality add, check or list\n");
    return 2;
}
