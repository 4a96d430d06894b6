/* SPDX-License-Identifier: EUPL-1.2 */
/* The receipt of an application: when it came, what was written of what matters, and what is promised. */
#include <string.h>

#include "common/letter/kinds.h"
#include "common/words/catalogue.h"

struct receipt {
    const char *applicant_name;
    bool for_another;
    struct instant received_at;
    const char *call_by; /* NULL: no talk is promised */
    const char *reply_by;
    const char *what_matters; /* verbatim, or NULL */
};

/* clang-format off */
static const struct field receipt_fields[] = {
    FIELD(struct receipt, applicant_name, .flags = PERSONAL,                           .example = "\"Kari Nordås\""),
    FIELD(struct receipt, for_another),
    FIELD(struct receipt, received_at,                                                 .example = "\"2026-11-24T09:12:33Z\""),
    FIELD(struct receipt, call_by,        .flags = OPTIONAL, .format = FORMAT_DATE,    .example = "\"2026-11-27\""),
    FIELD(struct receipt, reply_by,       .format = FORMAT_DATE,                       .example = "\"2026-12-24\""),
    FIELD(struct receipt, what_matters,   .flags = OPTIONAL | PERSONAL,                .example = "\"Hagen\""),
    { 0 },
};
/* clang-format on */
static const struct record receipt_record = RECORD("receipt_facts", struct receipt, receipt_fields);

static enum problem read_facts(struct scope *s, const struct letter_source *from, void *out)
{
    const char *role = letter_source_text(from, "submitter", "role");
    const char *applicant = letter_source_text(from, "applicant", "name");
    bool for_another = role && strcmp(role, "self") != 0;
    *(struct receipt *)out = (struct receipt){
        .applicant_name = for_another && applicant ? applicant : from->head.recipient_name,
        .for_another = for_another,
        .received_at = { from->cause.received_at },
        .call_by = talk_promised(&from->services)
                       ? date_text(s->arena, deadline_of(FIRST_TALK, &from->cause).day)
                       : NULL,
        .reply_by = date_text(s->arena, deadline_of(PRELIMINARY_REPLY, &from->cause).day),
        .what_matters = letter_source_text(from, NULL, "what_matters"),
    };
    return OK;
}

static json_t *view(struct scope *s, const void *facts)
{
    const struct receipt *f = facts;
    struct oslo_time received = oslo_time(f->received_at.us);
    return json_pack("{s: s, s: s, s: b, s: b, s: o}", "received_day",
                     date_words(s->arena, received.date), "received_time",
                     arena_printf(s->arena, "%02d.%02d", received.hour, received.minute),
                     "call_promised", f->call_by != NULL, "has_what_matters",
                     !text_blank(f->what_matters), "lines", letter_lines(s, f->what_matters));
}

const struct letter_made_of letter_receipt = { &receipt_record, read_facts, view };
