/* SPDX-License-Identifier: EUPL-1.2 */
/* A pack's rules: one by its name. */

/* clang-format off */
#include <string.h>

#include "services/ops/pack.h"

const struct field pack_rules_fields[] = {
    FIELD(struct pack_rules, first_talk_days,        .flags = OPTIONAL, .summary = "working days until the first talk is due, 1 to 10; 3 if left out"),
    FIELD(struct pack_rules, first_talk_urgent_days, .flags = OPTIONAL, .summary = "the same if it is acute or the applicant is in hospital, 1 to 3 and no more than the ordinary; 1 if left out"),
    FIELD(struct pack_rules, team_services,          .flags = OPTIONAL, .summary = "so many services, and a team looks at the case, 2 to 10; 3 if left out"),
    FIELD(struct pack_rules, team_step,              .flags = OPTIONAL, .summary = "from this step of the care ladder on a team looks at it, 2 to 6; 5 if left out"),
    { 0 },
};
/* clang-format on */

struct maybe pack_rule(const struct pack_rules *rules, const char *name)
{
    for (const struct field *f = pack_rules_fields; rules && f->name; f++)
        if (strcmp(f->name, name) == 0)
            return *(const struct maybe *)((const char *)rules + f->offset);
    return (struct maybe){ 0 };
}
