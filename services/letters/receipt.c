/* SPDX-License-Identifier: EUPL-1.2 */
/* The receipt of an application: composed and rendered before any lock, kept in the transaction. */
#include <string.h>

#include "common/base/crash.h"
#include "common/base/uuid.h"
#include "common/case/deadline.h"
#include "common/case/document.h"
#include "common/case/people.h"
#include "common/case/rules.h"
#include "common/letter/receipt.h"
#include "common/seal/seal.h"
#include "common/words/catalogue.h"
#include "common/worker/worker.h"
#include "services/letters/letters.h"
#include "services/letters/queries.h"

struct ready {
    struct pdf pdf;
    struct template_identity identity;
    struct participant people[PARTICIPANTS_MOST];
    size_t people_count;
};

static enum problem read_people(struct scope *s, const struct result *r, json_t *document,
                                struct ready *out)
{
    struct people people = { 0 };
    TRY(people_from_value(s, document, &people));
    return participants_make(s, result_text(r, 0, "municipality"), &people,
                             result_time(r, 0, "received_at"), out->people, &out->people_count);
}

static const char *word(json_t *document, const char *part, const char *name)
{
    json_t *from = part ? json_object_get(document, part) : document;
    return json_string_value(json_object_get(from, name));
}

static enum problem find_template(struct scope *s, const struct result *r, json_t *document,
                                  const char **out)
{
    struct result own;
    const char *language = word(document, NULL, "language");
    TRY(DB_RUN(s, &sql_letter_template, &own, param_text(result_text(r, 0, "municipality")),
               param_text("receipt"), param_text(receipt_language(language ? language : ""))));
    *out = own.count ? result_text(&own, 0, "text") : NULL;
    return OK;
}

static struct receipt_facts facts_of(struct scope *s, const struct result *r, json_t *document,
                                     const struct rules *rules, const char *own_template)
{
    struct deadline_cause cause = { .received_at = result_time(r, 0, "received_at"),
                                    .urgency = result_text(r, 0, "urgency"),
                                    .in_hospital = result_flag(r, 0, "in_hospital"),
                                    .rules = rules };
    struct texts asked = result_texts(s, r, 0, "services");
    const char *role = word(document, "submitter", "role");
    const char *submitter = word(document, "submitter", "name");
    bool for_another = role && strcmp(role, "self") != 0;
    const char *applicant = for_another ? word(document, "applicant", "name") : submitter;
    return (struct receipt_facts){
        .language = word(document, NULL, "language"),
        .recipient_name = submitter,
        .applicant_name = applicant ? applicant : submitter,
        .for_another = for_another,
        .municipality_name = result_text(r, 0, "municipality_name"),
        .phone = result_text(r, 0, "phone"),
        .own_template = own_template,
        .reference = result_text(r, 0, "reference"),
        .received_at = cause.received_at,
        .call_promised = talk_promised(&asked),
        .call_by = deadline_of(FIRST_TALK, &cause).day,
        .reply_by = deadline_of(PRELIMINARY_REPLY, &cause).day,
        .what_matters = word(document, NULL, "what_matters"),
    };
}

/* Where the municipality is found, as its letters' head says; NULL if nothing is known. */
static const char *where(struct scope *s, const struct result *r)
{
    const char *const parts[] = { result_text(r, 0, "address"), result_text(r, 0, "phone"),
                                  result_text(r, 0, "web") };
    struct buffer b = buffer_new(s->arena);
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        if (parts[i])
            buffer_printf(&b, "%s%s", b.length ? " · " : "", parts[i]);
    return b.length ? b.text : NULL;
}

enum problem letters_receipt_prepare(struct scope *s, const struct event *event, void **prepared)
{
    struct result r;
    json_t *document;
    char *markdown;
    const char *own_template;
    struct rules rules;
    struct application_received in = { 0 };
    struct ready *ready = ARENA_NEW(s->arena, struct ready);
    TRY(event_read(s, event, &in));
    TRY(DB_RUN(s, &sql_letter_facts, &r, param_text(event->case_id)));
    if (r.count == 0)
        return scope_fail(s, PROBLEM_NOT_FOUND, "the case has no application");
    TRY(rules_find(s, &event->case_id, 1, &rules));
    TRY(document_open_json(s, SEAL_APPLICATION, &r, 0, &document));
    TRY(find_template(s, &r, document, &own_template));
    struct receipt_facts facts = facts_of(s, &r, document, &rules, own_template);
    if (!facts.language || !facts.recipient_name)
        return scope_fail(s, PROBLEM_MALFORMED, "the application names no one");
    TRY(read_people(s, &r, document, ready));
    TRY(receipt_compose(s, &facts, &markdown, &ready->identity));
    crash_point("letters.composed");
    const struct letter letter = { .markdown = markdown,
                                   .language = ready->identity.language,
                                   .title = ready->identity.title,
                                   .sender = facts.municipality_name,
                                   .sender_where = where(s, &r),
                                   .sender_colour = result_text(&r, 0, "accent"),
                                   .recipient = facts.recipient_name,
                                   .reference = facts.reference,
                                   .created_at = event->occurred_at };
    TRY(letter_typeset(s, worker_own(s), &letter, &ready->pdf));
    TRY(pdf_finish(s, &letter, &ready->pdf));
    crash_point("letters.rendered");
    *prepared = ready;
    return OK;
}

static enum problem keep(struct scope *s, const struct case_row *row, const struct event *event,
                         const struct ready *ready, int64_t *n)
{
    struct bytes sealed;
    struct result r;
    const char *id = uuid_v7(s->arena, s->now);
    TRY(seal_close(s, SEAL_LETTER, row->municipality, id, ready->pdf.data, ready->pdf.length,
                   &sealed));
    TRY(DB_RUN(s, &sql_letter_document, NULL, param_text(id), param_text(row->municipality),
               param_bytes(sealed.data, sealed.length)));
    TRY(DB_RUN(s, &sql_letter_add, &r, param_text(row->id), param_text(row->municipality),
               param_integer(s, event->case_seq), param_text("receipt"),
               param_text(ready->identity.id), param_text(ready->identity.version),
               param_text(ready->identity.sha256), param_text(ready->identity.language),
               param_integer(s, ready->pdf.pages), param_text(id), param_time(s, s->now)));
    *n = result_integer(&r, 0, "n");
    return OK;
}

/* Whoever gets the letter sees boxes: fonts must be added where it was made, and the letter sent again. */
static void tell_missing(struct scope *s, const char *case_id, int64_t n, const struct pdf *pdf)
{
    if (pdf->missing == 0)
        return;
    metric_add(s->program->metrics, METRIC_GLYPHS_MISSING, LABELS("receipt"), pdf->missing);
    LOG_WRITE(s->program->log, s->now, LOG_LEVEL_ERROR, "no font has what stands in a letter",
              { LOG_LETTER, arena_printf(s->arena, "%s.%lld", case_id, (long long)n) },
              { LOG_DETAIL, pdf->missing_of });
}

enum problem letters_receipt(struct scope *s, const struct event *event)
{
    const struct ready *ready = worker_prepared(s);
    struct case_row row;
    int64_t n;
    TRY(case_lock(s, event->case_id, &row));
    if (case_status_is_end(row.status)) /* nobody writes to someone who is dead */
        return case_passed_or_wrong(s, &row, event->case_seq);
    if (!ready)
        return scope_fail(s, PROBLEM_STALE, "the letter was not prepared");
    TRY(keep(s, &row, event, ready, &n));
    crash_point("letters.kept");
    tell_missing(s, event->case_id, n, &ready->pdf);
    metric_add(s->program->metrics, METRIC_LETTERS, LABELS("receipt", ready->identity.language),
               1);
    TRY(event_append(
        s, row.id, &letter_ready,
        &(struct letter_ready){
            .letter_id = arena_printf(s->arena, "%s.%lld", row.id, (long long)n),
            .n = n,
            .kind = "receipt",
            .template = ready->identity.id,
            .version = ready->identity.version,
            .language = ready->identity.language,
            .pages = ready->pdf.pages },
        NULL));
    return people_learn(s, row.municipality, ready->people, ready->people_count);
}
