/* SPDX-License-Identifier: EUPL-1.2 */
/* What became of an application: status, timeline, what comes next, and the applicant's own words. */
#include "services/api/application/applications.h"

#include <string.h>

#include "common/case/document.h"
#include "common/db/row.h"
#include "common/event/types.h"
#include "common/who/access.h"
#include "common/words/words.h"
#include "services/api/application/queries.h"
#include "services/api/case/person.h"
#include "services/api/routes.h"

/* clang-format off */
static const struct field step_fields[] = {
    FIELD(struct step, at), FIELD(struct step, status), FIELD(struct step, text), { 0 },
};
static const struct record step_record = RECORD("timeline_step", struct step, step_fields);

static const struct field next_fields[] = {
    FIELD(struct next_step, text), FIELD(struct next_step, due, .flags = NULLABLE), { 0 },
};
static const struct record next_record = RECORD("next_step", struct next_step, next_fields);

static const struct field application_view_fields[] = {
    FIELD(struct application_view, application_id, .format = FORMAT_UUID),
    FIELD(struct application_view, case_id,        .format = FORMAT_UUID),
    FIELD(struct application_view, municipality,   .flags = INNER),
    FIELD(struct application_view, reference),
    FIELD(struct application_view, received_at),
    FIELD(struct application_view, status),
    FIELD(struct application_view, what_matters,   .flags = PERSONAL | NULLABLE | MADE),
    LIST_FIELD(struct application_view, timeline, &step_record),
    NESTED_FIELD(struct application_view, next, &next_record),
    { 0 },
};
const struct record application_view_record = RECORD("application_view", struct application_view, application_view_fields);
/* clang-format on */

/* The step of the citizen's timeline that an event is, in the words step.<its name>; what is not here is not shown. */
static const struct {
    const struct event_type *type;
    const char *status;
} shown[] = {
    { &application_received, "RECEIVED" }, { &letter_ready, "RECEIVED" },
    { &case_triaged, "TRIAGED" },          { &dialogue_planned, "DIALOGUE" },
    { &agenda_planned, "DIALOGUE" },       { &contact_made, "ASSESSMENT" },
};

static enum problem load_timeline(struct scope *s, const char *case_id, enum language language,
                                  struct list *out)
{
    struct result r;
    TRY(DB_RUN(s, &sql_case_events, &r, param_text(case_id)));
    struct step *steps = arena_array(s->arena, (size_t)r.count, sizeof(*steps));
    size_t count = 0;
    for (int i = 0; i < r.count; i++)
        for (size_t k = 0; k < sizeof(shown) / sizeof(*shown); k++)
            if (strcmp(shown[k].type->type, result_text(&r, i, "type")) == 0)
                steps[count++] = (struct step){
                    .at = { result_time(&r, i, "occurred_at") },
                    .status = shown[k].status,
                    .text = words_for(language, "step.", shown[k].type->name),
                };
    *out = (struct list){ .items = steps, .count = count };
    return OK;
}

/* What comes next follows from the deadline that is open, in the words next.<its kind>. */
static const char *const nexts[] = { "first_talk", "preliminary_reply" };

enum problem next_deadlines(struct scope *s, const char *const *case_ids, size_t count,
                            struct result *out)
{
    return DB_RUN(s, &sql_cases_next, out, param_ids(s, case_ids, count),
                  param_list(s, nexts, sizeof(nexts) / sizeof(*nexts)));
}

struct next_step next_step_of(enum case_status status, const char *kind, int64_t due_at,
                              enum language language)
{
    struct next_step next = { .text = words_of(language, "next.none") };
    if (case_status_is_end(status))
        next.text = case_status_words(status, language);
    for (size_t k = 0; kind && k < sizeof(nexts) / sizeof(*nexts); k++)
        if (!case_status_is_end(status) && strcmp(kind, nexts[k]) == 0)
            next = (struct next_step){
                .text = words_for(language, "next.", kind),
                .due = { due_at },
            };
    return next;
}

static enum problem load_next(struct scope *s, const char *case_id, enum case_status status,
                              enum language language, struct next_step *out)
{
    struct result r;
    TRY(next_deadlines(s, &case_id, 1, &r));
    *out = next_step_of(status, r.count ? result_text(&r, 0, "kind") : NULL,
                        r.count ? result_time(&r, 0, "due_at") : 0, language);
    return OK;
}

static enum problem open_words(struct scope *s, const struct result *r, const char **out)
{
    json_t *document;
    TRY(document_open_json(s, SEAL_APPLICATION, r, 0, &document));
    const char *words = json_string_value(json_object_get(document, "what_matters"));
    *out = text_blank(words) ? NULL : words;
    return OK;
}

/* A citizen sees what they have a part in; what is another's is not there. Anyone else sees what
 * is the municipality's. */
static enum problem load(struct scope *s, const char *application_id, struct result *out)
{
    struct param seen_by = param_text(NULL);
    if (s->who && s->who->kind == WHO_CITIZEN)
        seen_by = person_indexes(s, s->who->tenants, s->who->person);
    return DB_RUN(s, &sql_application_load, out, param_text(application_id), seen_by,
                  param_time(s, s->now));
}

enum problem application_view_load(struct scope *s, const char *application_id,
                                   enum language language, struct application_view *out)
{
    struct result r;
    enum case_status status;
    TRY(load(s, application_id, &r));
    if (r.count == 0)
        return PROBLEM_NOT_FOUND;
    if (!case_status_find(result_text(&r, 0, "status"), &status))
        return scope_fail(s, PROBLEM_BUG, "the case has an unknown status");
    *out = (struct application_view){ .next = ARENA_NEW(s->arena, struct next_step) };
    TRY(record_from_row(s, &application_view_record, &r, 0, out));
    TRY(open_words(s, &r, &out->what_matters));
    TRY(load_timeline(s, out->case_id, language, &out->timeline));
    return load_next(s, out->case_id, status, language, out->next);
}

void application_view_note(struct scope *s, const struct application_view *view)
{
    access_note(s, &(struct access){ ACCESS_READ, ACCESS_OF_APPLICATION, view->municipality,
                                     view->case_id });
}

enum problem application_show(struct scope *s, const struct request *request,
                              struct reply *reply)
{
    struct application_view *view = ARENA_NEW(s->arena, struct application_view);
    TRY(application_view_load(s, request->id, request->language, view));
    application_view_note(s, view);
    reply->record = &application_view_record;
    reply->answer = view;
    return OK;
}
