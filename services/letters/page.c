/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Text onto A4 pages, tagged as it goes. What a page break cuts continues in a new element of the same
 * kind. The page's foot is tagged NonStruct here and made an artifact by pdf_finish: this cairo knows no
 * artifacts.
 */
#include <assert.h>
#include <pango/pangocairo.h>

#include "services/letters/typeset.h"

const double page_width = 595.276, page_height = 841.89, page_head = 64;
static const double margin = 71, foot = 64;

struct look {
    const char *font;
    double above; /* points before it */
    double indent;
    double leading; /* of a line's own height */
};

static const struct look looks[] = {
    [BODY] = { "Liberation Sans 11", 8, 0, 1.2 },
    [TITLE] = { "Liberation Sans Bold 19", 24, 0, 1.1 },
    [HEADING] = { "Liberation Sans Bold 13", 18, 0, 1.1 },
    [ITEM] = { "Liberation Sans 11", 5, 16, 1.2 },
    [QUOTE] = { "Liberation Sans Italic 11", 8, 18, 1.2 },
    [SENDER] = { "Liberation Sans Bold 13", 0, 0, 1.2 },
    [SMALL] = { "Liberation Sans 9", 3, 0, 1.2 },
};

void tag_begin(struct setting *set, const char *tag)
{
    assert(set->level < LEVELS);
    set->open[set->level++] = tag;
}

static void tags_reach_cairo(struct setting *set)
{
    while (set->begun < set->level)
        cairo_tag_begin(set->cr, set->open[set->begun++], NULL);
}

void tag_end(struct setting *set)
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

void draw_foot(struct setting *set)
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
    set->y = page_head;
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
    set->y += set->y > page_head ? looks[style].above : 0;
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

void draw_block(struct setting *set, const char *tag, enum style style, const char *markup)
{
    tag_begin(set, tag);
    draw_text(set, style, markup);
    tag_end(set);
}

/* The bullet is the item's label. */
void draw_item(struct setting *set, const char *markup)
{
    double y = set->y + looks[ITEM].above;
    PangoLayout *bullet = layout_of(set, BODY, "•");
    PangoLayoutIter *iter = pango_layout_get_iter(bullet);
    if (y + 2 * line_height(iter, ITEM) > page_height - foot) {
        next_page(set);
        y = set->y;
    }
    tag_begin(set, "Lbl");
    tags_reach_cairo(set);
    cairo_move_to(set->cr, margin + 3,
                  y + (double)pango_layout_iter_get_baseline(iter) / PANGO_SCALE);
    pango_cairo_show_layout_line(set->cr, pango_layout_iter_get_line_readonly(iter));
    tag_end(set);
    pango_layout_iter_free(iter);
    g_object_unref(bullet);
    draw_block(set, "LBody", ITEM, markup);
}
