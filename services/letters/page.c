/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Text onto A4 pages, tagged as it goes. What a page break cuts continues in a new element of the same
 * kind. The page's foot is tagged NonStruct here and made an artifact by pdf_finish: this cairo knows no
 * artifacts.
 */
#include <assert.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

#include "services/letters/letters.h"
#include "services/letters/typeset.h"

const double page_width = 595.276, page_height = 841.89, page_head = 64;
static const double margin = 71, foot = 64, bar = 2.5;

enum { MISSING_TOLD = 200 }; /* bytes of what is told of where missing glyphs lie */

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

/* Where a script ends and another begins; only what has an italic is set in it. */
static void keep_upright(PangoLayout *layout)
{
    PangoAttrList *all = pango_attr_list_copy(pango_layout_get_attributes(layout));
    const char *text = pango_layout_get_text(layout), *from, *to;
    PangoScript script;
    PangoScriptIter *iter = pango_script_iter_new(text, -1);
    do {
        pango_script_iter_get_range(iter, &from, &to, &script);
        if (script == PANGO_SCRIPT_COMMON || script == PANGO_SCRIPT_LATIN ||
            script == PANGO_SCRIPT_GREEK || script == PANGO_SCRIPT_CYRILLIC)
            continue;
        PangoAttribute *upright = pango_attr_style_new(PANGO_STYLE_NORMAL);
        upright->start_index = (guint)(from - text);
        upright->end_index = (guint)(to - text);
        pango_attr_list_change(all, upright);
    } while (pango_script_iter_next(iter));
    pango_script_iter_free(iter);
    pango_layout_set_attributes(layout, all);
    pango_attr_list_unref(all);
}

static void add_missing(struct setting *set, gunichar c)
{
    guint32 code = g_unicode_script_to_iso15924(g_unichar_get_script(c));
    const char *where = arena_printf(set->s->arena, "%c%c%c%c U+%02Xxx", code >> 24, code >> 16 & 255,
                                     code >> 8 & 255, code & 255, c >> 8);
    set->missing++;
    if (!strstr(set->missing_of.text, where) && set->missing_of.length < MISSING_TOLD)
        buffer_printf(&set->missing_of, "%s%s", set->missing_of.length ? ", " : "", where);
}

/* Pango draws a box with the number of what no font has. */
static void note_missing(struct setting *set, PangoLayout *layout)
{
    if (pango_layout_get_unknown_glyphs_count(layout) == 0)
        return;
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    do {
        PangoLayoutRun *run = pango_layout_iter_get_run_readonly(iter);
        for (int i = 0; run && i < run->glyphs->num_glyphs; i++)
            if (run->glyphs->glyphs[i].glyph & PANGO_GLYPH_UNKNOWN_FLAG)
                add_missing(set, run->glyphs->glyphs[i].glyph & ~PANGO_GLYPH_UNKNOWN_FLAG);
    } while (pango_layout_iter_next_run(iter));
    pango_layout_iter_free(iter);
}

/* What a person wrote runs as it is written; our own words, whatever names they hold, from the left. */
static PangoLayout *layout_of(struct setting *set, enum style style, const char *markup)
{
    PangoLayout *layout = pango_layout_new(set->t->context);
    PangoFontDescription *font = pango_font_description_from_string(looks[style].font);
    double width = page_width - 2 * margin - looks[style].indent;
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_auto_dir(layout, style == QUOTE);
    pango_layout_set_markup(layout, markup, -1);
    if (style == QUOTE)
        keep_upright(layout);
    note_missing(set, layout);
    return layout;
}

void draw_foot(struct setting *set)
{
    const char *words = arena_printf(set->s->arena, set->letter->template.language[0] == 'e'
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

/* The bar before what someone said. Drawn inside the text's tag: it needs none of its own. */
static void draw_bar(struct setting *set, double height, bool from_the_right)
{
    cairo_set_source_rgb(set->cr, 0.45, 0.5, 0.55);
    cairo_rectangle(set->cr, from_the_right ? page_width - margin - bar : margin, set->y, bar, height);
    cairo_fill(set->cr);
    cairo_set_source_rgb(set->cr, 0, 0, 0);
}

struct run {
    PangoGlyphItem *item;
    double x;
};

static int by_reading(const void *a, const void *b)
{
    const struct run *one = a, *other = b;
    return (one->item->item->offset > other->item->item->offset) -
           (one->item->item->offset < other->item->item->offset);
}

/* Pango would draw a line's runs from the left; ears take them in the order in which they are drawn. */
static void show_line(struct setting *set, PangoLayoutLine *line, double x, double y)
{
    bool turned = false;
    size_t count = 0;
    struct run *runs = arena_array(set->s->arena, g_slist_length(line->runs) + 1, sizeof(*runs));
    double at = x;
    for (const GSList *each = line->runs; each; each = each->next) {
        runs[count] = (struct run){ each->data, at };
        turned = turned || runs[count].item->item->analysis.level % 2 != 0;
        at += (double)pango_glyph_string_get_width(runs[count++].item->glyphs) / PANGO_SCALE;
    }
    cairo_move_to(set->cr, x, y);
    if (!turned) {
        pango_cairo_show_layout_line(set->cr, line);
        return;
    }
    qsort(runs, count, sizeof(*runs), by_reading);
    for (size_t i = 0; i < count; i++) {
        cairo_move_to(set->cr, runs[i].x, y);
        pango_cairo_show_glyph_item(set->cr, pango_layout_get_text(line->layout), runs[i].item);
    }
}

static void draw_line(struct setting *set, PangoLayoutIter *iter, enum style style)
{
    int top, bottom;
    PangoRectangle extents;
    PangoLayoutLine *line = pango_layout_iter_get_line_readonly(iter);
    bool from_the_right = pango_layout_line_get_resolved_direction(line) == PANGO_DIRECTION_RTL;
    pango_layout_iter_get_line_yrange(iter, &top, &bottom);
    pango_layout_iter_get_line_extents(iter, NULL, &extents);
    int baseline = pango_layout_iter_get_baseline(iter);
    tags_reach_cairo(set);
    if (style == QUOTE)
        draw_bar(set, line_height(iter, style), from_the_right);
    show_line(set, line,
              margin + (from_the_right ? 0 : looks[style].indent) + (double)extents.x / PANGO_SCALE,
              set->y + (double)(baseline - top) / PANGO_SCALE);
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
