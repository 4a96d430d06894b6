/* SPDX-License-Identifier: EUPL-1.2 */
/* The pack's records: what may stand in one, and what it means. */
#include "services/ops/pack.h"

#include <string.h>

#include "common/letter/kinds.h"

/* clang-format off */
static const struct field branding_fields[] = {
    FIELD(struct pack_branding, phone,   .flags = OPTIONAL, .format = FORMAT_PHONE,  .summary = "the number that applicants are told to call"),
    FIELD(struct pack_branding, address, .flags = OPTIONAL, .max = 200,              .summary = "in a line, as letters' heads show it"),
    FIELD(struct pack_branding, web,     .flags = OPTIONAL, .format = FORMAT_WEB,    .summary = "the municipality's own pages, https"),
    FIELD(struct pack_branding, accent,  .flags = OPTIONAL, .format = FORMAT_COLOUR, .summary = "its colour on pages and letters, `#rrggbb`; white stands out against it by at least 4.5:1"),
    { 0 },
};
static const struct record branding_record = RECORD("pack_branding", struct pack_branding, branding_fields);

static const struct field member_fields[] = {
    FIELD(struct pack_member, name,       .flags = PERSONAL, .max = 200, .summary = "one of `staff`"),
    FIELD(struct pack_member, profession, .max = 100,                    .summary = "what they are in the team"),
    { 0 },
};
static const struct record member_record = RECORD("pack_member", struct pack_member, member_fields);

static const struct field team_fields[] = {
    FIELD(struct pack_team, code,         .format = FORMAT_CODE,   .summary = "what the team is called in addresses; it keeps its meetings under the same code"),
    FIELD(struct pack_team, name,         .max = 100,              .summary = "what people call it"),
    FIELD(struct pack_team, department,   .choices = team_department_codes,  .summary = "whose cases it gets: `ho` or `il`, one team for each; where there is but one team it gets all"),
    FIELD(struct pack_team, weekday,      .summary = "1 = Monday to 7; no meeting on holidays"),
    FIELD(struct pack_team, starts,       .format = FORMAT_CLOCK,  .summary = "`HH:MM`, Europe/Oslo"),
    FIELD(struct pack_team, slots,        .summary = "cases in a meeting, 1 to 100"),
    FIELD(struct pack_team, slot_minutes, .summary = "5 to 120; a meeting ends the day it began"),
    LIST_FIELD(struct pack_team, members, &member_record, .flags = OPTIONAL, .max_items = 50, .summary = "who sits in it"),
    { 0 },
};
const struct record pack_team_record = RECORD("pack_team", struct pack_team, team_fields);

static const struct field person_fields[] = {
    FIELD(struct pack_person, name,    .flags = PERSONAL, .max = 200,            .summary = "no two alike: add what tells them apart"),
    FIELD(struct pack_person, role,    .choices = staff_role_codes,                         .summary = "caseworker, team_member, team_leader, benefit_owner, privacy_officer, administrator or operator"),
    FIELD(struct pack_person, subject, .flags = OPTIONAL | PERSONAL, .max = 255, .summary = "who they are to the municipality's issuer (`sub`)"),
    { 0 },
};
const struct record pack_person_record = RECORD("pack_person", struct pack_person, person_fields);

static const struct field role_fields[] = {
    FIELD(struct pack_role, value, .max = 200,       .summary = "what the claim says"),
    FIELD(struct pack_role, role,  .choices = staff_role_codes, .summary = "what that makes of who logs in"),
    { 0 },
};
static const struct record role_record = RECORD("pack_role", struct pack_role, role_fields);

static const struct field login_fields[] = {
    FIELD(struct pack_login, issuer,      .format = FORMAT_WEB, .summary = "the municipality's OpenID issuer as its tokens name it, https"),
    FIELD(struct pack_login, client,      .max = 200,           .summary = "what we are called there (client_id)"),
    FIELD(struct pack_login, roles_claim, .max = 100,           .summary = "the claim that holds roles"),
    LIST_FIELD(struct pack_login, roles, &role_record, .max_items = 50, .summary = "what its values mean"),
    { 0 },
};
static const struct record login_record = RECORD("pack_login", struct pack_login, login_fields);

static const struct record rules_record = RECORD("pack_rules", struct pack_rules, pack_rules_fields);

static const struct field letter_fields[] = {
    FIELD(struct pack_letter, kind,     .choices = letter_kind_names, .summary = "which letter: the first column of `common/letter/kinds.def`"),
    FIELD(struct pack_letter, language, .choices = letter_language_codes,  .summary = "`nb` or `nn`"),
    FIELD(struct pack_letter, text,     .max = 20000,                 .summary = "Markdown in place of ours (`services/letters/templates/`), filled with the same facts; what a letter of the kind must say (`common/letter/kinds.def`) it says too, for everyone"),
    { 0 },
};
static const struct record letter_record = RECORD("pack_letter", struct pack_letter, letter_fields);

static const struct field system_fields[] = {
    FIELD(struct pack_system, organisation, .format = FORMAT_ORGANISATION, .summary = "whose systems may come, by Maskinporten's tokens"),
    FIELD(struct pack_system, name,         .max = 100,                    .summary = "what it is called in lists"),
    { 0 },
};
const struct record pack_system_record = RECORD("pack_system", struct pack_system, system_fields);

static const struct field pack_fields[] = {
    FIELD(struct pack, number,       .format = FORMAT_MUNICIPALITY, .summary = "the municipality's number, four digits"),
    FIELD(struct pack, name,         .max = 100,                    .summary = "as pages and letters show it: Askøy kommune"),
    FIELD(struct pack, organisation, .format = FORMAT_ORGANISATION, .summary = "its own organisation number"),
    NESTED_FIELD(struct pack, branding, &branding_record, .flags = OPTIONAL, .summary = "how it looks"),
    LIST_FIELD(struct pack, teams, &pack_team_record, .max_items = 2,    .summary = "the assessment teams: one or two"),
    LIST_FIELD(struct pack, staff, &pack_person_record, .flags = OPTIONAL, .max_items = 5000, .summary = "who works with cases; who is left out is on no team and no list any more: that they log in no more is for the issuer"),
    NESTED_FIELD(struct pack, staff_login, &login_record, .flags = OPTIONAL, .summary = "where they log in"),
    NESTED_FIELD(struct pack, rules, &rules_record, .flags = OPTIONAL, .summary = "how its cases go; what is changed holds for applications received from the next day on"),
    LIST_FIELD(struct pack, letters, &letter_record, .flags = OPTIONAL, .max_items = 20, .summary = "its own words"),
    LIST_FIELD(struct pack, systems, &pack_system_record, .flags = OPTIONAL, .max_items = 200, .summary = "other systems that may come for it; who is left out may come no longer"),
    { 0 },
};
/* clang-format on */

const struct record pack_record = {
    .name = "pack",
    .size = sizeof(struct pack),
    .fields = pack_fields,
    .checks = pack_checks,
};

static void print_members(FILE *out, const struct record *record, const char *before)
{
    char inner[200];
    for (const struct field *f = record->fields; f->name; f++) {
        fprintf(out, "| `%s%s%s` | %s | %s |\n", before, f->name, f->kind == KIND_LIST ? "[]" : "",
                f->flags & OPTIONAL ? "" : "must", f->summary);
        snprintf(inner, sizeof(inner), "%s%s%s.", before, f->name, f->kind == KIND_LIST ? "[]" : "");
        if (f->record)
            print_members(out, f->record, inner);
    }
}

void pack_table(FILE *out)
{
    fprintf(out, "| Member | | Meaning |\n|---|---|---|\n");
    print_members(out, &pack_record, "");
}
