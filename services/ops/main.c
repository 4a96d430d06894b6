/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ops: operators' hands at the command line: the same acts as on /drift, through the same code.
 *
 *      consumes    nothing but, to audit, the access log
 *      says        nothing by itself
 *      writes      operators' acts, pauses, unsent (a replay), what municipalities' packs say, the access log
 */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/typed.h"
#include "common/db/transact.h"
#include "common/program/program.h"
#include "common/record/check.h"
#include "common/seal/keyring.h"
#include "common/start/start.h"
#include "common/who/access.h"
#include "common/who/role.h"
#include "common/who/who.h"
#include "services/ops/audit.h"
#include "services/ops/keys.h"
#include "services/ops/looks.h"
#include "services/ops/ops.h"
#include "services/ops/pack.h"

static enum problem print_keys(struct scope *s, const struct errand *errand)
{
    (void)errand;
    return keys_print(s);
}

static enum problem ask(struct scope *s, const struct errand *errand)
{
    struct act_answer answer;
    TRY(operator_ask(s, &errand->request, &answer));
    if (answer.events)
        buffer_printf(errand->out, "%lld events will be sent again\n", (long long)answer.events);
    buffer_printf(errand->out, "%s: %lld asked for\n", errand->request.act, (long long)answer.asked);
    for (size_t i = 0; i < answer.ids.count; i++)
        buffer_printf(errand->out, "%s\n", answer.ids.items[i]);
    return OK;
}

/* No login says who sits at the command line: the machine does, and they themselves. */
static struct principal at_the_machine(struct scope *s, const char *name)
{
    const struct passwd *user = getpwuid(getuid());
    return (struct principal){
        .kind = WHO_STAFF,
        .roles = ROLE_OPERATOR,
        .client = user ? arena_printf(s->arena, "operator:%s", user->pw_name)
                       : arena_printf(s->arena, "operator:%lld", (long long)getuid()),
        .name = name,
    };
}

/* What is of a case is of a person: no look at it, and no act on it, that is not in the log that they can read. */
static enum problem in_transaction(struct scope *s, void *context)
{
    const struct errand *errand = context;
    struct accesses looked = { .reason = errand->request.why };
    struct principal who = at_the_machine(s, errand->request.who);
    access_forget(&looked);
    s->accesses = &looked;
    s->who = &who;
    enum problem p = errand->run(s, errand);
    if (!p)
        p = access_write(s);
    s->accesses = NULL;
    s->who = NULL;
    return p;
}

static bool has_keys(struct program *program, const struct errand *errand)
{
    if (errand->sealed && !program->keyring)
        program->keyring = keyring_read(program->settings.keyring, stderr);
    return !errand->sealed || program->keyring;
}

static int run(struct program *program, struct errand *errand)
{
    if (!has_keys(program, errand))
        return 1;
    struct scope s = scope_open(program);
    struct buffer out = buffer_new(s.arena);
    errand->out = &out;
    if (errand->request.act)
        record_check(&s, &act_request_record, &errand->request);
    else
        operator_check(&s, errand->request.who, errand->request.why);
    enum problem p = scope_faults(&s);
    if (!p)
        p = program_transact(program, &s, in_transaction, errand);
    for (const struct field_error *e = s.errors; e; e = e->next)
        fprintf(stderr, "tillit-ops: %s is %s%s%s%s\n", e->pointer + 1, fault_name(e->fault),
                e->why ? " (" : "", e->why ? e->why : "", e->why ? ")" : "");
    if (p && !s.errors)
        fprintf(stderr, "tillit-ops: %s\n", s.detail ? s.detail : problem_title(p));
    if (!p)
        fputs(out.text, stdout);
    scope_close(&s);
    return p ? 1 : 0;
}

#define LOOK(name, show, opens)                                                                \
    static int name(struct program *program, const char *argument)                             \
    {                                                                                          \
        return run(program,                                                                    \
                   &(struct errand){ .argument = argument, .run = show, .sealed = opens });    \
    }
LOOK(causes, show_causes, false)
LOOK(cause, show_cause, false)
LOOK(clients, show_clients, false)
LOOK(list_acts, show_all_acts, true)
LOOK(status, show_status, false)
LOOK(keys, print_keys, false)

static int show(struct program *program, const char *argument)
{
    struct errand errand = { .argument = argument,
                             .run = show_parked,
                             .sealed = true,
                             .request = { .who = who_asks(program),
                                          .why = why_asks(program, "show") } };
    return errand.request.why ? run(program, &errand) : 2;
}

static int print_pack_table(struct program *program, const char *argument)
{
    (void)program, (void)argument;
    pack_table(stdout);
    return 0;
}

static void set_client(struct scope *s, struct program *program, struct act_request *request)
{
    const char *list = word_after(program, "--municipality");
    const char **numbers = arena_array(s->arena, list ? strlen(list) + 1 : 0, sizeof(*numbers));
    request->name = word_after(program, "--name");
    for (size_t length; list && *list; list += length + (list[length] == ',')) {
        length = strcspn(list, ",");
        numbers[request->municipalities.count++] = typed_signs(s->arena, arena_strndup(s->arena, list, length));
    }
    request->municipalities.items = numbers;
}

static int act(struct program *program, const char *name, const char *argument)
{
    struct scope s = scope_open(program);
    const char *rate = word_after(program, "--rate");
    unsigned needs = act_find(name)->needs;
    struct errand errand = { .run = ask,
                             .sealed = true,
                             .request = { .act = name,
                                          .who = who_asks(program),
                                          .why = why_asks(program, name) } };
    struct act_request *in = &errand.request;
    if (rate)
        in->rate = (struct maybe){ .known = true, .value = atoll(rate) };
    if (needs & ACT_CONSUMER)
        in->consumer = argument;
    else if (needs & ACT_CLIENT)
        in->target = typed_signs(s.arena, argument);
    else if (needs & ACT_TARGET)
        in->target = argument;
    else if (!split_cause(&s, argument, &in->consumer, &in->problem))
        in->parked_id = argument;
    if (needs & ACT_CLIENT && needs & ACT_MAKES)
        set_client(&s, program, in);
    int status = in->why ? run(program, &errand) : 2;
    scope_close(&s);
    return status;
}

#define ACT(function, name)                                                                    \
    static int function(struct program *program, const char *argument)                         \
    {                                                                                          \
        return act(program, name, argument);                                                   \
    }
ACT(preview, "preview")
ACT(redrive, "redrive")
ACT(give_up_one, "give-up")
ACT(pause_worker, "pause")
ACT(resume_worker, "resume")
ACT(replay_log, "replay")
ACT(let_in, "let-in")
ACT(shut_out, "shut-out")

static const struct program_flag flags[] = {
    { .name = "status", .summary = "the programs, what is unsent, silent and parked", .run = status },
    { .name = "causes", .summary = "what is parked, by cause", .run = causes },
    { .name = "cause", .argument = "CONSUMER:PROBLEM", .summary = "the parked events of a cause", .run = cause },
    { .name = "show", .argument = "ID", .summary = "a parked event, its case's other events, its acts; --why TEXT [--who NAME], which the access log keeps", .run = show, .words = true },
    { .name = "preview", .argument = "ID", .summary = "what a re-drive would do; --why TEXT [--who NAME]", .run = preview, .words = true },
    { .name = "redrive", .argument = "ID|CONSUMER:PROBLEM", .summary = "handles it, or all of a cause, once more; --why TEXT [--who NAME] [--rate N a second]", .run = redrive, .words = true },
    { .name = "give-up", .argument = "ID", .summary = "the case goes on without it; --why TEXT [--who NAME]", .run = give_up_one, .words = true },
    { .name = "replay", .argument = "all|TIME|CASE_ID", .summary = "sends the log to Kafka once more; --why TEXT [--who NAME]", .run = replay_log, .words = true },
    { .name = "pause", .argument = "CONSUMER", .summary = "a worker handles nothing; --why TEXT [--who NAME]", .run = pause_worker, .words = true },
    { .name = "resume", .argument = "CONSUMER", .summary = "it goes on; --why TEXT [--who NAME]", .run = resume_worker, .words = true },
    { .name = "municipality", .argument = "add|check|list", .summary = "add PACK... --why TEXT [--who NAME] takes municipalities in, or what changed of them; check PACK... only checks; list", .run = municipality_command, .words = true },
    { .name = "--pack", .summary = "what a municipality's pack may hold, as a table in Markdown", .run = print_pack_table, .bare = true },
    { .name = "clients", .summary = "the organisations whose systems may come", .run = clients },
    { .name = "let-in", .argument = "ORGANISATION", .summary = "its systems may come; --name TEXT --municipality NUMBER[,NUMBER] --why TEXT [--who NAME]", .run = let_in, .words = true },
    { .name = "shut-out", .argument = "ORGANISATION", .summary = "they may come no longer; --why TEXT [--who NAME]", .run = shut_out, .words = true },
    { .name = "keys", .summary = "the key ring's keys, how many values name each, and which can leave", .run = keys },
    { .name = "acts", .summary = "the latest acts, with who and why", .run = list_acts },
    { .name = "audit", .argument = "verify", .summary = "whether the access log is whole: every row, every link, none too many or too few; --roots FILE: and nothing cut off behind what FILE's log lines say", .run = audit, .words = true },
    { 0 },
};

int main(int argc, char **argv)
{
    return program_main(&(struct program_options){ .name = "ops",
                                                   .flags = flags },
                        argc, argv);
}
