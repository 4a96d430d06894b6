/* SPDX-License-Identifier: EUPL-1.2 */
/* The administrator's room: how the municipality is set up. It is changed by its pack, which somebody reads first. */
#include <string.h>

#include "common/case/rules.h"
#include "common/db/run.h"
#include "common/time/instant.h"
#include "services/api/console/queries.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"

/* What one of the page's lists shows of a row. */
typedef json_t *row_view(struct scope *s, const struct result *r, int row);

static const char *or_dash(const char *text)
{
    return text_blank(text) ? "–" : text;
}

static json_t *team_view(struct scope *s, const struct result *r, int row)
{
    (void)s;
    const char *day = coded_text("weekday_", result_text(r, row, "weekday"));
    return json_pack("{s: s, s: s, s: s, s: s, s: s, s: s, s: b}", "name", result_text(r, row, "name"),
                     "day", day, "starts", result_text(r, row, "starts"), "slots",
                     result_text(r, row, "slots"), "minutes", result_text(r, row, "slot_minutes"),
                     "members", result_text(r, row, "members"), "closed", result_flag(r, row, "closed"));
}

static json_t *colleague_view(struct scope *s, const struct result *r, int row)
{
    (void)s;
    bool named = result_flag(r, row, "named");
    const char *login = !named                         ? "setup_came"
                        : result_flag(r, row, "login") ? "setup_has_login"
                                                       : "setup_has_none";
    return json_pack("{s: s, s: s, s: s, s: s}", "name", result_text(r, row, "name"), "role",
                     coded_text("role_", result_text(r, row, "role")), "unit",
                     or_dash(result_text(r, row, "unit")), "login", text_of(login));
}

static json_t *own_letter_view(struct scope *s, const struct result *r, int row)
{
    return json_pack("{s: s, s: s, s: s}", "kind",
                     coded_text("letter_", result_text(r, row, "kind")), "language",
                     result_text(r, row, "language"), "since",
                     date_words(s->arena, oslo_date(result_time(r, row, "since"))));
}

static json_t *system_view(struct scope *s, const struct result *r, int row)
{
    (void)s;
    return json_pack("{s: s, s: s}", "organisation", result_text(r, row, "organisation"), "name",
                     result_text(r, row, "name"));
}

/* clang-format off */
static const struct {
    const char *name; /* of the list in the template; has_<name> = there is something in it */
    const struct statement *statement;
    row_view *view;
} lists[] = {
    { "teams",   &sql_setup_teams,   team_view },
    { "staff_list", &sql_setup_staff, colleague_view },
    { "letters", &sql_setup_letters, own_letter_view },
    { "systems", &sql_setup_systems, system_view },
};
/* clang-format on */

static enum problem add_lists(struct scope *s, const char *municipality,
                              json_t *view)
{
    struct result r;
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
        json_t *list = json_array();
        json_object_set_new(view, lists[i].name, list);
        TRY(DB_RUN(s, lists[i].statement, &r, param_text(municipality)));
        for (int row = 0; row < r.count; row++)
            json_array_append_new(list, lists[i].view(s, &r, row));
        json_object_set_new(view, arena_printf(s->arena, "has_%s", lists[i].name),
                            json_boolean(r.count > 0));
    }
    return OK;
}

/* Each rule as it is now, and as it will be from a day on if that is said already. */
static enum problem add_rules(struct scope *s, const char *municipality,
                              json_t *view)
{
    struct result r;
    TRY(DB_RUN(s, &sql_setup_rules, &r, param_text(municipality), param_time(s, s->now)));
    bool set = r.count > 0 && result_time(&r, 0, "since") <= s->now, coming = r.count > (set ? 1 : 0);
    struct rules now = set ? rules_at(&r, 0) : rules_of_the_house,
                 next = coming ? rules_at(&r, r.count - 1) : now;
    json_t *list = json_array();
    for (const struct rule_range *rule = rule_ranges; rule->name; rule++) {
        bool own = set && !result_null(&r, 0, rule->name);
        json_array_append_new(
            list,
            json_pack("{s: s, s: i, s: i, s: s}", "rule", coded_text("rule_", rule->name),
                      "now", *(int *)((char *)&now + rule->offset), "next",
                      *(int *)((char *)&next + rule->offset), "by",
                      text_of(own ? "setup_own" : "setup_house")));
    }
    json_object_set_new(view, "rules", list);
    json_object_set_new(
        view, "coming",
        text_or_null(coming ? date_words(s->arena, oslo_date(result_time(&r, r.count - 1, "since")))
                            : NULL));
    return OK;
}

static json_t *role_map_view(struct scope *s, const char *map)
{
    json_t *list = json_array(), *meanings = arena_value(s->arena, json_loads(map, 0, NULL)), *role;
    const char *value;
    json_object_foreach(meanings, value, role)
        json_array_append_new(list, json_pack("{s: s, s: s}", "value", value, "role",
                                              coded_text("role_",
                                                         json_string_value(role))));
    return list;
}

static enum problem add_login(struct scope *s, const char *municipality,
                              json_t *view)
{
    struct result r;
    TRY(DB_RUN(s, &sql_setup_login, &r, param_text(municipality)));
    json_object_set_new(
        view, "login",
        r.count ? json_pack("{s: s, s: s, s: s, s: o}", "issuer", result_text(&r, 0, "issuer"), "client",
                            result_text(&r, 0, "client"), "claim", result_text(&r, 0, "roles_claim"),
                            "meanings", role_map_view(s, result_text(&r, 0, "role_map")))
                : json_null());
    return OK;
}

enum problem setup_page(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    struct result r;
    const char *municipality = s->who->tenants; /* staff have one */
    TRY(DB_RUN(s, &sql_setup_municipality, &r, param_text(municipality)));
    json_t *view = arena_value(
        s->arena,
        json_pack("{s: s, s: s, s: s, s: s, s: s, s: s, s: s}", "number",
                  result_text(&r, 0, "number"), "name", result_text(&r, 0, "name"), "organisation",
                  or_dash(result_text(&r, 0, "organisation")), "told_phone",
                  or_dash(result_text(&r, 0, "phone")), "told_address",
                  or_dash(result_text(&r, 0, "address")), "told_web", or_dash(result_text(&r, 0, "web")),
                  "accent", or_dash(result_text(&r, 0, "accent"))));
    TRY(add_rules(s, municipality, view));
    TRY(add_lists(s, municipality, view));
    TRY(add_login(s, municipality, view));
    return page_render(s, "setup", "room_setup", NULL, json_incref(view), &reply->http);
}
