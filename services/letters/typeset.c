/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Markdown's blocks onto A4 pages, tagged as they go. Text that a page break cuts continues in a new
 * element of the same kind. The page's foot is tagged NonStruct here and made an artifact by
 * pdf_finish: this cairo knows no artifacts. A block that can't be set (table, code, rule) refuses the
 * letter: nothing of a letter is ever left out.
 */
#include <cairo-pdf.h>
#include <md4c.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "services/letters/letters.h"

enum { LEVELS = 8 };

static const double page_width = 595.276, page_height = 841.89; /* A4 in points */
static const double margin = 71, head = 64, foot = 64;

struct look {
    const char *font;
    double above; /* points before it */
    double indent;
    double leading; /* of a line's own height */
};

enum style { BODY, TITLE, HEADING, ITEM, QUOTE, SENDER, SMALL };
static const struct look looks[] = {
    [BODY] = { "Liberation Sans 11", 8, 0, 1.2 },
    [TITLE] = { "Liberation Sans Bold 19", 24, 0, 1.1 },
    [HEADING] = { "Liberation Sans Bold 13", 18, 0, 1.1 },
    [ITEM] = { "Liberation Sans 11", 5, 16, 1.2 },
    [QUOTE] = { "Liberation Sans Italic 11", 8, 18, 1.2 },
    [SENDER] = { "Liberation Sans Bold 13", 0, 0, 1.2 },
    [SMALL] = { "Liberation Sans 9", 3, 0, 1.2 },
};

struct typesetter {
    PangoFontMap *fonts;
    PangoContext *context;
};

struct setting {
    struct scope *s;
    struct typesetter *t;
    cairo_t *cr;
    double y;
    int page;
    int pages;                /* as the foot says */
    const char *open[LEVELS]; /* tags, outermost first */
    int level;
    int begun; /* so many of them cairo knows: a tag begins with what is drawn in it */
    struct buffer text; /* Pango markup of the block under way */
    enum style style;
    bool quoted;
    const struct letter *letter;
};

void *typesetter_new(void)
{
    struct typesetter *t = g_new0(struct typesetter, 1);
    t->fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(t->fonts), 72);
    t->context = pango_font_map_create_context(t->fonts);
    return t;
}

void typesetter_free(void *own)
{
    struct typesetter *t = own;
    g_object_unref(t->context);
    g_object_unref(t->fonts);
    g_free(t);
}

static void tag_begin(struct setting *set, const char *tag)
{
    g_assert(set->level < LEVELS);
    set->open[set->level++] = tag;
}

static void tags_reach_cairo(struct setting *set)
{
    while (set->begun < set->level)
        cairo_tag_begin(set->cr, set->open[set->begun++], NULL);
}

static void tag_end(struct setting *set)
{
    if (set->begun == set->level)
        cairo_tag_end(set->cr, set->open[--set->begun]);
    set->level--;
}

static PangoLayout *layout_of(struct setting *set, enum style style, const char *markup)
{
    PangoLayout *layout = pango_layout_new(set->t->context);
    PangoFontDescription *font = pango_font_description_from_string(looks[style].font);
    double width = page_width - 2 * margin - looks[style].indent;
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_markup(layout, markup, -1);
    return layout;
}

static void draw_foot(struct setting *set)
{
    const char *words = arena_printf(set->s->arena, set->letter->language[0] == 'e'
                                                        ? "Page %d of %d" : "Side %d av %d",
                                     set->page, set->pages);
    cairo_tag_begin(set->cr, "NonStruct", NULL);
    PangoLayout *layout = layout_of(set, SMALL, words);
    cairo_move_to(set->cr, margin, page_height - foot + 20);
    pango_cairo_show_layout(set->cr, layout);
    g_object_unref(layout);
    cairo_tag_end(set->cr, "NonStruct");
}

static void next_page(struct setting *set)
{
    while (set->begun > 0)
        cairo_tag_end(set->cr, set->open[--set->begun]);
    draw_foot(set);
    cairo_show_page(set->cr);
    set->page++;
    set->y = head;
}

static double line_height(PangoLayoutIter *iter, enum style style)
{
    int top, bottom;
    pango_layout_iter_get_line_yrange(iter, &top, &bottom);
    return looks[style].leading * (double)(bottom - top) / PANGO_SCALE;
}

/* The bar beside what someone said. Drawn inside the text's tag: it needs none of its own. */
static void draw_bar(struct setting *set, double height)
{
    cairo_set_source_rgb(set->cr, 0.45, 0.5, 0.55);
    cairo_rectangle(set->cr, margin, set->y, 2.5, height);
    cairo_fill(set->cr);
    cairo_set_source_rgb(set->cr, 0, 0, 0);
}

static void draw_line(struct setting *set, PangoLayoutIter *iter, enum style style)
{
    int top, bottom;
    pango_layout_iter_get_line_yrange(iter, &top, &bottom);
    int baseline = pango_layout_iter_get_baseline(iter);
    tags_reach_cairo(set);
    if (style == QUOTE)
        draw_bar(set, line_height(iter, style));
    cairo_move_to(set->cr, margin + looks[style].indent,
                  set->y + (double)(baseline - top) / PANGO_SCALE);
    pango_cairo_show_layout_line(set->cr, pango_layout_iter_get_line_readonly(iter));
}

/* So many lines stay together with the line (of count) that comes: no page begins or ends with a
 * paragraph's single line. */
static int lines_together(int line, int count)
{
    if (line == 0)
        return count <= 3 ? count : 2;
    return line == count - 2 ? 2 : 1;
}

/* Line by line; a heading takes room for two lines of what follows with it. */
static void draw_text(struct setting *set, enum style style, const char *markup)
{
    PangoLayout *layout = layout_of(set, style, markup);
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    double keep = style == TITLE || style == HEADING ? 55 : 0;
    int count = pango_layout_get_line_count(layout), line = 0;
    set->y += set->y > head ? looks[style].above : 0;
    do {
        double height = line_height(iter, style);
        if (set->y + height * lines_together(line++, count) + keep > page_height - foot)
            next_page(set);
        draw_line(set, iter, style);
        set->y += height;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    g_object_unref(layout);
}

static void draw_block(struct setting *set, const char *tag, enum style style, const char *markup)
{
    tag_begin(set, tag);
    draw_text(set, style, markup);
    tag_end(set);
}

static void add_markup(struct buffer *b, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '&')
            buffer_text(b, "&amp;");
        else if (text[i] == '<')
            buffer_text(b, "&lt;");
        else if (text[i] == '>')
            buffer_text(b, "&gt;");
        else
            buffer_char(b, text[i]);
    }
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    struct setting *set = user;
    if (type == MD_BLOCK_H)
        set->style = ((MD_BLOCK_H_DETAIL *)detail)->level == 1 ? TITLE : HEADING;
    else if (type == MD_BLOCK_P)
        set->style = set->quoted ? QUOTE : BODY;
    else if (type == MD_BLOCK_LI)
        set->style = ITEM;
    if (type == MD_BLOCK_QUOTE)
        tag_begin(set, "BlockQuote");
    else if (type == MD_BLOCK_UL)
        tag_begin(set, "L");
    else if (type == MD_BLOCK_LI)
        tag_begin(set, "LI");
    set->quoted = type == MD_BLOCK_QUOTE || (set->quoted && type == MD_BLOCK_P);
    set->text = buffer_new(set->s->arena);
    return 0;
}

/* The bullet is the item's label. */
static void draw_item(struct setting *set)
{
    double y = set->y + looks[ITEM].above;
    PangoLayout *bullet = layout_of(set, BODY, "•");
    PangoLayoutIter *iter = pango_layout_get_iter(bullet);
    if (y + line_height(iter) > page_height - foot) {
        next_page(set);
        y = set->y;
    }
    tag_begin(set, "Lbl");
    cairo_move_to(set->cr, margin + 3,
                  y + (double)pango_layout_iter_get_baseline(iter) / PANGO_SCALE);
    pango_cairo_show_layout_line(set->cr, pango_layout_iter_get_line_readonly(iter));
    tag_end(set);
    pango_layout_iter_free(iter);
    g_object_unref(bullet);
    draw_block(set, "LBody", ITEM, set->text.text);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    struct setting *set = user;
    if (type == MD_BLOCK_H)
        draw_block(set, ((MD_BLOCK_H_DETAIL *)detail)->level == 1 ? "H1" : "H2", set->style,
                   set->text.text);
    else if (type == MD_BLOCK_P)
        draw_block(set, "P", set->style, set->text.text);
    else if (type == MD_BLOCK_LI)
        draw_item(set);
    if (type == MD_BLOCK_QUOTE || type == MD_BLOCK_UL || type == MD_BLOCK_LI)
        tag_end(set);
    if (type == MD_BLOCK_QUOTE)
        set->quoted = false;
    return 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *user)
{
    (void)detail;
    struct setting *set = user;
    buffer_text(&set->text, type == MD_SPAN_STRONG ? "<b>" : type == MD_SPAN_EM ? "<i>" : "");
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *user)
{
    (void)detail;
    struct setting *set = user;
    buffer_text(&set->text, type == MD_SPAN_STRONG ? "</b>" : type == MD_SPAN_EM ? "</i>" : "");
    return 0;
}

static int take_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *user)
{
    struct setting *set = user;
    if (type == MD_TEXT_BR)
        buffer_text(&set->text, "\xe2\x80\xa8"); /* LINE SEPARATOR: a new line, the same paragraph */
    else if (type == MD_TEXT_SOFTBR)
        buffer_char(&set->text, ' ');
    else
        add_markup(&set->text, text, size);
    return 0;
}

static void draw_letterhead(struct setting *set)
{
    const struct letter *in = set->letter;
    const char *day = letter_day(set->s->arena, oslo_time(in->created_at).date);
    struct buffer b = buffer_new(set->s->arena);
    add_markup(&b, in->sender, strlen(in->sender));
    draw_block(set, "P", SENDER, b.text);
    set->y += 26;
    b = buffer_new(set->s->arena);
    add_markup(&b, in->recipient, strlen(in->recipient));
    draw_block(set, "P", BODY, b.text);
    set->y += 14;
    draw_block(set, "P", SMALL, arena_printf(set->s->arena, "%s · %s", day, in->reference));
}

static enum problem draw(struct setting *set)
{
    const MD_PARSER parser = {
        .flags = MD_FLAG_NOHTML | MD_FLAG_TABLES,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = take_text,
    };
    draw_letterhead(set);
    if (md_parse(set->letter->markdown, (MD_SIZE)strlen(set->letter->markdown), &parser, set))
        return scope_fail(set->s, PROBLEM_MALFORMED, "the letter's Markdown is not understood");
    draw_foot(set);
    cairo_show_page(set->cr);
    return OK;
}

static cairo_status_t collect(void *buffer, const unsigned char *data, unsigned length)
{
    buffer_add(buffer, data, length);
    return CAIRO_STATUS_SUCCESS;
}

enum problem letter_typeset(struct scope *s, void *typesetter, const struct letter *in,
                            struct pdf *out)
{
    struct buffer pdf = buffer_new(s->arena);
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(collect, &pdf, page_width, page_height);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, in->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   instant_oslo_rfc3339(s->arena, in->created_at));
    struct setting set = { .s = s, .t = typesetter, .cr = cairo_create(surface), .y = head,
                           .page = 1, .letter = in };
    enum problem p = draw(&set);
    cairo_destroy(set.cr);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (!p && status)
        p = scope_fail(s, PROBLEM_BUG, "cairo: %s", cairo_status_to_string(status));
    if (!p)
        *out = (struct pdf){ (const unsigned char *)pdf.text, pdf.length, set.page };
    return p;
}
