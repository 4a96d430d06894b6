/* SPDX-License-Identifier: EUPL-1.2 */
/* A recursive walk over the template's text; sections are found by matching their end. */
#include "common/page/template.h"

#include <string.h>

enum { DEEPEST = 16 };

struct rendering {
    struct scope *s;
    struct buffer out;
    enum escape escape;
    struct template_parts parts;
    struct value views[DEEPEST]; /* innermost last */
    int depth;
    int partial_depth;
};

struct tag {
    char kind;        /* 0 = variable; # ^ / > & ! */
    const char *name; /* in the scope */
    const char *begin; /* of the tag, or of its line if it stands alone on it */
    const char *end;   /* first character behind */
};

static enum problem wrong(struct rendering *r, const char *what, const char *name)
{
    return scope_fail(r->s, PROBLEM_BUG, "template: %s %s", what, name);
}

/* Whether only blanks stand between the line's start and the tag, and behind it to its end. */
static void widen_if_alone(const char *text, const char *limit, struct tag *tag)
{
    const char *from = tag->begin, *to = tag->end;
    while (from > text && (from[-1] == ' ' || from[-1] == '\t'))
        from--;
    while (to < limit && (*to == ' ' || *to == '\t'))
        to++;
    if ((from > text && from[-1] != '\n') || (to < limit && *to != '\n'))
        return;
    tag->begin = from;
    tag->end = to < limit ? to + 1 : to;
}

/* The next tag of [at, limit); found false if there is none. text is where the template begins. */
static enum problem next_tag(struct rendering *r, const char *text, const char *at,
                             const char *limit, struct tag *out, bool *found)
{
    const char *open = memmem(at, (size_t)(limit - at), "{{", 2);
    *found = open != NULL;
    if (!open)
        return OK;
    bool triple = open + 2 < limit && open[2] == '{';
    const char *inside = open + (triple ? 3 : 2);
    const char *close = memmem(inside, (size_t)(limit - inside), triple ? "}}}" : "}}",
                               triple ? 3 : 2);
    if (!close)
        return wrong(r, "a tag is not closed", "");
    *out = (struct tag){ .kind = triple ? '&' : '\0', .begin = open,
                         .end = close + (triple ? 3 : 2) };
    if (!triple && strchr("#^/>&!", *inside))
        out->kind = *inside++;
    while (*inside == ' ')
        inside++;
    size_t length = (size_t)(close - inside);
    while (length > 0 && inside[length - 1] == ' ')
        length--;
    out->name = arena_strndup(r->s->arena, inside, length);
    if (strchr("#^/>!", out->kind) && out->kind)
        widen_if_alone(text, limit, out);
    return OK;
}

/* a.b of the innermost view that has a; "." is the view itself. What is not there is nothing. */
static struct value look_up(const struct rendering *r, const char *name)
{
    struct value value = { 0 };
    size_t length = strcspn(name, ".");
    if (strcmp(name, ".") == 0)
        return r->views[r->depth - 1];
    for (int i = r->depth; i-- > 0;)
        if (value_member(r->views[i], name, length, &value))
            break;
    while (name[length] == '.') {
        name += length + 1;
        length = strcspn(name, ".");
        value_member(value, name, length, &value);
    }
    return value;
}

static void add_html(struct buffer *b, const char *text)
{
    static const char *const names[128] = { ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;",
                                            ['"'] = "&quot;", ['\''] = "&#39;" };
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 128 && names[c])
            buffer_text(b, names[c]);
        else
            buffer_char(b, *text);
    }
}

/* Every ASCII punctuation may be escaped in Markdown, so all is; a digit at the start can begin a
 * list only with punctuation behind it. White space at the start would be code or vanish. */
static void add_markdown(struct buffer *b, const char *text)
{
    while (*text == ' ' || *text == '\t' || *text == '\n')
        text++;
    for (; *text; text++) {
        if (strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", *text))
            buffer_char(b, '\\');
        buffer_char(b, *text == '\n' || *text == '\t' ? ' ' : *text);
    }
}

void template_escape(struct buffer *b, enum escape escape, const char *text)
{
    if (escape == ESCAPE_HTML)
        add_html(b, text);
    else
        add_markdown(b, text);
}

static void add_text(struct rendering *r, const struct tag *tag, const char *text)
{
    if (tag->kind == '&')
        buffer_text(&r->out, text);
    else
        template_escape(&r->out, r->escape, text);
}

static enum problem add_word(struct rendering *r, const struct tag *tag)
{
    const char *word = r->parts.word(tag->name + strlen("t."));
    if (!word)
        return wrong(r, "there is no word for", tag->name);
    add_text(r, tag, word);
    return OK;
}

static enum problem add_variable(struct rendering *r, const struct tag *tag)
{
    if (r->parts.word && strncmp(tag->name, "t.", 2) == 0)
        return add_word(r, tag);
    const char *text = value_text(r->s, look_up(r, tag->name), r->parts.coded);
    if (!text)
        return wrong(r, "there is no text for", tag->name);
    add_text(r, tag, text);
    return OK;
}

static enum problem render(struct rendering *r, const char *text, const char *at,
                           const char *limit);

static enum problem render_with(struct rendering *r, struct value view, const char *text,
                                const char *at, const char *limit)
{
    if (r->depth == DEEPEST)
        return wrong(r, "sections nest too deep", "");
    r->views[r->depth++] = view;
    enum problem p = render(r, text, at, limit);
    r->depth--;
    return p;
}

/* Finds the end of the section that begins with tag: *inner_end and *after. */
static enum problem section_end(struct rendering *r, const char *text, const struct tag *tag,
                                const char *limit, struct tag *out)
{
    int open = 1;
    bool found;
    out->end = tag->end;
    do {
        TRY(next_tag(r, text, out->end, limit, out, &found));
        if (!found)
            return wrong(r, "a section is not closed:", tag->name);
        if (strcmp(out->name, tag->name) == 0)
            open += out->kind == '/' ? -1 : out->kind == '#' || out->kind == '^';
    } while (open > 0);
    return OK;
}

static enum problem render_section(struct rendering *r, const char *text, const struct tag *tag,
                                   const char *inner_end)
{
    struct value value = look_up(r, tag->name);
    bool truth = value_true(value);
    if (tag->kind == '^')
        return truth ? OK : render(r, text, tag->end, inner_end);
    if (!truth)
        return OK;
    if (!value_is_list(value))
        return render_with(r, value, text, tag->end, inner_end);
    for (size_t i = 0; i < value_count(value); i++)
        TRY(render_with(r, value_item(value, i), text, tag->end, inner_end));
    return OK;
}

static enum problem render_partial(struct rendering *r, const struct tag *tag)
{
    const char *text = r->parts.partial ? r->parts.partial(r->parts.context, tag->name) : NULL;
    if (!text || r->partial_depth == DEEPEST)
        return wrong(r, "there is no partial", tag->name);
    r->partial_depth++;
    enum problem p = render(r, text, text, text + strlen(text));
    r->partial_depth--;
    return p;
}

static enum problem render(struct rendering *r, const char *text, const char *at,
                           const char *limit)
{
    struct tag tag, end;
    bool found;
    for (;;) {
        TRY(next_tag(r, text, at, limit, &tag, &found));
        buffer_add(&r->out, at, (size_t)((found ? tag.begin : limit) - at));
        if (!found)
            return OK;
        at = tag.end;
        if (tag.kind == '#' || tag.kind == '^') {
            TRY(section_end(r, text, &tag, limit, &end));
            TRY(render_section(r, text, &tag, end.begin));
            at = end.end;
        } else if (tag.kind == '/') {
            return wrong(r, "a section is closed that was not open:", tag.name);
        } else if (tag.kind == '>') {
            TRY(render_partial(r, &tag));
        } else if (tag.kind != '!') {
            TRY(add_variable(r, &tag));
        }
    }
}

/* What is asked last lies outermost. */
static void add_views(struct rendering *r, const struct view *view)
{
    if (view->more)
        add_views(r, view->more);
    r->views[r->depth++] = view_value(view);
}

enum problem template_render(struct scope *s, const char *text, const struct view *view,
                             enum escape escape, const struct template_parts *parts,
                             char **out)
{
    struct rendering r = { .s = s, .out = buffer_new(s->arena), .escape = escape };
    if (parts)
        r.parts = *parts;
    add_views(&r, view);
    TRY(render(&r, text, text, text + strlen(text)));
    *out = r.out.text;
    return OK;
}
