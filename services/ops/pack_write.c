/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A pack into the database: each part is one statement that writes what differs and says what that
 * was, so that the same pack once more writes nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/uuid.h"
#include "common/db/row.h"
#include "common/letter/kinds.h"
#include "services/ops/pack.h"
#include "services/ops/queries.h"

struct writing {
    struct scope *s;
    const struct pack *pack;
    struct buffer changes;
    bool fresh; /* the municipality was not served before */
};

static void say(struct writing *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct writing *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buffer_printf(&w->changes, "%s%s", w->changes.length ? "; " : "",
                  arena_vprintf(w->s->arena, format, args));
    va_end(args);
}

/* Each row by what it is: a team, a letter. kind stands before it. */
static void say_each(struct writing *w, const struct result *r, const char *kind,
                     const char *added, const char *other)
{
    for (int i = 0; i < r->count; i++)
        say(w, "%s%s %s", kind, result_text(r, i, "what"), result_flag(r, i, "added") ? added : other);
}

/* How many, of people: their names are nobody's business. */
static void say_count(struct writing *w, const struct result *r, const char *other)
{
    int added = 0;
    for (int i = 0; i < r->count; i++)
        added += result_flag(r, i, "added");
    if (added)
        say(w, "%d %s added", added, result_text(r, 0, "what"));
    if (r->count > added)
        say(w, "%d %s %s", r->count - added, result_text(r, 0, "what"), other);
}

static enum problem write_municipality(struct writing *w)
{
    static const struct pack_branding plain = { 0 };
    const struct pack_branding *brand = w->pack->branding ? w->pack->branding : &plain;
    struct result r;
    TRY(DB_RUN(w->s, &sql_municipality_set, &r, param_text(w->pack->number),
               param_text(w->pack->name), param_text(w->pack->organisation),
               param_text(brand->phone), param_text(brand->address), param_text(brand->web),
               param_text(brand->accent)));
    w->fresh = r.count && result_flag(&r, 0, "added");
    if (r.count)
        say(w, w->fresh ? "municipality added" : "name or branding changed");
    return OK;
}

static struct param new_ids(struct scope *s, size_t count)
{
    struct array out = array_new(s, ARRAY_OF_UUID, 0);
    for (size_t i = 0; i < count; i++)
        array_add_uuid(&out, uuid_v7(s->arena, s->now));
    return param_array(&out);
}

static enum problem write_staff(struct writing *w)
{
    struct scope *s = w->s;
    struct result left, set;
    const struct list staff = w->pack->staff;
    const struct param number = param_text(w->pack->number);
    TRY(DB_RUN_RECORDS(s, &sql_staff_leave, &left, &pack_person_record, staff, number));
    TRY(DB_RUN_RECORDS(s, &sql_staff_set, &set, &pack_person_record, staff, number, new_ids(s, staff.count)));
    say_count(w, &left, "left");
    say_count(w, &set, "changed");
    return OK;
}

static enum problem write_teams(struct writing *w)
{
    struct scope *s = w->s;
    struct result closed, set;
    const struct list teams = w->pack->teams;
    const struct param number = param_text(w->pack->number);
    TRY(DB_RUN_RECORDS(s, &sql_teams_close, &closed, &pack_team_record, teams, number));
    TRY(DB_RUN_RECORDS(s, &sql_teams_set, &set, &pack_team_record, teams, number, new_ids(s, teams.count)));
    say_each(w, &closed, "team ", "", "closed");
    say_each(w, &set, "team ", "added", "changed");
    return OK;
}

struct member_row {
    const char *code, *name, *profession;
};
static const struct field member_fields[] = {
    FIELD(struct member_row, code), FIELD(struct member_row, name), FIELD(struct member_row, profession), { 0 },
};
static const struct record member_record = RECORD("member_row", struct member_row, member_fields);

static struct list member_rows(struct scope *s, const struct pack_team *teams, size_t count)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        most += teams[i].members.count;
    struct member_row *rows = arena_array(s->arena, most, sizeof(*rows));
    struct list list = { .items = rows };
    for (size_t i = 0; i < count; i++) {
        const struct pack_member *members = teams[i].members.items;
        for (size_t k = 0; k < teams[i].members.count; k++)
            rows[list.count++] = (struct member_row){ teams[i].code, members[k].name, members[k].profession };
    }
    return list;
}

static enum problem write_members(struct writing *w)
{
    struct scope *s = w->s;
    struct result left, set;
    const struct list rows = member_rows(s, w->pack->teams.items, w->pack->teams.count);
    const struct param number = param_text(w->pack->number);
    TRY(DB_RUN_RECORDS(s, &sql_members_leave, &left, &member_record, rows, number));
    TRY(DB_RUN_RECORDS(s, &sql_members_set, &set, &member_record, rows, number));
    say_count(w, &left, "left");
    say_count(w, &set, "changed");
    return OK;
}

static struct param rule_param(const struct writing *w, const char *name)
{
    struct maybe rule = pack_rule(w->pack->rules, name);
    return param_maybe(w->s, rule.known, rule.value);
}

/* A new municipality's hold from the first: it has no case yet. Others' from the next midnight, so
 * that no day has two promises. */
static enum problem write_rules(struct writing *w)
{
    struct scope *s = w->s;
    struct result r;
    struct date tomorrow = date_add_days(oslo_date(s->now), 1);
    int64_t since = w->fresh ? oslo_instant((struct date){ 1970, 1, 2 }, 0, 0)
                             : oslo_instant(tomorrow, 0, 0);
    TRY(DB_RUN(s, &sql_rules_set, &r, param_text(w->pack->number), param_time(s, since),
               rule_param(w, "first_talk_days"), rule_param(w, "first_talk_urgent_days"),
               rule_param(w, "team_services"), rule_param(w, "team_step")));
    if (r.count && w->fresh)
        say(w, "rules");
    else if (r.count)
        say(w, "rules from %s", date_text(s->arena, tomorrow));
    return OK;
}

static const char *text_in(const struct pack *pack, const char *kind, const char *language)
{
    const struct pack_letter *letters = pack->letters.items;
    for (size_t i = 0; i < pack->letters.count; i++)
        if (strcmp(letters[i].kind, kind) == 0 && strcmp(letters[i].language, language) == 0)
            return letters[i].text;
    return NULL;
}

static enum problem write_letters(struct writing *w)
{
    struct scope *s = w->s;
    struct result r;
    struct array kinds = array_new(s, ARRAY_OF_TEXT, 0), languages = array_new(s, ARRAY_OF_TEXT, 0);
    struct array texts = array_new(s, ARRAY_OF_TEXT, 0);
    for (const char *const *kind = letter_kind_names; *kind; kind++)
        for (const char *const *language = letter_language_codes; *language; language++) {
            array_add_text(&kinds, *kind);
            array_add_text(&languages, *language);
            array_add_text(&texts, text_in(w->pack, *kind, *language));
        }
    TRY(DB_RUN(s, &sql_templates_set, &r, param_text(w->pack->number), param_time(s, s->now),
               param_array(&kinds), param_array(&languages), param_array(&texts)));
    say_each(w, &r, "letter ", "in its own words", "in ours again");
    return OK;
}

/* {"what the claim says": "caseworker"}, always in the same order. */
static const char *role_map(struct scope *s, const struct pack_login *login)
{
    const struct pack_role *roles = login->roles.items;
    json_t *map = arena_value(s->arena, json_object());
    for (size_t i = 0; i < login->roles.count; i++)
        json_object_set_new(map, roles[i].value, json_string(roles[i].role));
    char *text = json_dumps(map, JSON_COMPACT | JSON_SORT_KEYS);
    arena_defer(s->arena, arena_release_foreign, text);
    return text;
}

static enum problem write_login(struct writing *w)
{
    struct result r;
    const struct pack_login *login = w->pack->staff_login;
    if (login)
        TRY(DB_RUN(w->s, &sql_login_set, &r, param_text(w->pack->number),
                   param_text(login->issuer), param_text(login->client),
                   param_text(login->roles_claim), param_text(role_map(w->s, login))));
    else
        TRY(DB_RUN(w->s, &sql_login_drop, &r, param_text(w->pack->number)));
    say_each(w, &r, "", "added", login ? "changed" : "dropped");
    return OK;
}

static enum problem write_systems(struct writing *w)
{
    struct scope *s = w->s;
    struct result out, in;
    const struct param number = param_text(w->pack->number);
    TRY(DB_RUN_RECORDS(s, &sql_systems_shut_out, &out, &pack_system_record, w->pack->systems, number));
    TRY(DB_RUN_RECORDS(s, &sql_systems_let_in, &in, &pack_system_record, w->pack->systems, number));
    say_each(w, &out, "system ", "", "shut out");
    say_each(w, &in, "system ", "let in", "");
    return OK;
}

enum problem pack_write(struct scope *s, const struct pack *pack, const char **changes)
{
    struct writing w = { .s = s, .pack = pack, .changes = buffer_new(s->arena) };
    static enum problem (*const parts[])(struct writing *) = {
        write_municipality, write_staff, write_teams, write_members,
        write_rules, write_letters, write_login, write_systems,
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        TRY(parts[i](&w));
    *changes = w.changes.length ? w.changes.text : NULL;
    return OK;
}

enum problem pack_check_against_others(struct scope *s, const struct pack *pack)
{
    struct result r;
    TRY(DB_RUN(s, &sql_organisation_taken, &r, param_text(pack->number),
               param_text(pack->organisation)));
    if (r.count)
        scope_fault_why(s, "/organisation", FAULT_REPEAT,
                        arena_printf(s->arena, "municipality %s has it", result_text(&r, 0, "number")));
    return OK;
}
