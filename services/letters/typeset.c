/* SPDX-License-Identifier: EUPL-1.2 */
/* A letter from head to foot as a tagged PDF, as cairo writes it; pdf_finish makes it archivable. */
#include "services/letters/typeset.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <string.h>

#include "common/page/template.h"
#include "services/letters/letters.h"

/* Paper has no pixels to round to. */
static void place_glyphs_exactly(PangoContext *context)
{
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, FALSE);
}

/* Who takes over where Liberation Sans has no glyph, first of all: the same on every machine that has them. */
static const char *const others[] = {
    "Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew",
    "Noto Sans Ethiopic", "Noto Sans Devanagari", "Noto Sans Bengali",
    "Noto Sans Gurmukhi", "Noto Sans Gujarati", "Noto Sans Oriya",
    "Noto Sans Tamil", "Noto Sans Telugu", "Noto Sans Kannada",
    "Noto Sans Malayalam", "Noto Sans Sinhala", "Noto Sans Thai",
    "Noto Sans Lao", "Noto Sans Khmer", "Noto Sans Myanmar",
    "Noto Serif Tibetan", "Noto Sans Armenian", "Noto Sans Georgian",
    "Noto Sans Syriac", "Noto Sans Thaana", "WenQuanYi Micro Hei",
    "Noto Sans Math", "Noto Sans Symbols", "Symbola",
};

/* Behind them whatever fonts the machine has, but none that paints pictures: PDF/A would refuse them. */
static void choose_fonts(PangoFontMap *fonts)
{
    GString *rule = g_string_new(
        "<fontconfig><selectfont><rejectfont><pattern><patelt name=\"color\"><bool>true</bool>"
        "</patelt></pattern></rejectfont></selectfont><match target=\"pattern\"><test name=\"family\">"
        "<string>Liberation Sans</string></test><edit name=\"family\" mode=\"append\" binding=\"strong\">");
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        g_string_append_printf(rule, "<string>%s</string>", others[i]);
    g_string_append(rule, "</edit></match></fontconfig>");
    FcConfig *config = FcInitLoadConfig();
    FcConfigParseAndLoadFromMemory(config, (const FcChar8 *)rule->str, FcTrue);
    FcConfigBuildFonts(config);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(fonts), config);
    FcConfigDestroy(config);
    g_string_free(rule, TRUE);
}

void *typesetter_new(void)
{
    struct typesetter *t = g_new0(struct typesetter, 1);
    t->fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    choose_fonts(t->fonts);
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(t->fonts), 72);
    t->context = pango_font_map_create_context(t->fonts);
    /* Not the machine's: what it says no language to, it looks for in any font that has a letter of it. */
    pango_context_set_language(t->context, pango_language_from_string("nb"));
    place_glyphs_exactly(t->context);
    return t;
}

void typesetter_free(void *own)
{
    struct typesetter *t = own;
    g_object_unref(t->context);
    g_object_unref(t->fonts);
    g_free(t);
}

static void draw_letterhead(struct setting *set)
{
    const struct letter *in = set->letter;
    const char *day = date_words(set->s->arena, oslo_time(in->created_at).date);
    struct buffer b = buffer_new(set->s->arena);
    if (in->head->sender_colour)
        buffer_printf(&b, "<span color=\"%s\">", in->head->sender_colour);
    template_escape(&b, ESCAPE_HTML, in->head->municipality_name);
    buffer_text(&b, in->head->sender_colour ? "</span>" : "");
    draw_block(set, "P", SENDER, b.text);
    if (in->head->sender_where) {
        b = buffer_new(set->s->arena);
        template_escape(&b, ESCAPE_HTML, in->head->sender_where);
        draw_block(set, "P", SMALL, b.text);
    }
    set->y += 26;
    b = buffer_new(set->s->arena);
    template_escape(&b, ESCAPE_HTML, in->head->recipient_name);
    draw_block(set, "P", BODY, b.text);
    set->y += 14;
    draw_block(set, "P", SMALL, arena_printf(set->s->arena, "%s · %s", day, in->head->reference));
}

static cairo_status_t collect(void *buffer, const unsigned char *data, unsigned length)
{
    buffer_add(buffer, data, length);
    return CAIRO_STATUS_SUCCESS;
}

static enum problem typeset(struct scope *s, void *typesetter, const struct letter *in, int pages,
                            struct pdf *out)
{
    struct buffer pdf = buffer_new(s->arena);
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(collect, &pdf, page_width, page_height);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, in->template.title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   letter_time(s->arena, in->created_at));
    struct setting set = { .s = s, .t = typesetter, .cr = cairo_create(surface), .y = page_head,
                           .page = 1, .pages = pages, .letter = in,
                           .missing_of = buffer_new(s->arena) };
    draw_letterhead(&set);
    enum problem p = draw_markdown(&set);
    draw_foot(&set);
    cairo_show_page(set.cr);
    cairo_destroy(set.cr);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (!p && status)
        p = scope_fail(s, PROBLEM_BUG, "cairo: %s", cairo_status_to_string(status));
    if (!p)
        *out = (struct pdf){ (const unsigned char *)pdf.text, pdf.length, set.page,
                              set.missing, set.missing_of.text };
    return p;
}

/* Most letters are one page; of others the number of pages is known after the first time. */
enum problem letter_typeset(struct scope *s, void *typesetter, const struct letter *in,
                            struct pdf *out)
{
    TRY(typeset(s, typesetter, in, 1, out));
    return out->pages == 1 ? OK : typeset(s, typesetter, in, out->pages, out);
}
