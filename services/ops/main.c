/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ops: operators' hands at the command line: the same acts as on /drift, through the same code.
 *
 *      consumes    nothing but, to audit, the access log
 *      says        nothing by itself
 *      writes      operators' acts, pauses, unsent (a replay), what municipalities' packs say
 */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/operator.h"
#include "common/program.h"
#include "common/queries.h"
#include "services/ops/audit.h"
#include "services/ops/ops.h"
#include "services/ops/pack.h"
#include "services/ops/keys.h"
#include "services/ops/queries.h"

enum { PATIENCE_MS = 30000, POLL_MS = 100, SILENT_US = 5 * 1000000 };

/* A look or an act with what the command line said. */
struct errand {
    const char *argument;
    struct act_request request;
    enum problem (*run)(struct scope *s, const struct errand *errand);
};

const char *word_after(struct program *program, const char *option)
{
    for (char **word = program->words; word && *word; word++)
        if (strcmp(*word, option) == 0)
            return word[1];
    return NULL;
}

static void print_time(struct scope *s, const struct result *r, int row, const char *column)
{
    int64_t at = result_time(r, row, column);
    printf("%s", at ? instant_rfc3339(s->arena, at) : "-");
}

static const char *text_or(const char *text, const char *other)
{
    return text ? text : other;
}

static enum problem print_causes(struct scope *s, const struct errand *errand)
{
    (void)errand;
    struct result r;
    TRY(db_run(s, &sql_parked_causes, &r, NULL, 0));
    for (int i = 0; i < r.count; i++) {
        const char *name = result_text(&r, i, "problem");
        printf("%6s  %s:%s  since ", result_text(&r, i, "parked"), result_text(&r, i, "consumer"), name);
        print_time(s, &r, i, "since");
        printf("  %s\n", problem_title(problem_by_name(name)));
    }
    if (r.count == 0)
        printf("nothing is parked\n");
    return OK;
}

/* "letters:DAMAGED" as its two parts. */
static bool split_cause(struct scope *s, const char *argument, const char **consumer,
                        const char **problem)
{
    const char *colon = strchr(argument, ':');
    if (!colon)
        return false;
    *consumer = arena_strndup(s->arena, argument, (size_t)(colon - argument));
    *problem = colon + 1;
    return true;
}

static enum problem print_cause(struct scope *s, const struct errand *errand)
{
    struct result r;
    const char *consumer, *problem;
    if (!split_cause(s, errand->argument, &consumer, &problem))
        return scope_fail(s, PROBLEM_MALFORMED, "a cause is CONSUMER:PROBLEM");
    TRY(DB_RUN(s, &sql_parked_of_cause, &r, param_text(consumer), param_text(problem)));
    for (int i = 0; i < r.count; i++) {
        printf("%s  ", result_text(&r, i, "id"));
        print_time(s, &r, i, "parked_at");
        printf("  %s  tries %s  %s\n", result_text(&r, i, "type"), result_text(&r, i, "attempts"),
               text_or(result_text(&r, i, "detail"), ""));
    }
    return OK;
}

static enum problem print_acts(struct scope *s, const char *id, int64_t most)
{
    struct result r;
    TRY(DB_RUN(s, &sql_acts_list, &r, param_text(id), param_integer(s, most)));
    for (int i = 0; i < r.count; i++) {
        print_time(s, &r, i, "asked_at");
        printf("  %-8s %s  by %s: %s\n    %s", result_text(&r, i, "act"),
               text_or(result_text(&r, i, "consumer"), text_or(result_text(&r, i, "target"), "")),
               result_text(&r, i, "who"), result_text(&r, i, "why"),
               text_or(result_text(&r, i, "outcome"), "not done yet"));
        if (result_text(&r, i, "detail"))
            printf(" (%s)", result_text(&r, i, "detail"));
        printf("  says %s  then %s\n", result_text(&r, i, "says"), result_text(&r, i, "then_types"));
    }
    return OK;
}

static enum problem print_log(struct scope *s, const char *case_id)
{
    struct result r;
    TRY(DB_RUN(s, &sql_case_log, &r, param_text(case_id)));
    for (int i = 0; i < r.count; i++) {
        printf("  %4s  ", result_text(&r, i, "case_seq"));
        print_time(s, &r, i, "occurred_at");
        printf("  %s\n", result_text(&r, i, "type"));
    }
    return OK;
}

static enum problem print_parked(struct scope *s, const struct errand *errand)
{
    struct result r;
    TRY(DB_RUN(s, &sql_parked_show, &r, param_text(errand->argument)));
    if (r.count == 0)
        return scope_fail(s, PROBLEM_NOT_FOUND, "no such event was parked");
    printf("%s  %s\n%s: %s\n%s\ntries %s, parked ", result_text(&r, 0, "consumer"),
           result_text(&r, 0, "type"), result_text(&r, 0, "problem"),
           problem_title(problem_by_name(result_text(&r, 0, "problem"))),
           text_or(result_text(&r, 0, "detail"), ""), result_text(&r, 0, "attempts"));
    print_time(s, &r, 0, "parked_at");
    printf(", %s\n", text_or(result_text(&r, 0, "closed_how"), "open"));
    if (result_text(&r, 0, "case_id")) {
        printf("case %s (%s), number %s; this worker has handled up to %s\n",
               text_or(result_text(&r, 0, "reference"), result_text(&r, 0, "case_id")),
               text_or(result_text(&r, 0, "status"), "no such case"), result_text(&r, 0, "case_seq"),
               text_or(result_text(&r, 0, "mark"), "0"));
        TRY(print_log(s, result_text(&r, 0, "case_id")));
    }
    return print_acts(s, errand->argument, 50);
}

static enum problem print_clients(struct scope *s, const struct errand *errand)
{
    (void)errand;
    struct result r;
    TRY(db_run(s, &sql_clients_all, &r, NULL, 0));
    for (int i = 0; i < r.count; i++)
        printf("%s  %s  for %s\n", result_text(&r, i, "organisation"), result_text(&r, i, "name"),
               result_text(&r, i, "municipalities"));
    if (r.count == 0)
        printf("no other system may come\n");
    return OK;
}

static enum problem print_all_acts(struct scope *s, const struct errand *errand)
{
    (void)errand;
    return print_acts(s, NULL, 50);
}

static enum problem print_status(struct scope *s, const struct errand *errand)
{
    struct result r;
    TRY(DB_RUN(s, &sql_programs_look, &r, param_time(s, s->now - SILENT_US)));
    for (int i = 0; i < r.count; i++)
        printf("%-12s %-24s %s  lag %s events, %s s\n", result_text(&r, i, "program"),
               result_text(&r, i, "instance"),
               !result_flag(&r, i, "beats")  ? "no heartbeat"
               : result_flag(&r, i, "ready") ? "ready"
                                             : text_or(result_text(&r, i, "why_not"), "not ready"),
               text_or(result_text(&r, i, "lag_events"), "-"),
               text_or(result_text(&r, i, "lag_seconds"), "-"));
    TRY(db_run(s, &sql_unsent_look, &r, NULL, 0));
    printf("unsent = %s\n", result_text(&r, 0, "unsent"));
    TRY(DB_RUN(s, &sql_silent_count, &r, param_time(s, s->now)));
    printf("silent = %s\n", result_text(&r, 0, "silent"));
    return print_causes(s, errand);
}

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
        printf("%lld events will be sent again\n", (long long)answer.events);
    printf("%s: %lld asked for\n", errand->request.act, (long long)answer.asked);
    for (size_t i = 0; i < answer.ids.count; i++)
        printf("%s\n", answer.ids.items[i]);
    return OK;
}

static enum problem in_transaction(struct scope *s, void *context)
{
    const struct errand *errand = context;
    return errand->run(s, errand);
}

static int run(struct program *program, struct errand *errand)
{
    struct scope s = scope_open(program);
    s.errors = NULL;
    if (errand->request.act)
        act_request_record.check(&s, &errand->request);
    enum problem p = scope_faults(&s);
    if (!p)
        p = program_transact(program, &s, in_transaction, errand);
    for (const struct field_error *e = s.errors; e; e = e->next)
        fprintf(stderr, "tillit-ops: %s is %s\n", e->pointer + 1, fault_name(e->fault));
    if (p && !s.errors)
        fprintf(stderr, "tillit-ops: %s\n", s.detail ? s.detail : problem_title(p));
    scope_close(&s);
    return p ? 1 : 0;
}

#define LOOK(name, print)                                                                      \
    static int name(struct program *program, const char *argument)                             \
    {                                                                                          \
        return run(program, &(struct errand){ .argument = argument, .run = print });           \
    }
LOOK(causes, print_causes)
LOOK(cause, print_cause)
LOOK(show, print_parked)
LOOK(clients, print_clients)
LOOK(list_acts, print_all_acts)
LOOK(status, print_status)
LOOK(keys, print_keys)

const char *who_asks(struct program *program)
{
    const char *who = word_after(program, "--who");
    const struct passwd *user = who ? NULL : getpwuid(getuid());
    return user ? user->pw_name : who;
}

static int print_pack_table(struct program *program, const char *argument)
{
    (void)program, (void)argument;
    pack_table(stdout);
    return 0;
}

static void set_client(struct scope *s, struct program *program, const char *organisation,
                       struct act_request *request)
{
    const char *list = word_after(program, "--municipality");
    const char **numbers = arena_array(s->arena, list ? strlen(list) + 1 : 0, sizeof(*numbers));
    request->target = organisation;
    request->name = word_after(program, "--name");
    for (size_t length; list && *list; list += length + (list[length] == ',')) {
        length = strcspn(list, ",");
        numbers[request->municipalities.count++] = arena_strndup(s->arena, list, length);
    }
    request->municipalities.items = numbers;
}

static int act(struct program *program, const char *name, const char *argument)
{
    struct scope s = scope_open(program);
    const char *rate = word_after(program, "--rate");
    const char *consumer = NULL, *problem = NULL;
    struct errand errand = { .run = ask,
                             .request = { .act = name,
                                          .who = who_asks(program),
                                          .why = word_after(program, "--why") } };
    bool by_cause = split_cause(&s, argument, &consumer, &problem);
    if (rate)
        errand.request.rate = (struct maybe){ .known = true, .value = atoll(rate) };
    if (strcmp(name, "pause") == 0 || strcmp(name, "resume") == 0)
        errand.request.consumer = argument;
    else if (strcmp(name, "replay") == 0 || strcmp(name, "shut-out") == 0)
        errand.request.target = argument;
    else if (strcmp(name, "let-in") == 0)
        set_client(&s, program, argument, &errand.request);
    else if (by_cause)
        errand.request.consumer = consumer, errand.request.problem = problem;
    else
        errand.request.parked_id = argument;
    int status = 2;
    if (!errand.request.why)
        fprintf(stderr, "tillit-ops: %s needs a reason: --why TEXT\n", name);
    else
        status = run(program, &errand);
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
    { .name = "show", .argument = "ID", .summary = "a parked event, its case's other events, its acts", .run = show },
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
                                                   .summary = "operators' hands: parked events, replays, pauses",
                                                   .statements = ops_statements,
                                                   .flags = flags },
                        argc, argv);
}
