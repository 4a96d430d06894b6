/* SPDX-License-Identifier: EUPL-1.2 */
/* From facts to the receipt's Markdown, and what a template must say to be one. */
#include "common/letter/receipt.h"

#include <jansson.h>
#include <string.h>

#include "common/base/text.h"
#include "common/page/markdown.h"
#include "common/page/template.h"
#include "common/time/instant.h"

const char *const receipt_languages[] = { "nb", "nn", NULL };

const char *receipt_language(const char *wanted)
{
    return receipt_languages[strcmp(wanted, "nn") == 0];
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

enum problem receipt_fill(struct scope *s, const char *template, const struct receipt_facts *facts,
                          char **markdown)
{
    json_t *view = view_of(s, facts);
    enum problem p = template_render(s, template, view, ESCAPE_MARKDOWN, NULL, markdown);
    json_decref(view);
    return p ? PROBLEM_MALFORMED : OK;
}

/* What someone must be told, in a receipt for whom it is true. */
static const struct {
    const char *name;
    const char *sample;
    bool if_promised, if_said;
} said[] = {
    { "{{reference}}", "T-7K3M9QXW4", false, false },
    { "{{reply_by}}", "24. desember 2026", false, false },
    { "{{call_by}}", "27. november 2026", true, false },
    { "{{#lines}}", "Hagen", false, true },
};

static bool says(struct scope *s, const char *markdown, const char *sample)
{
    struct buffer escaped = buffer_new(s->arena);
    template_escape(&escaped, ESCAPE_MARKDOWN, sample);
    return strstr(markdown, escaped.text);
}

static const char *fault_of(struct scope *s, const char *template, const struct receipt_facts *facts)
{
    char *markdown;
    s->detail = NULL;
    if (receipt_fill(s, template, facts, &markdown))
        return s->detail ? s->detail : "can not be filled";
    if (!markdown_read(markdown, NULL, NULL))
        return "holds Markdown that a letter can not be set of";
    for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
        if ((facts->call_promised || !said[i].if_promised) &&
            (facts->what_matters || !said[i].if_said) && !says(s, markdown, said[i].sample))
            return arena_printf(s->arena, "does not always say %s", said[i].name);
    return NULL;
}

const char *receipt_template_fault(struct scope *s, const char *template)
{
    enum { ANOTHER = 1, PROMISED = 2, SAID = 4, PHONE = 8, ALL = 16 };
    const char *fault = NULL, *detail = s->detail;
    for (int who = 0; who < ALL && !fault; who++) {
        const struct receipt_facts facts = {
            .applicant_name = "Aud Testdal",
            .for_another = who & ANOTHER,
            .municipality_name = "Askøy kommune",
            .phone = who & PHONE ? "56 15 80 00" : NULL,
            .reference = said[0].sample,
            .received_at = s->now,
            .call_promised = who & PROMISED,
            .call_by = { 2026, 11, 27 },
            .reply_by = { 2026, 12, 24 },
            .what_matters = who & SAID ? "Hagen" : NULL,
        };
        fault = fault_of(s, template, &facts);
    }
    s->detail = detail;
    return fault;
}
