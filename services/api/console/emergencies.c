/* SPDX-License-Identifier: EUPL-1.2 */
/* Cases that were opened in an emergency: a privacy officer, never who opened it, says
 * afterwards whether it was fitting. */
#include <string.h>

#include "common/base/uuid.h"
#include "common/case/document.h"
#include "common/db/run.h"
#include "common/who/access.h"
#include "common/words/codes.h"
#include "services/api/console/queries.h"
#include "services/api/page/texts.h"
#include "services/api/routes.h"

static enum problem emergency_view(struct scope *s, const struct result *r, int i, json_t **out)
{
    struct bytes words;
    const char *unit = result_text(r, i, "unit");
    TRY(document_open(s, SEAL_OPENING, r, i, &words));
    access_note(s, &(struct access){ ACCESS_READ, ACCESS_OF_OPENING, result_text(r, i, "municipality"),
                                     result_text(r, i, "case_id") });
    *out = json_pack("{s: s, s: s, s: s, s: s, s: s, s: s}", "opening", result_text(r, i, "document_id"),
                     "reference", result_text(r, i, "reference"), "who", result_text(r, i, "name"),
                     "unit", unit ? unit : "–", "when",
                     moment_words(s->arena, result_time(r, i, "opened_at")), "words",
                     (const char *)words.data);
    return OK;
}

enum problem emergencies_page(struct scope *s, const struct request *request, struct reply *reply)
{
    (void)request;
    struct result r;
    json_t *rows = json_array(), *row;
    TRY(DB_RUN(s, &sql_emergencies, &r, param_text(s->who->staff_id)));
    for (int i = 0; i < r.count; i++) {
        TRY(emergency_view(s, &r, i, &row));
        json_array_append_new(rows, row);
    }
    if (r.count == 0)
        access_note_search(s, ACCESS_OF_OPENING, NULL);
    return page_render(s, "emergencies", "emergencies_title", NULL,
                       json_pack("{s: o}", "rows", rows),
                       &reply->http);
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
