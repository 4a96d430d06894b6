/* SPDX-License-Identifier: EUPL-1.2 */
/* Letters a second on one core: facts to PDF/A-2a, all in memory, one line.   usage: letters_bench [SECONDS] */
#include <stdio.h>
#include <stdlib.h>

#include "common/letter/receipt.h"
#include "common/time/clock.h"
#include "services/letters/letters.h"

static const struct receipt_facts facts = {
    .language = "nb",
    .recipient_name = "Kari Nordås",
    .applicant_name = "Kari Nordås",
    .municipality_name = "Askøy kommune",
    .phone = "56 15 80 00",
    .reference = "T-7K3M9QXW4",
    .received_at = 1795512753000000,
    .call_promised = true,
    .call_by = { 2026, 11, 27 },
    .reply_by = { 2026, 12, 24 },
    .what_matters = "Å få dusje når jeg selv vil, og å komme meg ut til båten.\n\n"
                    "Jeg vil bo hjemme så lenge jeg kan, og ha besøk av Máret og Žižži.",
};

static enum problem make_letter(struct scope *s, void *typesetter)
{
    char *markdown;
    struct template_identity identity;
    struct pdf pdf;
    TRY(receipt_compose(s, &facts, &markdown, &identity));
    const struct letter letter = { .markdown = markdown,
                                   .language = identity.language,
                                   .title = identity.title,
                                   .sender = facts.municipality_name,
                                   .recipient = facts.recipient_name,
                                   .reference = facts.reference,
                                   .created_at = facts.received_at };
    TRY(letter_typeset(s, typesetter, &letter, &pdf));
    return pdf_finish(s, &letter, &pdf);
}

int main(int argc, char **argv)
{
    int64_t length = (argc > 1 ? atoi(argv[1]) : 3) * INT64_C(1000), count = 0, begin, now;
    struct scope s = { .arena = arena_new() };
    void *typesetter = typesetter_new();
    enum problem p = make_letter(&s, typesetter); /* the fonts are looked up once */
    begin = clock_steady_ms();
    for (now = begin; !p && now - begin < length; now = clock_steady_ms(), count++) {
        arena_reset(s.arena);
        p = make_letter(&s, typesetter);
    }
    if (p)
        fprintf(stderr, "letters_bench: %s\n", problem_name(p));
    else
        printf("letters_per_second %.0f\n", (double)count * 1000 / (double)(now - begin));
    typesetter_free(typesetter);
    arena_free(s.arena);
    return p != OK;
}
