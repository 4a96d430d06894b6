/* SPDX-License-Identifier: EUPL-1.2 */
/* Cases that were opened in an emergency: a privacy officer, never who opened it, says
 * afterwards whether it was fitting. */
#include <string.h>

#include "common/base/uuid.h"
#include "common/case/document.h"
#include "common/db/row.h"
#include "common/who/access.h"
#include "services/api/console/queries.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"

struct emergency {
    const char *document_id, *municipality, *case_id, *reference, *name, *unit, *words;
    struct instant opened_at;
};

static const struct field emergency_fields[] = {
    FIELD(struct emergency, document_id),
    FIELD(struct emergency, municipality),
    FIELD(struct emergency, case_id),
    FIELD(struct emergency, reference),
    FIELD(struct emergency, name),
    FIELD(struct emergency, unit, .flags = NULLABLE),
    FIELD(struct emergency, opened_at),
    FIELD(struct emergency, words, .flags = MADE | PERSONAL),
    { 0 },
};
static const struct record emergency_record = RECORD("emergency", struct emergency, emergency_fields);

struct emergencies {
    struct list rows;
};

static const struct field emergencies_fields[] = {
    LIST_FIELD(struct emergencies, rows, &emergency_record),
    { 0 },
};
static const struct record emergencies_record = RECORD("emergencies", struct emergencies, emergencies_fields);

static enum problem add_words(struct scope *s, const struct result *r, int i, struct emergency *out)
{
    struct bytes words;
    TRY(document_open(s, SEAL_OPENING, r, i, &words));
    access_note(s, &(struct access){ ACCESS_READ, ACCESS_OF_OPENING, out->municipality, out->case_id });
    out->words = (const char *)words.data;
    return OK;
}

enum problem emergencies_page(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    struct result r;
    TRY(DB_RUN(s, &sql_emergencies, &r, param_text(s->who->staff_id)));
    struct emergency *rows = arena_array(s->arena, (size_t)r.count, sizeof(*rows));
    TRY(records_into(s, &emergency_record, &r, rows));
    for (int i = 0; i < r.count; i++)
        TRY(add_words(s, &r, i, &rows[i]));
    if (r.count == 0)
        access_note_search(s, ACCESS_OF_OPENING, NULL);
    const struct emergencies view = { { rows, (size_t)r.count } };
    return page_show(s, "emergencies", "emergencies_title", NULL, &emergencies_record, &view, &reply->http);
}

enum problem emergency_form(struct scope *s, const struct request *request, struct reply *reply)
{
    struct result r;
    const char *opening = pairs_get(&request->form, "opening"),
               *finding = pairs_get(&request->form, "finding");
    if (!opening || !uuid_parse(opening, NULL) || code_index(finding_codes, finding) < 0)
        return page_message(s, "finding_wrong", 400, "/nod", "room_emergencies", &reply->http);
    TRY(DB_RUN(s, &sql_emergency_review, &r, param_text(opening), param_time(s, s->now),
               param_text(s->who->staff_id), param_text(finding)));
    if (r.count == 0)
        return page_message(s, "reviewed_already", 409, "/nod", "room_emergencies", &reply->http);
    access_note(s, &(struct access){ ACCESS_WRITE, ACCESS_OF_OPENING, s->who->tenants,
                                     result_text(&r, 0, "case_id") });
    reply->http.location = "/nod";
    return OK;
}
