/* SPDX-License-Identifier: EUPL-1.2 */
/* What a pack's fields say together. Of items in a list, each text is right by itself, or NULL. */
#include <stdlib.h>
#include <string.h>

#include "common/colour.h"
#include "common/organisation.h"
#include "common/program.h"
#include "common/receipt.h"
#include "common/rules.h"
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

/* Whether an earlier item of the list has the same text at that place; a text that is not there is
 * like nothing. */
static bool seen_before(const struct list *list, size_t size, size_t offset, size_t index)
{
    const char *items = list->items;
    const char *text = *(const char *const *)(items + index * size + offset);
    for (size_t i = 0; text && i < index; i++) {
        const char *other = *(const char *const *)(items + i * size + offset);
        if (other && strcmp(other, text) == 0)
            return true;
    }
    return false;
}

#define SEEN(list, type, member, index)                                                        \
    seen_before((list), sizeof(type), offsetof(type, member), (index))

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
    if (!address_is_safe(((const struct pack *)document)->branding->web, false))
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

static bool works_here(const struct pack *pack, const char *name)
{
    const struct pack_person *staff = pack->staff.items;
    for (size_t i = 0; i < pack->staff.count; i++)
        if (staff[i].name && strcmp(staff[i].name, name) == 0)
            return true;
    return false;
}

static void check_members(struct scope *s, const struct pack *pack, size_t i)
{
    const struct pack_team *team = (const struct pack_team *)pack->teams.items + i;
    const struct pack_member *members = team->members.items;
    for (size_t k = 0; k < team->members.count; k++) {
        if (members[k].name && !works_here(pack, members[k].name))
            fault(s, FAULT_CHOICE, "is none of the staff", "/teams/%zu/members/%zu/name", i, k);
        if (SEEN(&team->members, struct pack_member, name, k))
            fault(s, FAULT_REPEAT, NULL, "/teams/%zu/members/%zu/name", i, k);
    }
}

static void check_teams(struct scope *s, const void *document)
{
    const struct pack *pack = document;
    const struct pack_team *teams = pack->teams.items;
    if (pack->teams.count == 0)
        scope_fault_why(s, "/teams", FAULT_MISSING, "a municipality has at least one");
    for (size_t i = 0; i < pack->teams.count; i++) {
        if (SEEN(&pack->teams, struct pack_team, code, i))
            fault(s, FAULT_REPEAT, NULL, "/teams/%zu/code", i);
        if (SEEN(&pack->teams, struct pack_team, department, i))
            fault(s, FAULT_REPEAT, "a department has one team", "/teams/%zu/department", i);
        if (check_numbers(s, &teams[i], i) && teams[i].starts &&
            atoi(teams[i].starts) * 60 + atoi(teams[i].starts + 3) +
                    teams[i].slots * teams[i].slot_minutes > MINUTES_OF_A_DAY)
            fault(s, FAULT_RANGE, "the meeting does not end the day it began", "/teams/%zu/slots", i);
        check_members(s, pack, i);
    }
}

static void check_staff(struct scope *s, const void *document)
{
    const struct pack *pack = document;
    for (size_t i = 0; i < pack->staff.count; i++) {
        if (SEEN(&pack->staff, struct pack_person, name, i))
            fault(s, FAULT_REPEAT, "add what tells them apart", "/staff/%zu/name", i);
        if (SEEN(&pack->staff, struct pack_person, subject, i))
            fault(s, FAULT_REPEAT, NULL, "/staff/%zu/subject", i);
    }
}

static void check_login(struct scope *s, const void *document)
{
    const struct pack_login *in = ((const struct pack *)document)->staff_login;
    if (in->issuer && !address_is_safe(in->issuer, s->program && s->program->settings.synthetic))
        scope_fault_why(s, "/staff_login/issuer", FAULT_FORMAT, "must be https");
    if (in->roles.count == 0)
        scope_fault_why(s, "/staff_login/roles", FAULT_MISSING, "nobody could do anything");
    for (size_t i = 0; i < in->roles.count; i++)
        if (SEEN(&in->roles, struct pack_role, value, i))
            fault(s, FAULT_REPEAT, NULL, "/staff_login/roles/%zu/value", i);
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
    const struct pack_letter *letters = pack->letters.items;
    for (size_t i = 0; i < pack->letters.count; i++) {
        if (SEEN(&pack->letters, struct pack_letter, language, i)) /* of the one kind that there is */
            fault(s, FAULT_REPEAT, NULL, "/letters/%zu/language", i);
        const char *why = letters[i].text ? receipt_template_fault(s, letters[i].text) : NULL;
        if (why)
            fault(s, FAULT_FORMAT, why, "/letters/%zu/text", i);
    }
}

static void check_systems(struct scope *s, const void *document)
{
    const struct pack *pack = document;
    const struct pack_system *systems = pack->systems.items;
    for (size_t i = 0; i < pack->systems.count; i++) {
        check_organisation(s, systems[i].organisation,
                           arena_printf(s->arena, "/systems/%zu/organisation", i));
        if (SEEN(&pack->systems, struct pack_system, organisation, i))
            fault(s, FAULT_REPEAT, NULL, "/systems/%zu/organisation", i);
    }
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
