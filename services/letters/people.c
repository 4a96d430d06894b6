/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What applications say of people, where the document is open anyway: what is known of a person is
 * brought up to date, and a case that was taken in before its people were rows gets them.
 */
#include <stdio.h>
#include <string.h>

#include "common/case/document.h"
#include "common/case/people.h"
#include "common/db/run.h"
#include "common/db/transact.h"
#include "common/program/program.h"
#include "common/seal/seal.h"
#include "services/letters/letters.h"
#include "services/letters/queries.h"

enum { PAGE = 100 };

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

enum problem people_learn(struct scope *s, const char *municipality,
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

struct place {
    char application_id[40];
    long cases, damaged;
    int count; /* of the page */
};

static enum problem read_people(struct scope *s, const struct result *r, int row,
                                struct participant *people, size_t *count)
{
    struct people said = { 0 };
    json_t *document;
    const char *municipality = result_text(r, row, "municipality");
    TRY(document_open_json(s, SEAL_APPLICATION, r, row, &document));
    TRY(people_from_value(s, document, &said));
    return participants_make(s, municipality, &said, result_time(r, row, "received_at"), people,
                             count);
}

static enum problem add_people(struct scope *s, const struct result *r, int row,
                               const struct participant *people, size_t count)
{
    const char *municipality = result_text(r, row, "municipality");
    for (size_t i = 0; i < count; i++) {
        struct result added;
        const struct participant *one = &people[i];
        TRY(DB_RUN(s, &sql_participant_add, &added, param_text(result_text(r, row, "case_id")),
                   param_integer(s, (int64_t)i + 1), param_text(municipality),
                   param_bytes(one->index.data, one->index.length), param_text(one->person_id),
                   param_text(one->parts), param_text(one->role), param_text(one->basis),
                   param_time(s, one->said.at), param_bytes(one->sealed.data, one->sealed.length),
                   param_flag(one->said.own), param_time(s, s->now)));
    }
    return people_learn(s, municipality, people, count);
}

/* A document that can't be read is that case's own fault: it is counted, and the others go on. */
static enum problem add_page(struct scope *s, void *context)
{
    struct place *place = context;
    struct result r;
    TRY(DB_RUN(s, &sql_applications_without_people, &r, param_text(place->application_id),
               param_integer(s, PAGE)));
    long cases = 0, damaged = 0;
    for (int row = 0; row < r.count; row++) {
        struct participant people[PARTICIPANTS_MOST];
        size_t count = 0;
        enum problem p = read_people(s, &r, row, people, &count);
        if (p == PROBLEM_DAMAGED || p == PROBLEM_MALFORMED) {
            fprintf(stderr, "\ntillit-letters: case %s: %s\n", result_text(&r, row, "case_id"),
                    problem_title(p));
            s->detail = NULL;
            s->errors = s->last_error = NULL;
            damaged++;
            continue;
        }
        TRY(p);
        TRY(add_people(s, &r, row, people, count));
        cases++;
    }
    if (r.count > 0)
        snprintf(place->application_id, sizeof(place->application_id), "%s",
                 result_text(&r, r.count - 1, "id"));
    place->count = r.count;
    place->cases += cases;
    place->damaged += damaged;
    return OK;
}

/* A page is a transaction: what was done stays done, and a new run goes on where people lack. */
int people_add(struct program *program, const char *argument)
{
    (void)argument;
    struct place place = { .application_id = "00000000-0000-0000-0000-000000000000", .count = PAGE };
    enum problem p = OK;
    while (!p && place.count == PAGE) {
        struct scope s = scope_open(program);
        p = program_transact(program, &s, add_page, &place);
        if (p)
            fprintf(stderr, "\ntillit-letters: stopped: %s\n", s.detail ? s.detail : problem_title(p));
        else
            fprintf(stderr, "\rtillit-letters: %ld cases got their people", place.cases);
        scope_close(&s);
    }
    fprintf(stderr, "\n");
    if (place.damaged)
        fprintf(stderr, "tillit-letters: %ld documents can't be read\n", place.damaged);
    return p || place.damaged ? 1 : 0;
}
