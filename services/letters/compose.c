/* SPDX-License-Identifier: EUPL-1.2 */
/* The receipt's words: a Markdown template per language, filled with facts. */
#include <sodium.h>
#include <string.h>

#include "common/record.h"
#include "common/template.h"
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

const char *letter_time(struct arena *a, int64_t instant)
{
    struct oslo_time t = oslo_time(instant);
    return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d+%02d:%02d", t.date.year, t.date.month,
                        t.date.day, t.hour, t.minute, t.second, t.offset_minutes / 60,
                        t.offset_minutes % 60);
}

/* A line of what a person wrote: escaped, with a hard break where another line follows. */
static json_t *line_view(struct scope *s, const char *line, size_t length, bool last)
{
    struct buffer b = buffer_new(s->arena);
    char *text = arena_strndup(s->arena, line, length);
    template_escape(&b, ESCAPE_MARKDOWN, text);
    if (!text_blank(text) && !last)
        buffer_char(&b, '\\');
    return json_pack("{s: s}", "line", b.text);
}

static bool next_is_blank(const char *line)
{
    return line[strspn(line, " \t")] == '\n' || line[strspn(line, " \t")] == '\0';
}

static json_t *lines_view(struct scope *s, const char *text)
{
    json_t *lines = json_array();
    for (;;) {
        size_t length = strcspn(text, "\n");
        bool more = text[length] == '\n';
        bool last = !more || next_is_blank(text + length + 1);
        json_array_append_new(lines, line_view(s, text, length, last));
        if (!more)
            return lines;
        text += length + 1;
    }
}

static json_t *view_of(struct scope *s, const struct receipt_facts *f)
{
    struct oslo_time received = oslo_time(f->received_at);
    bool says = !text_blank(f->what_matters);
    return json_pack(
        "{s: s, s: s, s: s, s: s, s: s, s: s*, s: s, s: s, s: b, s: b, s: b, s: o}",
        "applicant_name", f->applicant_name, "municipality_name", f->municipality_name,
        "reference", f->reference, "received_day", date_words(s->arena, received.date),
        "received_time", arena_printf(s->arena, "%02d.%02d", received.hour, received.minute),
        "phone", f->phone, "call_by", f->call_promised ? date_words(s->arena, f->call_by) : "",
        "reply_by", date_words(s->arena, f->reply_by), "for_another", f->for_another,
        "call_promised", f->call_promised, "has_what_matters", says, "lines",
        says ? lines_view(s, f->what_matters) : json_array());
}

static const char *hash_of(struct scope *s, const struct asset *asset)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(s->arena, sizeof(hash) * 2 + 1);
    crypto_hash_sha256(hash, asset->start, asset_length(asset));
    return sodium_bin2hex(hex, sizeof(hash) * 2 + 1, hash, sizeof(hash));
}

enum problem receipt_compose(struct scope *s, const struct receipt_facts *facts,
                             char **markdown, struct template_identity *identity)
{
    size_t row = strcmp(facts->language, "nn") == 0;
    const struct asset *asset = asset_find(letters_assets, templates[row].file);
    json_t *view = view_of(s, facts);
    enum problem p = template_render(s, (const char *)asset->start, view, ESCAPE_MARKDOWN, NULL,
                                     NULL, markdown);
    json_decref(view);
    if (p)
        return PROBLEM_MALFORMED;
    *identity = (struct template_identity){ templates[row].id, templates[row].version,
                                            hash_of(s, asset), templates[row].language,
                                            templates[row].title };
    return OK;
}
