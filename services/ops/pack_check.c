/* SPDX-License-Identifier: EUPL-1.2 */
/* What a pack's fields say together. Of items in a list, each text is right by itself, or NULL. */
#include <stdlib.h>
#include <string.h>

#include "common/base/link.h"
#include "common/base/text_same.h"
#include "common/case/rules.h"
#include "common/letter/compose.h"
#include "common/page/colour.h"
#include "common/program/program.h"
#include "common/who/organisation.h"
#include "services/ops/pack.h"

enum { MINUTES_OF_A_DAY = 24 * 60 };

static void fault(struct scope *s, enum fault code, const char *why, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* format is the pointer's. */
static void fault(struct scope *s, enum fault code, const char *why, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *pointer = arena_vprintf(s->arena, format, args);
    va_end(args);
    scope_fault_why(s, pointer, code, why);
}

/* The texts at that place of the list's items, for comparing; one that is not there is NULL. */
static const char **texts_of(struct scope *s, const struct list *list, size_t size, size_t offset)
{
    const char *items = list->items;
    const char **texts = arena_array(s->arena, list->count, sizeof(*texts));
    for (size_t i = 0; i < list->count; i++)
        texts[i] = text_canonical(s->arena, *(const char *const *)(items + i * size + offset));
    return texts;
}

#define TEXTS(s, list, type, member) texts_of((s), (list), sizeof(type), offsetof(type, member))

/* Whether it is among the first so many; what is not there is like nothing. */
static bool among(const char *const *texts, size_t count, const char *text)
{
    for (size_t i = 0; i < count && text; i++)
        if (texts[i] && strcmp(texts[i], text) == 0)
            return true;
    return false;
}

/* Refuses each item of the list at `before` whose member another has before it. */
static void refuse_repeats(struct scope *s, const char *const *texts, size_t count, const char *why,
                           const char *before, const char *member)
{
    for (size_t i = 0; i < count; i++)
        if (among(texts, i, texts[i]))
            fault(s, FAULT_REPEAT, why, "%s/%zu/%s", before, i, member);
}

static void check_organisation(struct scope *s, const char *number, const char *pointer)
{
    if (number && !organisation_valid(number))
        scope_fault(s, pointer, FAULT_CHECKSUM);
}

static void check_own_organisation(struct scope *s, const void *document)
{
    check_organisation(s, ((const struct pack *)document)->organisation, "/organisation");
}

static void check_web(struct scope *s, const void *document)
{
    if (!link_is_safe(((const struct pack *)document)->branding->web, false))
        scope_fault_why(s, "/branding/web", FAULT_FORMAT, "must be https");
}

static void check_accent(struct scope *s, const void *document)
{
    int contrast = colour_contrast_with_white(((const struct pack *)document)->branding->accent);
    if (contrast < CONTRAST_OF_TEXT)
        scope_fault_why(s, "/branding/accent", FAULT_RANGE,
                        arena_printf(s->arena, "stands out against white by %d.%d:1; 4.5:1 is needed",
                                     contrast / 100, contrast / 10 % 10));
}

static const struct {
    const char *name;
    size_t offset;
    int64_t least, most;
} team_ranges[] = {
    { "weekday", offsetof(struct pack_team, weekday), 1, 7 },
    { "slots", offsetof(struct pack_team, slots), 1, 100 },
    { "slot_minutes", offsetof(struct pack_team, slot_minutes), 5, 120 },
};

static bool check_numbers(struct scope *s, const struct pack_team *team, size_t i)
{
    bool good = true;
    for (size_t k = 0; k < sizeof(team_ranges) / sizeof(*team_ranges); k++) {
        int64_t value = *(const int64_t *)((const char *)team + team_ranges[k].offset);
        if (value >= team_ranges[k].least && value <= team_ranges[k].most)
            continue;
        fault(s, FAULT_RANGE,
              arena_printf(s->arena, "%d to %d", (int)team_ranges[k].least, (int)team_ranges[k].most),
              "/teams/%zu/%s", i, team_ranges[k].name);
        good = false;
    }
    return good;
}

static void check_members(struct scope *s, const struct pack *pack, size_t i,
                          const char *const *staff)
{
    const struct pack_team *team = (const struct pack_team *)pack->teams.items + i;
    const char **names = TEXTS(s, &team->members, struct pack_member, name);
    for (size_t k = 0; k < team->members.count; k++)
        if (names[k] && !among(staff, pack->staff.count, names[k]))
            fault(s, FAULT_CHOICE, "is none of the staff", "/teams/%zu/members/%zu/name", i, k);
    refuse_repeats(s, names, team->members.count, NULL,
                   arena_printf(s->arena, "/teams/%zu/members", i), "name");
}

static void check_teams(struct scope *s, const void *document)
{
    const struct pack *pack = document;
    const struct pack_team *teams = pack->teams.items;
    const char **staff = TEXTS(s, &pack->staff, struct pack_person, name);
    if (pack->teams.count == 0)
        scope_fault_why(s, "/teams", FAULT_MISSING, "a municipality has at least one");
    for (size_t i = 0; i < pack->teams.count; i++) {
        if (check_numbers(s, &teams[i], i) && teams[i].starts &&
            atoi(teams[i].starts) * 60 + atoi(teams[i].starts + 3) +
                    teams[i].slots * teams[i].slot_minutes > MINUTES_OF_A_DAY)
            fault(s, FAULT_RANGE, "the meeting does not end the day it began", "/teams/%zu/slots", i);
        check_members(s, pack, i, staff);
    }
    refuse_repeats(s, TEXTS(s, &pack->teams, struct pack_team, code), pack->teams.count, NULL,
                   "/teams", "code");
    refuse_repeats(s, TEXTS(s, &pack->teams, struct pack_team, department), pack->teams.count,
                   "a department has one team", "/teams", "department");
}

static void check_staff(struct scope *s, const void *document)
{
    const struct pack *pack = document;
    refuse_repeats(s, TEXTS(s, &pack->staff, struct pack_person, name), pack->staff.count,
                   "add what tells them apart", "/staff", "name");
    refuse_repeats(s, TEXTS(s, &pack->staff, struct pack_person, subject), pack->staff.count, NULL,
                   "/staff", "subject");
}

static void check_login(struct scope *s, const void *document)
{
    const struct pack_login *in = ((const struct pack *)document)->staff_login;
    if (in->issuer && !link_is_safe(in->issuer, s->program && s->program->settings.synthetic))
        scope_fault_why(s, "/staff_login/issuer", FAULT_FORMAT, "must be https");
    if (in->roles.count == 0)
        scope_fault_why(s, "/staff_login/roles", FAULT_MISSING, "nobody could do anything");
    refuse_repeats(s, TEXTS(s, &in->roles, struct pack_role, value), in->roles.count, NULL,
                   "/staff_login/roles", "value");
}

static void check_rules(struct scope *s, const void *document)
{
    const struct pack_rules *in = ((const struct pack *)document)->rules;
    for (const struct rule_range *rule = rule_ranges; rule->name; rule++) {
        struct maybe value = pack_rule(in, rule->name);
        if (value.known && (value.value < rule->least || value.value > rule->most))
            fault(s, FAULT_RANGE, arena_printf(s->arena, "%d to %d", rule->least, rule->most),
                  "/rules/%s", rule->name);
    }
    int64_t days = in->first_talk_days.known ? in->first_talk_days.value
                                             : rules_of_the_house.first_talk_days;
    int64_t urgent = in->first_talk_urgent_days.known ? in->first_talk_urgent_days.value
                                                      : rules_of_the_house.first_talk_urgent_days;
    if (urgent > days && !scope_faulted(s, "/rules/first_talk_days", true))
        scope_fault_why(s, "/rules/first_talk_urgent_days", FAULT_RANGE,
                        "what is urgent can not take longer");
}

static void check_letters(struct scope *s, const void *document)
{
    const struct pack *pack = document;
    const struct pack_letter *letter = pack->letters.items;
    const char **ids = arena_array(s->arena, pack->letters.count, sizeof(*ids));
    for (size_t i = 0; i < pack->letters.count; i++, letter++) {
        const struct letter_kind *kind = letter_kind_find(letter->kind);
        const char *why =
            kind && letter->text ? letter_template_fault(s, kind, letter->text) : NULL;
        if (why)
            fault(s, FAULT_FORMAT, why, "/letters/%zu/text", i);
        if (kind && letter->language)
            ids[i] = arena_printf(s->arena, "%s.%s", kind->name, letter->language);
    }
    refuse_repeats(s, ids, pack->letters.count, NULL, "/letters", "language");
}

static void check_systems(struct scope *s, const void *document)
{
    const struct pack *pack = document;
    const struct pack_system *systems = pack->systems.items;
    for (size_t i = 0; i < pack->systems.count; i++)
        check_organisation(s, systems[i].organisation,
                           arena_printf(s->arena, "/systems/%zu/organisation", i));
    refuse_repeats(s, TEXTS(s, &pack->systems, struct pack_system, organisation),
                   pack->systems.count, NULL, "/systems", "organisation");
}

const struct check pack_checks[] = {
    { { "/organisation" }, check_own_organisation },
    { { "/branding/web" }, check_web },
    { { "/branding/accent" }, check_accent },
    { { "/teams" }, check_teams },
    { { "/staff" }, check_staff },
    { { "/staff_login" }, check_login },
    { { "/rules" }, check_rules },
    { { "/letters" }, check_letters },
    { { "/systems" }, check_systems },
    { { 0 }, NULL },
};
