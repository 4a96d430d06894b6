/* SPDX-License-Identifier: EUPL-1.2 */
/* The receipt's template: the municipality's own, or ours in its language. */
#include <sodium.h>
#include <string.h>

#include "common/letter/receipt.h"
#include "common/program/metric.h"
#include "services/letters/letters.h"

/* A new letter, or a language, is a row and a file. */
static const struct {
    const char *id;
    const char *language;
    const char *version;
    const char *file;
    const char *title;
} templates[] = {
    { "receipt.nb", "nb", "2026-11", "receipt.nb.md", "Kvittering for søknad" },
    { "receipt.nn", "nn", "2026-11", "receipt.nn.md", "Kvittering for søknad" },
};

void receipt_metrics(struct metrics *metrics)
{
    for (size_t i = 0; i < sizeof(templates) / sizeof(*templates); i++)
        metric_start(metrics, METRIC_LETTERS, LABELS("receipt", templates[i].language));
    metric_start(metrics, METRIC_GLYPHS_MISSING, LABELS("receipt"));
}

const char *letter_time(struct arena *a, int64_t instant)
{
    struct oslo_time t = oslo_time(instant);
    return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d+%02d:%02d", t.date.year, t.date.month,
                        t.date.day, t.hour, t.minute, t.second, t.offset_minutes / 60,
                        t.offset_minutes % 60);
}

static const char *hash_of(struct scope *s, const void *template, size_t length)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(s->arena, sizeof(hash) * 2 + 1);
    crypto_hash_sha256(hash, template, length);
    return sodium_bin2hex(hex, sizeof(hash) * 2 + 1, hash, sizeof(hash));
}

enum problem receipt_compose(struct scope *s, const struct receipt_facts *facts,
                             char **markdown, struct template_identity *identity)
{
    const char *language = receipt_language(facts->language);
    size_t row = 0;
    while (strcmp(templates[row].language, language) != 0)
        row++;
    const struct asset *ours = asset_find(letters_assets, templates[row].file);
    const char *own = facts->own_template;
    const char *hash = own ? hash_of(s, own, strlen(own)) : hash_of(s, ours->start, asset_length(ours));
    TRY(receipt_fill(s, own ? own : (const char *)ours->start, facts, markdown));
    *identity = (struct template_identity){
        templates[row].id, own ? arena_printf(s->arena, "own.%.8s", hash) : templates[row].version,
        hash, templates[row].language, templates[row].title
    };
    return OK;
}
