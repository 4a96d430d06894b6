/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_OPS_PACK_H
#define SERVICES_OPS_PACK_H
/*
 * A municipality's pack: all that makes it one of those served, as a JSON document. What it names is
 * what there is: who or what is left out of the next one has left.
 */
#include <stdio.h>

#include "common/record/record.h"

struct pack_branding {
    const char *phone;
    const char *address;
    const char *web;
    const char *accent;
};
struct pack_member {
    const char *name; /* of the staff */
    const char *profession;
};
struct pack_team {
    const char *code;
    const char *name;
    const char *department;
    int64_t weekday; /* ISO 8601 */
    const char *starts;
    int64_t slots;
    int64_t slot_minutes;
    struct list members; /* of struct pack_member */
};
struct pack_person {
    const char *name;
    const char *role;
    const char *subject;
};
struct pack_role {
    const char *value;
    const char *role;
};
struct pack_login {
    const char *issuer;
    const char *client;
    const char *roles_claim;
    struct list roles; /* of struct pack_role */
};
struct pack_rules { /* as in struct rules */
    struct maybe first_talk_days;
    struct maybe first_talk_urgent_days;
    struct maybe team_services;
    struct maybe team_step;
};
struct pack_letter {
    const char *kind;
    const char *language;
    const char *text;
};
struct pack_system {
    const char *organisation;
    const char *name;
};
struct pack {
    const char *number;
    const char *name;
    const char *organisation;
    struct pack_branding *branding;
    struct list teams;   /* of struct pack_team */
    struct list staff;   /* of struct pack_person */
    struct pack_login *staff_login;
    struct pack_rules *rules;
    struct list letters; /* of struct pack_letter */
    struct list systems; /* of struct pack_system */
};
extern const struct record pack_record, pack_team_record, pack_person_record, pack_system_record;

extern const struct field pack_rules_fields[];

/* A rule as the pack says it, by its name in rule_ranges; unknown = left to the house. */
struct maybe pack_rule(const struct pack_rules *rules, const char *name);

/* What spans the fields of a pack. */
extern const struct check pack_checks[];

/* The pack's members as a table in Markdown, for the README. */
void pack_table(FILE *out);

/* Writes what differs, in the scope's transaction. *changes says what in a line, names and codes
 * only; NULL if nothing did. */
enum problem pack_write(struct scope *s, const struct pack *pack, const char **changes);

/* Faults that only the database knows. */
enum problem pack_check_against_others(struct scope *s, const struct pack *pack);

#endif
