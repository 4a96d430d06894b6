/* SPDX-License-Identifier: EUPL-1.2 */
/* What applications say of people: what is known of a person is brought up to date. */
#include "common/case/document.h"
#include "common/case/people.h"
#include "common/event/event.h"
#include "services/upkeep/upkeep.h"
#include "services/upkeep/queries.h"

static enum problem learn_one(struct scope *s, const char *municipality, const struct result *r,
                              int row, const struct said *said)
{
    size_t length;
    struct said known = { .own = result_flag(r, row, "own"), .at = result_time(r, row, "said_at") };
    const char *id = result_text(r, row, "id");
    const unsigned char *sealed = result_bytes(s, r, row, "sealed", &length);
    struct bytes closed;
    if (known.own && !said->own)
        return OK;
    TRY(person_open(s, municipality, id, (struct bytes){ sealed, length }, &known.person));
    struct said now = said_merge(&known, said);
    TRY(person_close(s, municipality, id, &now.person, &closed));
    return DB_RUN(s, &sql_person_learn, &(struct result){ 0 }, param_text(id),
                  param_bytes(closed.data, closed.length), param_flag(now.own),
                  param_time(s, now.at), param_time(s, s->now));
}

/* Their rows are locked in one order, for cases share them; the case itself is not touched. */
static enum problem learn(struct scope *s, const char *municipality,
                          const struct participant *people, size_t count)
{
    struct result r;
    struct array indexes = array_new(s, ARRAY_OF_BYTES, 0);
    for (size_t i = 0; i < count; i++) {
        const char *number = people[i].said.person.national_id;
        struct bytes *all;
        size_t keys = number ? seal_indexes(s, municipality, number, &all) : 0;
        for (size_t k = 0; k < keys; k++)
            array_add_bytes(&indexes, all[k].data, all[k].length);
    }
    TRY(DB_RUN(s, &sql_persons_told, &r, param_text(municipality), param_array(&indexes),
               param_time(s, people[0].said.at)));
    for (int row = 0; row < r.count; row++)
        for (size_t i = 0; i < count; i++) {
            struct bytes index;
            const char *number = people[i].said.person.national_id;
            index.data = result_bytes(s, &r, row, "person_index", &index.length);
            if (number && seal_index_matches(s, index, municipality, number)) {
                TRY(learn_one(s, municipality, &r, row, &people[i].said));
                break; /* who sends for themself as if for another is the first, in their own words */
            }
        }
    return OK;
}

enum problem people_learn(struct scope *s, const struct event *event)
{
    struct result r;
    json_t *document;
    struct application_received in = { 0 };
    struct people named = { 0 };
    struct participant people[PARTICIPANTS_MOST];
    size_t count;
    TRY(event_read(s, event, &in));
    TRY(DB_RUN(s, &sql_application_of, &r, param_text(event->case_id)));
    if (r.count == 0)
        return scope_fail(s, PROBLEM_NOT_FOUND, "the case has no application");
    const char *municipality = result_text(&r, 0, "municipality");
    TRY(document_open_json(s, SEAL_APPLICATION, &r, 0, &document));
    TRY(people_from_value(s, document, &named));
    TRY(participants_make(s, municipality, &named, result_time(&r, 0, "received_at"), people,
                          &count));
    return learn(s, municipality, people, count);
}
