/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading the access log, page by page: what is read here is itself an access. */
#include "services/api/access/access_log.h"

#include <string.h>

#include "common/base/uuid.h"
#include "common/case/document.h"
#include "common/db/row.h"
#include "common/who/access.h"
#include "services/api/access/queries.h"
#include "services/api/case/queries.h"
#include "services/api/case/standing.h"
#include "services/api/page/query.h"
#include "services/api/routes.h"

enum { PAGE = 50, USUAL_DAYS = 30, LONGEST_WHO = 100 };

/* clang-format off */
static const struct field access_fields[] = {
    FIELD(struct access_view, access_id, .format = FORMAT_UUID),   FIELD(struct access_view, at),
    FIELD(struct access_view, municipality),                       FIELD(struct access_view, kind),
    FIELD(struct access_view, who),                                FIELD(struct access_view, name, .flags = NULLABLE),
    FIELD(struct access_view, unit, .flags = NULLABLE),            FIELD(struct access_view, role, .flags = NULLABLE),
    FIELD(struct access_view, act),                                FIELD(struct access_view, what),
    FIELD(struct access_view, case_id, .flags = NULLABLE),         FIELD(struct access_view, reason, .flags = NULLABLE | PERSONAL | MADE),
    FIELD(struct access_view, request_id, .flags = NULLABLE), { 0 },
};
static const struct record access_record = { "access", sizeof(struct access_view), access_fields, NULL };
static const struct field access_page_fields[] = {
    LIST_FIELD(struct access_page, accesses, &access_record), FIELD(struct access_page, next, .flags = NULLABLE), { 0 },
};
const struct record access_page_record = { "access_page", sizeof(struct access_page), access_page_fields, NULL };
/* clang-format on */

enum problem access_page_load(struct scope *s, const struct access_filter *filter,
                              struct access_page *out)
{
    struct result r;
    const char *before = uuid_v7_least(s->arena, filter->to);
    if (filter->cursor && strcmp(filter->cursor, before) < 0)
        before = filter->cursor;
    TRY(DB_RUN(s, filter->case_id ? &sql_access_of_case : &sql_access_search, &r,
               param_text(filter->case_id), param_text(filter->who),
               param_text(uuid_v7_least(s->arena, filter->from)), param_text(before),
               param_integer(s, PAGE + 1)));
    size_t count = r.count > PAGE ? PAGE : (size_t)r.count;
    struct access_view *views = arena_array(s->arena, (size_t)r.count, sizeof(*views));
    TRY(records_into(s, &access_record, &r, views));
    for (size_t i = 0; i < count; i++) {
        struct bytes reason;
        TRY(document_open(s, SEAL_ACCESS_REASON, &r, (int)i, &reason));
        views[i].reason = (const char *)reason.data;
    }
    out->accesses = (struct list){ .items = views, .count = count };
    out->next = r.count > PAGE ? views[PAGE - 1].access_id : NULL;
    return OK;
}

/* A field of the form that was left empty is none. */
static const char *query_text(const struct request *request, const char *name)
{
    const char *text = pairs_get(&request->query, name);
    return text_blank(text) ? NULL : text;
}

static int64_t day_of(struct scope *s, const struct request *request, const char *name,
                      struct date preset, struct date *out)
{
    *out = query_text(request, name) ? query_date(s, request, name, NULL) : preset;
    return oslo_instant(*out, 0, 0);
}

/* The case by its id, or by the reference that people tell one another. */
static enum problem read_case(struct scope *s, const char *text, const char **case_id,
                              bool *known)
{
    struct result r;
    char *reference;
    *known = true;
    *case_id = text;
    if (!text || text_has_format(text, FORMAT_UUID))
        return OK;
    enum reference_reading read = reference_read(s->arena, text, &reference);
    if (read) {
        scope_fault(s, "/case", read == REFERENCE_MISREAD ? FAULT_CHECKSUM : FAULT_FORMAT);
        return OK;
    }
    TRY(DB_RUN(s, &sql_case_of_reference, &r, param_text(reference)));
    *known = r.count > 0;
    *case_id = r.count ? result_text(&r, 0, "case_id") : NULL;
    return OK;
}

static bool is_who(const char *text)
{
    static const char letters[] =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:-._";
    return strlen(text) <= LONGEST_WHO && strspn(text, letters) == strlen(text);
}

/* *known is false if there is no case of that reference. */
static enum problem read_filter(struct scope *s, const struct request *request,
                                struct access_filter *out, bool *known)
{
    struct date today = oslo_date(s->now), from, to;
    struct access_filter filter = { .who = query_text(request, "who"),
                                    .cursor = query_text(request, "cursor") };
    filter.from = day_of(s, request, "from", date_add_days(today, -USUAL_DAYS), &from);
    filter.to = day_of(s, request, "to", date_add_days(today, 1), &to);
    query_order(s, from, to);
    if (filter.who && !is_who(filter.who))
        scope_fault(s, "/who", FAULT_FORMAT);
    if (filter.cursor && !text_has_format(filter.cursor, FORMAT_UUID))
        scope_fault(s, "/cursor", FAULT_FORMAT);
    TRY(read_case(s, query_text(request, "case"), &filter.case_id, known));
    *out = filter;
    return scope_faults(s);
}

enum problem access_search(struct scope *s, const struct request *request,
                           struct access_page *out)
{
    struct access_filter filter;
    bool known;
    TRY(read_filter(s, request, &filter, &known));
    access_note_search(s, ACCESS_OF_ACCESS_LOG, filter.case_id);
    *out = (struct access_page){ 0 };
    return known ? access_page_load(s, &filter, out) : OK;
}

enum problem access_log_show(struct scope *s, const struct request *request,
                             struct reply *reply)
{
    struct access_page *page = ARENA_NEW(s->arena, struct access_page);
    TRY(access_search(s, request, page));
    reply->record = &access_page_record;
    reply->answer = page;
    return OK;
}
