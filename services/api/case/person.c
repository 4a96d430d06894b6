/* SPDX-License-Identifier: EUPL-1.2 */
/* Looking people up: what is asked for is never the number, always its indexes. */
#include "services/api/case/person.h"

#include <string.h>

#include "common/db/pool.h"
#include "common/program/program.h"
#include "common/seal/seal.h"
#include "common/time/instant.h"
#include "common/who/tenants.h"
#include "services/api/case/queries.h"

void person_indexes_add(struct scope *s, const char *municipalities, const char *national_id,
                        struct array *all)
{
    for (size_t length; (length = strcspn(municipalities, ",")) > 0;
         municipalities += length + (municipalities[length] == ',')) {
        struct bytes *indexes;
        size_t count = seal_indexes(s, arena_strndup(s->arena, municipalities, length),
                                    national_id, &indexes);
        for (size_t i = 0; i < count; i++)
            array_add_bytes(all, indexes[i].data, indexes[i].length);
    }
}

struct param person_indexes(struct scope *s, const char *municipalities,
                            const char *national_id)
{
    struct array all = array_new(s, ARRAY_OF_BYTES, 0);
    person_indexes_add(s, municipalities, national_id, &all);
    return param_array(&all);
}

enum problem person_cases(struct scope *s, const char *municipalities, const char *national_id,
                          struct cursor behind, int most, struct result *out)
{
    return DB_RUN(s, &sql_person_cases, out, person_indexes(s, municipalities, national_id),
                  param_time(s, s->now),
                  behind.id ? param_time(s, behind.at) : param_text(NULL),
                  param_text(behind.id), param_integer(s, most));
}

enum problem person_open_count(struct scope *s, const char *municipalities, const char *sender,
                               const char *applicant, int64_t *out)
{
    struct result r;
    struct array none = array_new(s, ARRAY_OF_BYTES, 0);
    enum problem p = api_staff(s);
    if (!p)
        p = DB_RUN(s, &sql_person_open_count, &r, person_indexes(s, municipalities, sender),
                   applicant ? person_indexes(s, municipalities, applicant) : param_array(&none),
                   param_flag(!applicant));
    if (!p)
        *out = result_integer(&r, 0, "open");
    pool_give(s, s->program->pool);
    return p;
}

struct national_id_rules number_rules(const struct scope *s, bool applicant)
{
    const struct settings *set = &s->program->settings;
    struct date from = { 0 };
    date_parse(set->id_2032_from, &from);
    return (struct national_id_rules){
        .since_2032 = date_compare(oslo_date(s->now), from) >= 0,
        .synthetic = set->synthetic,
        .help_numbers = applicant && set->help_numbers,
        .today = oslo_date(s->now),
    };
}

bool anyone_may_have(const struct scope *s, const char *national_id)
{
    struct national_id_rules rules = number_rules(s, true);
    rules.synthetic = rules.help_numbers = true;
    return national_id_check(national_id, rules) == NATIONAL_ID_OK;
}

bool submitter_may_have(const struct scope *s, const char *national_id)
{
    return national_id_check(national_id, number_rules(s, false)) == NATIONAL_ID_OK;
}
