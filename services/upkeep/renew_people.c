/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * People under a new index key. A person's index stands in their own row and in each part they
 * have: both change in one commit, so that whoever looks finds all of it or, by the old key, all
 * of it still.
 */

#include "common/case/document.h"
#include "common/case/people.h"
#include "services/upkeep/upkeep.h"
#include "services/upkeep/queries.h"
#include "services/upkeep/renew.h"

static enum problem open_said(struct scope *s, const struct result *r, int row,
                              const char *municipality, struct said *out)
{
    *out = (struct said){ .own = result_flag(r, row, "own"), .at = result_time(r, row, "said_at") };
    return person_open(s, municipality, result_text(r, row, "id"),
                       renew_bytes(s, r, row, "sealed"), &out->person);
}

/* Who has a second row under the new index: what both say is kept in that, and the old one goes. */
static enum problem join_twin(struct scope *s, const char *municipality, const struct said *old,
                              const char *old_id, struct bytes was, struct bytes now)
{
    struct result twin;
    struct said said;
    struct bytes sealed;
    TRY(DB_RUN(s, &sql_person_twin, &twin, param_text(municipality),
               param_bytes(now.data, now.length), param_text(old_id)));
    if (twin.count == 0)
        return OK;
    const char *id = result_text(&twin, 0, "id");
    TRY(open_said(s, &twin, 0, municipality, &said));
    struct said both = old->at < said.at ? said_merge(old, &said) : said_merge(&said, old);
    TRY(person_close(s, municipality, id, &both.person, &sealed));
    TRY(DB_RUN(s, &sql_person_learn, &(struct result){ 0 }, param_text(id),
               param_bytes(sealed.data, sealed.length), param_flag(both.own),
               param_time(s, both.at), param_time(s, s->now)));
    return DB_RUN(s, &sql_person_drop, NULL, param_text(old_id), param_bytes(was.data, was.length));
}

static enum problem index_person(struct scope *s, const struct result *rows, int row,
                                 struct bytes was, struct bytes *now)
{
    struct said said;
    const char *municipality = result_text(rows, row, "municipality"),
               *id = result_text(rows, row, "id");
    TRY(open_said(s, rows, row, municipality, &said));
    const char *number = said.person.national_id;
    if (!number || !seal_index_matches(s, was, municipality, number))
        return scope_fail(s, PROBLEM_DAMAGED, "an index is not that of its person's number");
    TRY(seal_index(s, municipality, number, now));
    return join_twin(s, municipality, &said, id, was, *now);
}

/* The rows whose index could be made anew: their ids, what it was, and what it is now. */
struct indexed {
    const int *rows;
    int count;
    struct array ids, were, anew;
};

typedef enum problem index_row(struct scope *s, const struct result *rows, int row,
                               struct bytes was, struct bytes *now);

static enum problem index_rows(struct scope *s, const struct result *rows, index_row *index,
                               struct texts *damaged, struct indexed *out)
{
    int *done = arena_array(s->arena, (size_t)rows->count, sizeof(*done));
    *out = (struct indexed){ .rows = done,
                             .ids = array_new(s, ARRAY_OF_UUID, 0),
                             .were = array_new(s, ARRAY_OF_BYTES, 0),
                             .anew = array_new(s, ARRAY_OF_BYTES, 0) };
    for (int i = 0; i < rows->count; i++) {
        const char *id = result_text(rows, i, "id");
        struct bytes was = renew_bytes(s, rows, i, "person_index"), now;
        enum problem p = index(s, rows, i, was, &now);
        if (p) {
            TRY(renew_pass_over(s, p, id, damaged));
            continue;
        }
        done[out->count++] = i;
        array_add_uuid(&out->ids, id);
        array_add_bytes(&out->were, was.data, was.length);
        array_add_bytes(&out->anew, now.data, now.length);
    }
    return OK;
}

enum problem renew_people(struct scope *s, const struct statement *swap,
                          const struct result *rows, struct texts *damaged)
{
    struct indexed in;
    struct array whose = array_new(s, ARRAY_OF_TEXT, 0);
    TRY(index_rows(s, rows, index_person, damaged, &in));
    for (int i = 0; i < in.count; i++)
        array_add_text(&whose, result_text(rows, in.rows[i], "municipality"));
    return DB_RUN(s, swap, NULL, param_array(&in.ids), param_array(&whose),
                  param_array(&in.were), param_array(&in.anew));
}

/* Of the two whom an application names, the one whose index it is. */
static enum problem index_party(struct scope *s, const struct result *rows, int row,
                                struct bytes was, struct bytes *now)
{
    static const char *const named[] = { "applicant", "submitter" };
    const char *municipality = result_text(rows, row, "municipality");
    json_t *document;
    TRY(document_open_json(s, SEAL_APPLICATION, rows, row, &document));
    for (size_t i = 0; i < 2; i++) {
        const char *number = json_string_value(
            json_object_get(json_object_get(document, named[i]), "national_id"));
        if (number && seal_index_matches(s, was, municipality, number))
            return seal_index(s, municipality, number, now);
    }
    return scope_fail(s, PROBLEM_DAMAGED, "an index is not that of its document's number");
}

enum problem renew_parties(struct scope *s, const struct statement *swap,
                           const struct result *rows, struct texts *damaged)
{
    struct indexed in;
    struct array places = array_new(s, ARRAY_OF_INTEGERS, 0);
    TRY(index_rows(s, rows, index_party, damaged, &in));
    for (int i = 0; i < in.count; i++)
        array_add_integer(&places, result_integer(rows, in.rows[i], "n"));
    return DB_RUN(s, swap, NULL, param_array(&in.ids), param_array(&places),
                  param_array(&in.were), param_array(&in.anew));
}
