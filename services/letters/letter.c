/* SPDX-License-Identifier: EUPL-1.2 */
/* A letter of any kind: composed and rendered before any lock, kept in the transaction. */
#include <string.h>

#include "common/base/crash.h"
#include "common/base/uuid.h"
#include "common/case/document.h"
#include "common/case/rules.h"
#include "common/db/row.h"
#include "common/letter/compose.h"
#include "common/worker/worker.h"
#include "services/letters/letters.h"
#include "services/letters/queries.h"

struct ready {
    struct letter letter;
    struct pdf pdf;
};

/* The municipality's own in place of ours, or NULL. */
static enum problem find_template(struct scope *s, const struct result *r,
                                  const struct letter_kind *kind, const char *wanted,
                                  const char **out)
{
    struct result own;
    TRY(DB_RUN(s, &sql_letter_template, &own, param_text(result_text(r, 0, "municipality")),
               param_text(kind->name), param_text(letter_language_codes[letter_language(wanted)])));
    *out = own.count ? result_text(&own, 0, "text") : NULL;
    return OK;
}

static enum problem read_source(struct scope *s, const struct result *r, const char *case_id,
                                struct letter_source *out)
{
    struct rules *rules = ARENA_NEW(s->arena, struct rules);
    TRY(rules_find(s, &case_id, 1, rules));
    TRY(document_open_json(s, SEAL_APPLICATION, r, 0, &out->document));
    out->case_id = case_id;
    out->services = result_texts(s, r, 0, "services");
    out->cause = (struct deadline_cause){ result_time(r, 0, "received_at"),
                                          result_text(r, 0, "urgency"),
                                          result_flag(r, 0, "in_hospital"), rules };
    TRY(record_from_row(s, &letter_head_record, r, 0, &out->head));
    out->head.language = letter_source_text(out, NULL, "language");
    out->head.recipient_name = letter_source_text(out, "submitter", "name");
    return out->head.language && out->head.recipient_name
               ? OK
               : scope_fail(s, PROBLEM_MALFORMED, "the application names no one");
}

enum problem letter_prepare(struct scope *s, const struct event *event, void **prepared)
{
    struct result r;
    const char *own;
    struct ready *ready = ARENA_NEW(s->arena, struct ready);
    struct letter_source *from = ARENA_NEW(s->arena, struct letter_source);
    const struct letter_kind *kind = letter_kind_caused_by(event->type);
    void *facts = arena_alloc(s->arena, kind->of->facts->size);
    TRY(event_read(s, event, arena_alloc(s->arena, event->type->record->size)));
    TRY(DB_RUN(s, &sql_letter_facts, &r, param_text(event->case_id)));
    if (r.count == 0)
        return scope_fail(s, PROBLEM_NOT_FOUND, "the case has no application");
    TRY(read_source(s, &r, event->case_id, from));
    TRY(find_template(s, &r, kind, from->head.language, &own));
    TRY(kind->of->read(s, from, facts));
    ready->letter = (struct letter){ .head = &from->head, .created_at = event->occurred_at };
    TRY(letter_write(s, kind, facts, own, &ready->letter));
    crash_point("letters.composed");
    TRY(letter_typeset(s, worker_own(s), &ready->letter, &ready->pdf));
    TRY(pdf_finish(s, &ready->letter, &ready->pdf));
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
    const struct template_identity *template = &ready->letter.template;
    TRY(seal_close(s, SEAL_LETTER, row->municipality, id, ready->pdf.data, ready->pdf.length,
                   &sealed));
    TRY(DB_RUN(s, &sql_letter_document, NULL, param_text(id), param_text(row->municipality),
               param_bytes(sealed.data, sealed.length)));
    TRY(DB_RUN(s, &sql_letter_add, &r, param_text(row->id), param_text(row->municipality),
               param_integer(s, event->case_seq), param_text(template->kind),
               param_text(template->id), param_text(template->version),
               param_text(template->sha256), param_text(template->language),
               param_integer(s, ready->pdf.pages), param_text(id), param_time(s, s->now)));
    *n = result_integer(&r, 0, "n");
    return OK;
}

/* Whoever gets the letter sees boxes: fonts must be added where it was made, and the letter sent again. */
static void tell_missing(struct scope *s, const char *case_id, int64_t n,
                         const struct ready *ready)
{
    if (ready->pdf.missing == 0)
        return;
    metric_add(s->program->metrics, METRIC_GLYPHS_MISSING, LABELS(ready->letter.template.kind),
               ready->pdf.missing);
    LOG_WRITE(s->program->log, s->now, LOG_LEVEL_ERROR, "no font has what stands in a letter",
              { LOG_LETTER, arena_printf(s->arena, "%s.%lld", case_id, (long long)n) },
              { LOG_DETAIL, ready->pdf.missing_of });
}

enum problem letter_keep(struct scope *s, const struct event *event)
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
    tell_missing(s, event->case_id, n, ready);
    metric_add(s->program->metrics, METRIC_LETTERS,
               LABELS(ready->letter.template.kind, ready->letter.template.language), 1);
    return event_append(
        s, row.id, &letter_ready,
        &(struct letter_ready){
            .letter_id = arena_printf(s->arena, "%s.%lld", row.id, (long long)n),
            .n = n,
            .kind = ready->letter.template.kind,
            .template = ready->letter.template.id,
            .version = ready->letter.template.version,
            .language = ready->letter.template.language,
            .pages = ready->pdf.pages },
        NULL);
}
