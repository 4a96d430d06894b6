/* SPDX-License-Identifier: EUPL-1.2 */
/* A letter's words, of the municipality's own template or of ours in its language. */
#include "common/letter/compose.h"

#include <sodium.h>
#include <string.h>

#include "common/program/metric.h"
#include "services/letters/letters.h"

void letters_metrics(struct metrics *metrics)
{
    for (const struct letter_kind *kind = letter_kinds; kind->name; kind++) {
        for (const char *const *language = letter_language_codes; *language; language++)
            metric_start(metrics, METRIC_LETTERS, LABELS(kind->name, *language));
        metric_start(metrics, METRIC_GLYPHS_MISSING, LABELS(kind->name));
    }
}

const char *letter_time(struct arena *a, int64_t instant)
{
    struct oslo_time t = oslo_time(instant);
    return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d+%02d:%02d", t.date.year, t.date.month,
                        t.date.day, t.hour, t.minute, t.second, t.offset_minutes / 60,
                        t.offset_minutes % 60);
}

static const char *hash_of(struct scope *s, const char *template)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(s->arena, sizeof(hash) * 2 + 1);
    crypto_hash_sha256(hash, (const unsigned char *)template, strlen(template));
    return sodium_bin2hex(hex, sizeof(hash) * 2 + 1, hash, sizeof(hash));
}

enum problem letter_write(struct scope *s, const struct letter_kind *kind, const void *facts,
                          const char *own, struct letter *letter)
{
    size_t language = letter_language(letter->head->language);
    const char *id = arena_printf(s->arena, "%s.%s", kind->name, letter_language_codes[language]);
    const char *file = arena_printf(s->arena, "%s.md", id);
    const char *text = own ? own : (const char *)asset_find(letters_assets, file)->start;
    const char *hash = hash_of(s, text);
    letter->template = (struct template_identity){
        .kind = kind->name,
        .id = id,
        .version = own ? arena_printf(s->arena, "own.%.8s", hash) : kind->version,
        .sha256 = hash,
        .language = letter_language_codes[language],
        .title = kind->titles[language],
    };
    char *markdown;
    TRY(letter_compose(s, kind, letter->head, facts, text, &markdown));
    letter->markdown = markdown;
    return OK;
}
