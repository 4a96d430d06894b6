/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The rules of triage: tables over the service catalogue. What the county decides on (the transport
 * card) counts for nothing but the department.
 */
#include <string.h>

#include "common/case/rules.h"
#include "common/event/types.h"
#include "common/words/catalogue.h"
#include "services/triage/triage.h"

const char triage_rule_set[] = "2026-11";

/* What the rules look at. */
struct facts {
    bool acute;
    bool in_hospital;
    bool week;
    bool asks_ho;
    bool asks_il;
    bool only_forward;
    bool special; /* BPA or carer's allowance */
    int count;    /* services asked for */
    int step;     /* the highest; 0 = none asked for */
    enum department department;
    const struct rules *rules;
};

struct rule {
    const char *id;
    const char *outcome;
    bool (*holds)(const struct facts *f);
    const char *text; /* the first %d becomes the number that the rule looked at, the second its limit */
    int (*number)(const struct facts *f);
    int (*limit)(const struct facts *f);
};

static bool always(const struct facts *f)
{
    (void)f;
    return true;
}
static bool is_acute(const struct facts *f)
{
    return f->acute;
}
static bool is_in_hospital(const struct facts *f)
{
    return f->in_hospital;
}
static bool is_within_week(const struct facts *f)
{
    return f->week;
}
static bool is_only_forward(const struct facts *f)
{
    return f->only_forward;
}
static bool is_both(const struct facts *f)
{
    return f->department == BOTH;
}
static bool is_high_step(const struct facts *f)
{
    return f->step >= f->rules->team_step;
}
static bool is_special(const struct facts *f)
{
    return f->special;
}
static bool is_many(const struct facts *f)
{
    return f->count >= f->rules->team_services;
}
static bool asks_both(const struct facts *f)
{
    return f->asks_ho && f->asks_il;
}
static bool asks_il_only(const struct facts *f)
{
    return f->asks_il;
}
static int step_of(const struct facts *f)
{
    return f->step;
}
static int count_of(const struct facts *f)
{
    return f->count;
}
static int team_step_of(const struct facts *f)
{
    return f->rules->team_step;
}
static int team_services_of(const struct facts *f)
{
    return f->rules->team_services;
}

/* clang-format off */
/* First match wins in each table; the last row matches everything.
 *    id                      outcome        when              why                                                                     number, limit */
static const struct rule department_rules[] = {
    { "department.forward",  "forward",     is_only_forward,  "Søker bare om TT-kort, som fylkeskommunen avgjør. Søknaden sendes videre.", NULL, NULL },
    { "department.union",    "both",        asks_both,        "Søker om tjenester fra både Helse og omsorg og Individ og levekår.",     NULL, NULL },
    { "department.il",       "il",          asks_il_only,     "Tjenestene det søkes om, hører til Individ og levekår.",                 NULL, NULL },
    { "department.ho",       "ho",          always,           "Tjenestene det søkes om, hører til Helse og omsorg, eller ingen er krysset av.", NULL, NULL },
};
static const struct rule priority_rules[] = {
    { "urgency.acute",       "p0",          is_acute,         "Søkeren har oppgitt at det er akutt.",                                   NULL, NULL },
    { "urgency.hospital",    "p1",          is_in_hospital,   "Søkeren er innlagt på sykehus.",                                         NULL, NULL },
    { "urgency.week",        "p2",          is_within_week,   "Søkeren trenger hjelp innen en uke.",                                    NULL, NULL },
    { "urgency.ordinary",    "p3",          always,           "Ikke oppgitt at det haster.",                                            NULL, NULL },
};
static const struct rule path_rules[] = {
    { "path.acute",          "urgent",      is_acute,         "Akutt: saken tas med en gang, vedtaket kan komme etterpå.",               NULL, NULL },
    { "path.forward",        "caseworker",  is_only_forward,  "En saksbehandler sender søknaden videre til fylkeskommunen.",            NULL, NULL },
    { "path.both",           "team",        is_both,          "Begge avdelingene er med: saken trenger et team.",                       NULL, NULL },
    { "path.step",           "team",        is_high_step,     "Det høyeste trinnet det søkes om, er %d. Fra trinn %d vurderer et team saken.", step_of, team_step_of },
    { "path.special",        "team",        is_special,       "BPA og omsorgsstønad vurderes av et team.",                              NULL, NULL },
    { "path.many",           "team",        is_many,          "Søker om %d tjenester. Ved %d eller flere vurderer et team saken.",       count_of, team_services_of },
    { "path.caseworker",     "caseworker",  always,           "Saken kan behandles av én saksbehandler.",                               NULL, NULL },
};
/* clang-format on */

static struct facts look(const struct application_received *in, const struct rules *rules)
{
    struct facts f = { .rules = rules,
                       .acute = strcmp(in->urgency, "acute") == 0,
                       .week = strcmp(in->urgency, "week") == 0,
                       .in_hospital = in->in_hospital,
                       .only_forward = in->services.count > 0 };
    for (size_t i = 0; i < in->services.count; i++) {
        const struct service *service = service_find(in->services.items[i]);
        if (!service || service->department == FORWARD)
            continue;
        f.only_forward = false;
        f.asks_ho = f.asks_ho || service->department == HO;
        f.asks_il = f.asks_il || service->department == IL;
        f.special = f.special || strcmp(service->code, "BPA") == 0 ||
                    strcmp(service->code, "OMSTON") == 0;
        f.step = service->step > f.step ? service->step : f.step;
        f.count++;
    }
    return f;
}

static const char *put_number(struct arena *a, const char *text, int number)
{
    const char *place = strstr(text, "%d");
    return arena_printf(a, "%.*s%d%s", (int)(place - text), text, number, place + 2);
}

/* Takes the first rule that holds, and notes it with its words. */
static const char *take(struct arena *a, const struct rule *rules, const struct facts *f,
                        struct triage *out)
{
    while (!rules->holds(f))
        rules++;
    const char *text = rules->text;
    if (rules->number)
        text = put_number(a, put_number(a, text, rules->number(f)), rules->limit(f));
    out->rules[out->rule_count++] = (struct fired){ rules->id, text };
    return rules->outcome;
}

static bool asked_for(const struct application_received *in, const char *code)
{
    for (size_t i = 0; i < in->services.count; i++)
        if (strcmp(in->services.items[i], code) == 0)
            return true;
    return false;
}

/* Whether the service is a lower step that could meet a need of something asked for. */
static bool could_meet(const struct application_received *in, const struct service *lower)
{
    for (size_t i = 0; i < in->services.count; i++) {
        const struct service *asked = service_find(in->services.items[i]);
        if (asked && lower->step < asked->step &&
            services_share_need(asked->code, lower->code))
            return true;
    }
    return false;
}

/* The catalogue is by step, then code, and so is what is taken from it. */
static void find_lower(struct arena *a, const struct application_received *in,
                       struct triage *out)
{
    const char **codes = arena_array(a, 64, sizeof(*codes));
    struct buffer names = buffer_new(a);
    size_t count = 0;
    for (const struct service *service = services; service->code; service++)
        if (!asked_for(in, service->code) && could_meet(in, service)) {
            buffer_printf(&names, "%s%s", count ? ", " : "", service->nb);
            codes[count++] = service->code;
        }
    out->lower_services = (struct texts){ .items = codes, .count = count };
    if (count > 0)
        out->rules[out->rule_count++] =
            (struct fired){ "ladder.lower",
                            arena_printf(a, "Lavere trinn som kan dekke behovet: %s.", names.text) };
}

struct triage triage_decide(struct arena *a, const struct application_received *in,
                            const struct rules *rules)
{
    struct facts f = look(in, rules);
    struct triage out = { 0 };
    out.department = take(a, department_rules, &f, &out);
    f.department = (enum department)code_index(department_codes, out.department);
    out.priority = take(a, priority_rules, &f, &out);
    out.path = take(a, path_rules, &f, &out);
    out.step_asked = (struct maybe){ .known = f.step > 0, .value = f.step };
    out.joint = f.department == BOTH;
    find_lower(a, in, &out);
    return out;
}
