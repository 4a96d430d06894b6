/* SPDX-License-Identifier: EUPL-1.2 */
/* The administrator's room: how the municipality is set up. It is changed by its pack, which somebody reads first. */
#include <string.h>

#include "common/case/rules.h"
#include "common/db/row.h"
#include "services/api/console/queries.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"

struct team_row {
    const char *name, *weekday, *starts, *slots, *slot_minutes, *members;
    bool closed;
};

static const struct field team_fields[] = {
    FIELD(struct team_row, name),
    FIELD(struct team_row, weekday, .words = "weekday_"),
    FIELD(struct team_row, starts),
    FIELD(struct team_row, slots),
    FIELD(struct team_row, slot_minutes),
    FIELD(struct team_row, members),
    FIELD(struct team_row, closed),
    { 0 },
};
static const struct record team_record = RECORD("team_row", struct team_row, team_fields);

struct colleague_row {
    const char *name, *role, *unit;
    bool named, login;
};

static const struct field colleague_fields[] = {
    FIELD(struct colleague_row, name),
    FIELD(struct colleague_row, role, .words = "role_"),
    FIELD(struct colleague_row, unit, .flags = NULLABLE),
    FIELD(struct colleague_row, named), /* by the pack; others came by the municipality's login */
    FIELD(struct colleague_row, login), /* has logged in */
    { 0 },
};
static const struct record colleague_record = RECORD("colleague_row", struct colleague_row, colleague_fields);

struct letter_row {
    const char *kind, *language;
    struct instant since;
};

static const struct field letter_fields[] = {
    FIELD(struct letter_row, kind, .words = "letter_"),
    FIELD(struct letter_row, language),
    FIELD(struct letter_row, since, .flags = DAY),
    { 0 },
};
static const struct record letter_record = RECORD("letter_row", struct letter_row, letter_fields);

struct system_row {
    const char *organisation, *name;
};

static const struct field system_fields[] = {
    FIELD(struct system_row, organisation),
    FIELD(struct system_row, name),
    { 0 },
};
static const struct record system_record = RECORD("system_row", struct system_row, system_fields);

struct rule_row {
    const char *rule;
    int64_t now, next;
    bool own;
};

static const struct field rule_fields[] = {
    FIELD(struct rule_row, rule, .words = "rule_"),
    FIELD(struct rule_row, now),
    FIELD(struct rule_row, next),
    FIELD(struct rule_row, own), /* the municipality's; others are the house's */
    { 0 },
};
static const struct record rule_record = RECORD("rule_row", struct rule_row, rule_fields);

struct meaning {
    const char *value, *role;
};

static const struct field meaning_fields[] = {
    FIELD(struct meaning, value),
    FIELD(struct meaning, role, .words = "role_"),
    { 0 },
};
static const struct record meaning_record = RECORD("meaning", struct meaning, meaning_fields);

struct staff_login_row {
    const char *issuer, *client, *roles_claim, *role_map;
    struct list meanings;
};

static const struct field login_fields[] = {
    FIELD(struct staff_login_row, issuer),
    FIELD(struct staff_login_row, client),
    FIELD(struct staff_login_row, roles_claim),
    FIELD(struct staff_login_row, role_map),
    LIST_FIELD(struct staff_login_row, meanings, &meaning_record),
    { 0 },
};
static const struct record login_record = RECORD("staff_login_row", struct staff_login_row, login_fields);

struct setup {
    const char *number, *name, *organisation;
    const char *told_phone, *told_address, *told_web, *accent;
    struct instant coming; /* when the rules will be others, if that is said already */
    struct list rules, teams, staff_list, letters, systems;
    bool has_letters, has_systems;
    struct staff_login_row *login;
};

static const struct field setup_fields[] = {
    FIELD(struct setup, number),
    FIELD(struct setup, name),
    FIELD(struct setup, organisation),
    FIELD(struct setup, told_phone),
    FIELD(struct setup, told_address),
    FIELD(struct setup, told_web),
    FIELD(struct setup, accent),
    FIELD(struct setup, coming, .flags = DAY),
    LIST_FIELD(struct setup, rules, &rule_record),
    LIST_FIELD(struct setup, teams, &team_record),
    LIST_FIELD(struct setup, staff_list, &colleague_record),
    LIST_FIELD(struct setup, letters, &letter_record),
    LIST_FIELD(struct setup, systems, &system_record),
    FIELD(struct setup, has_letters),
    FIELD(struct setup, has_systems),
    NESTED_FIELD(struct setup, login, &login_record),
    { 0 },
};
static const struct record setup_record = RECORD("setup", struct setup, setup_fields);

static const char *or_dash(const char *text)
{
    return text_blank(text) ? "–" : text;
}

/* The lists that are rows as they stand. */
static enum problem load_lists(struct scope *s, struct setup *setup)
{
    const struct {
        const struct statement *statement;
        const struct record *record;
        struct list *out;
    } lists[] = {
        { &sql_setup_teams, &team_record, &setup->teams },
        { &sql_setup_staff, &colleague_record, &setup->staff_list },
        { &sql_setup_letters, &letter_record, &setup->letters },
        { &sql_setup_systems, &system_record, &setup->systems },
    };
    struct result r;
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
        TRY(DB_RUN(s, lists[i].statement, &r, param_text(setup->number)));
        TRY(records_from_result(s, lists[i].record, &r, lists[i].out));
    }
    setup->has_letters = setup->letters.count > 0;
    setup->has_systems = setup->systems.count > 0;
    return OK;
}

/* Each rule as it is now, and as it will be from a day on if that is said already. */
static enum problem load_rules(struct scope *s, struct setup *setup)
{
    struct result r;
    TRY(DB_RUN(s, &sql_setup_rules, &r, param_text(setup->number), param_time(s, s->now)));
    bool set = r.count > 0 && result_time(&r, 0, "since") <= s->now, coming = r.count > (set ? 1 : 0);
    struct rules now = set ? rules_at(&r, 0) : rules_of_the_house,
                 next = coming ? rules_at(&r, r.count - 1) : now;
    size_t count = 0;
    while (rule_ranges[count].name)
        count++;
    struct rule_row *rows = arena_array(s->arena, count, sizeof(*rows));
    for (size_t i = 0; i < count; i++) {
        const struct rule_range *rule = &rule_ranges[i];
        rows[i] = (struct rule_row){ rule->name, *(int *)((char *)&now + rule->offset),
                                     *(int *)((char *)&next + rule->offset),
                                     set && !result_null(&r, 0, rule->name) };
    }
    setup->rules = (struct list){ rows, count };
    if (coming)
        setup->coming.us = result_time(&r, r.count - 1, "since");
    return OK;
}

static struct list meanings_of(struct scope *s, const char *map)
{
    json_t *object = arena_value(s->arena, json_loads(map, 0, NULL)), *role;
    struct meaning *rows = arena_array(s->arena, json_object_size(object), sizeof(*rows));
    size_t count = 0;
    const char *value;
    json_object_foreach(object, value, role)
        rows[count++] = (struct meaning){ value, json_string_value(role) };
    return (struct list){ rows, count };
}

static enum problem load_login(struct scope *s, struct setup *setup)
{
    struct result r;
    TRY(DB_RUN(s, &sql_setup_login, &r, param_text(setup->number)));
    if (r.count == 0)
        return OK;
    setup->login = ARENA_NEW(s->arena, struct staff_login_row);
    TRY(record_from_row(s, &login_record, &r, 0, setup->login));
    setup->login->meanings = meanings_of(s, setup->login->role_map);
    return OK;
}

enum problem setup_page(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    struct result r;
    TRY(DB_RUN(s, &sql_setup_municipality, &r, param_text(s->who->tenants))); /* staff have one */
    struct setup setup = {
        .number = result_text(&r, 0, "number"), .name = result_text(&r, 0, "name"),
        .organisation = or_dash(result_text(&r, 0, "organisation")),
        .told_phone = or_dash(result_text(&r, 0, "phone")),
        .told_address = or_dash(result_text(&r, 0, "address")),
        .told_web = or_dash(result_text(&r, 0, "web")), .accent = or_dash(result_text(&r, 0, "accent")),
    };
    TRY(load_rules(s, &setup));
    TRY(load_lists(s, &setup));
    TRY(load_login(s, &setup));
    return page_show(s, "setup", "room_setup", NULL, &setup_record, &setup, &reply->http);
}
