/* SPDX-License-Identifier: EUPL-1.2 */
/* A municipality's rules, and the house's own. The migration's checks hold the same ranges. */
#include "common/case/rules.h"

#include "common/case/queries.h"

const struct rules rules_of_the_house = {
    .first_talk_days = 3,
    .first_talk_urgent_days = 1,
    .team_services = 3,
    .team_step = 5,
};

#define RULE(member, least, most) { #member, offsetof(struct rules, member), least, most }

const struct rule_range rule_ranges[] = {
    RULE(first_talk_days, 1, 10),
    RULE(first_talk_urgent_days, 1, 3),
    RULE(team_services, 2, 10),
    RULE(team_step, 2, 6),
    { 0 },
};

struct rules rules_at(const struct result *r, int row)
{
    struct rules rules = rules_of_the_house;
    for (const struct rule_range *rule = rule_ranges; rule->name; rule++)
        if (!result_null(r, row, rule->name))
            *(int *)((char *)&rules + rule->offset) = (int)result_integer(r, row, rule->name);
    return rules;
}

enum problem rules_find(struct scope *s, const char *const *case_ids, size_t count,
                        struct rules *out)
{
    struct result r;
    struct array ids = array_new(s, ARRAY_OF_UUID, 0);
    for (size_t i = 0; i < count; i++)
        array_add_uuid(&ids, case_ids[i]);
    TRY(DB_RUN(s, &sql_rules_of_cases, &r, param_array(&ids)));
    if ((size_t)r.count != count)
        return scope_fail(s, PROBLEM_NOT_FOUND, "there is no such case");
    for (int i = 0; i < r.count; i++)
        out[result_integer(&r, i, "place") - 1] = rules_at(&r, i);
    return OK;
}
