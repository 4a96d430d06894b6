/* SPDX-License-Identifier: EUPL-1.2 */
/* From facts to a letter's Markdown, and what a template must say to be one. */
#include "common/letter/compose.h"

#include <assert.h>
#include <string.h>

#include "common/page/markdown.h"
#include "common/page/template.h"
#include "common/record/encode.h"

/* Adds what a struct of the record holds, days in words; a day that is not there is no words. */
static void add_members(struct scope *s, json_t *view, const struct record *record, const void *in)
{
    struct date day;
    json_t *all = json_loads(record_to_json(s, record, in), 0, NULL);
    for (const struct field *f = record->fields; f->name; f++) {
        const char *text = json_string_value(json_object_get(all, f->name));
        if (f->format == FORMAT_DATE)
            json_object_set_new(all, f->name, json_string(text && date_parse(text, &day)
                                                              ? date_words(s->arena, day) : ""));
    }
    json_object_update(view, all);
    json_decref(all);
}

/* Whether the text stands from there on, as a text or as Markdown of our own; then `at` is behind it. */
static bool says_text(struct scope *s, const char **at, const char *text)
{
    struct buffer escaped = buffer_new(s->arena);
    if (text_blank(text))
        return true;
    template_escape(&escaped, ESCAPE_MARKDOWN, text);
    const char *found = strstr(*at, escaped.text), *raw = strstr(*at, text);
    if (!found && !raw)
        return false;
    *at = found ? found + strlen(escaped.text) : raw + strlen(text);
    return true;
}

static bool says(struct scope *s, const char **at, const json_t *view, const char *what)
{
    size_t i, length = strcspn(what, ".");
    const json_t *value = json_object_get(view, arena_strndup(s->arena, what, length)), *item;
    if (!what[length])
        return says_text(s, at, json_string_value(value));
    json_array_foreach(value, i, item)
        if (!says_text(s, at, json_string_value(json_object_get(item, what + length + 1))))
            return false;
    return true;
}

static enum problem check_said(struct scope *s, const struct letter_kind *kind, const json_t *view,
                               const char *markdown)
{
    const char *at = markdown;
    for (const char *const *what = kind->must_say; *what; what++) {
        if (!says(s, &at, view, *what))
            return scope_fail(s, PROBLEM_MALFORMED, "does not always say {{%s%.*s}}%s",
                              strchr(*what, '.') ? "#" : "", (int)strcspn(*what, "."), *what,
                              kind->in_order ? " in its place" : "");
        at = kind->in_order ? at : markdown;
    }
    return OK;
}

enum problem letter_compose(struct scope *s, const struct letter_kind *kind,
                            const struct letter_head *head, const void *facts,
                            const char *template, char **markdown)
{
    json_t *view = arena_value(s->arena, kind->of->view(s, facts));
    add_members(s, view, &letter_head_record, head);
    add_members(s, view, kind->of->facts, facts);
    if (template_render(s, template, &(struct view){ .json = view }, ESCAPE_MARKDOWN, NULL, markdown))
        return PROBLEM_MALFORMED;
    return check_said(s, kind, view, *markdown);
}

/* A struct of the record with each field's example, but for those that may not be there and that the
 * bits of `lacks` name, which are used up. */
static void *example_of(struct scope *s, const struct record *record, unsigned *lacks)
{
    json_t *value = arena_value(s->arena, json_object());
    void *out = arena_alloc(s->arena, record->size);
    for (const struct field *f = record->fields; f->name; f++) {
        bool flag = f->kind == KIND_BOOL, may_lack = flag || f->flags & OPTIONAL;
        if (!field_said(f))
            continue;
        if (flag)
            json_object_set_new(value, f->name, json_boolean(!(*lacks & 1)));
        else if (!may_lack || !(*lacks & 1))
            json_object_set_new(value, f->name, json_loads(f->example, JSON_DECODE_ANY, NULL));
        *lacks >>= may_lack;
    }
    enum problem p = record_from_value(s, record, RECORD_EVENT, value, out);
    assert(!p);
    return out;
}

static const char *fault_of(struct scope *s, const struct letter_kind *kind, const char *template,
                            unsigned *lacks)
{
    char *markdown;
    const struct letter_head *head = example_of(s, &letter_head_record, lacks);
    const void *facts = example_of(s, kind->of->facts, lacks);
    if (letter_compose(s, kind, head, facts, template, &markdown))
        return s->detail ? s->detail : "can not be filled";
    return markdown_read(markdown, NULL, NULL) ? NULL
                                               : "holds Markdown that a letter can not be set of";
}

const char *letter_template_fault(struct scope *s, const struct letter_kind *kind,
                                  const char *template)
{
    const char *fault = NULL;
    unsigned left = 0; /* of the bits: when there are more than there is to lack, all was tried */
    for (unsigned lacks = 0; !fault && !left; lacks++) {
        struct scope own = { .arena = s->arena }; /* what else the caller found stays apart */
        left = lacks;
        fault = fault_of(&own, kind, template, &left);
    }
    return fault;
}
