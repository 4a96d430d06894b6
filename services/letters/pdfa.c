/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What cairo leaves out of an archivable, accessible PDF (ISO 19005-2 level A, ISO 14289-1): XMP, output
 * intent, language, CIDToGIDMap, and artifacts.
 */
#include <qpdf/qpdf-c.h>
#include <string.h>

#include "common/page/template.h"
#include "services/letters/letters.h"

static const char *language_tag(const char *language)
{
    return strcmp(language, "en") == 0 ? "en-GB" : strcmp(language, "nn") == 0 ? "nn-NO" : "nb-NO";
}

static enum problem write_xmp(struct scope *s, const struct letter *in, char **out)
{
    const char *template = (const char *)asset_find(letters_assets, "xmp.xml")->start;
    json_t *view = json_pack("{s: s, s: s, s: s}", "title", in->template.title, "language",
                             language_tag(in->template.language), "created_at",
                             letter_time(s->arena, in->created_at));
    return template_render(s, template, &(struct view){ .json = arena_value(s->arena, view) }, ESCAPE_HTML, NULL, out);
}

static qpdf_oh stream_of(qpdf_data q, const void *data, size_t length)
{
    qpdf_oh stream = qpdf_oh_new_stream(q);
    qpdf_oh_replace_stream_data(q, stream, data, length, qpdf_oh_new_null(q), qpdf_oh_new_null(q));
    return stream;
}

static void set_name(qpdf_data q, qpdf_oh stream, const char *key, const char *value)
{
    qpdf_oh_replace_key(q, qpdf_oh_get_dict(q, stream), key, qpdf_oh_parse(q, value));
}

static void set_catalog(qpdf_data q, const struct letter *in, const char *xmp)
{
    qpdf_oh root = qpdf_get_root(q);
    const struct asset *icc = asset_find(letters_assets, "sRGB.icc");
    qpdf_oh intent = qpdf_oh_parse(q, "<< /Type /OutputIntent /S /GTS_PDFA1"
                                      " /OutputConditionIdentifier (sRGB) /Info (sRGB) >>");
    qpdf_oh profile = stream_of(q, icc->start, asset_length(icc));
    qpdf_oh metadata = stream_of(q, xmp, strlen(xmp));
    set_name(q, profile, "/N", "3");
    set_name(q, metadata, "/Type", "/Metadata");
    set_name(q, metadata, "/Subtype", "/XML");
    qpdf_oh_replace_key(q, intent, "/DestOutputProfile", profile);
    qpdf_oh_replace_key(q, root, "/OutputIntents", qpdf_oh_wrap_in_array(q, intent));
    qpdf_oh_replace_key(q, root, "/Metadata", metadata);
    qpdf_oh_replace_key(q, root, "/Lang",
                        qpdf_oh_new_string(q, language_tag(in->template.language)));
    qpdf_oh_replace_key(q, root, "/MarkInfo", qpdf_oh_parse(q, "<< /Marked true >>"));
    qpdf_oh_replace_key(q, root, "/ViewerPreferences",
                        qpdf_oh_parse(q, "<< /DisplayDocTitle true >>"));
}

/* ISO 19005-2, 6.2.11.3.2: cairo never writes it, and turns to CID fonts at the first Sámi letter. */
static void map_glyphs(qpdf_data q, qpdf_oh font)
{
    qpdf_oh descendants = qpdf_oh_get_key(q, font, "/DescendantFonts");
    if (!qpdf_oh_is_array(q, descendants))
        return;
    for (int i = 0; i < qpdf_oh_get_array_n_items(q, descendants); i++) {
        qpdf_oh descendant = qpdf_oh_get_array_item(q, descendants, i);
        if (strcmp(qpdf_oh_get_name(q, qpdf_oh_get_key(q, descendant, "/Subtype")),
                   "/CIDFontType2") == 0)
            qpdf_oh_replace_key(q, descendant, "/CIDToGIDMap",
                                qpdf_oh_new_name(q, "/Identity"));
    }
}

/* The dictionary's names first: the iterator does not survive other calls. */
static void map_fonts(struct scope *s, qpdf_data q, qpdf_oh page)
{
    qpdf_oh fonts = qpdf_oh_get_key(q, qpdf_oh_get_key(q, page, "/Resources"), "/Font");
    const char *names[64];
    int count = 0;
    if (!qpdf_oh_is_dictionary(q, fonts))
        return;
    qpdf_oh_begin_dict_key_iter(q, fonts);
    while (qpdf_oh_dict_more_keys(q) && count < 64)
        names[count++] = arena_strdup(s->arena, qpdf_oh_dict_next_key(q));
    for (int i = 0; i < count; i++)
        map_glyphs(q, qpdf_oh_get_key(q, fonts, names[i]));
}

/* Behind the string that begins at *at: what a person wrote may look like any operator. */
static const char *string_end(const char *at, const char *limit)
{
    int depth = 0;
    for (; at < limit; at++) {
        if (*at == '\\')
            at++;
        else if (*at == '(')
            depth++;
        else if (*at == ')' && --depth == 0)
            return at + 1;
    }
    return limit;
}

/* "/NonStruct << /MCID 7 >> BDC" becomes "/Artifact BMC"; strings stay as they are. */
static void copy_marked(struct buffer *b, const char *at, const char *limit)
{
    static const char from[] = "/NonStruct", end[] = "BDC";
    while (at < limit) {
        const char *next = at + 1;
        if (*at == '(')
            next = string_end(at, limit);
        if (*at != '/' || (size_t)(limit - at) < strlen(from) || memcmp(at, from, strlen(from)) != 0) {
            buffer_add(b, at, (size_t)(next - at));
            at = next;
            continue;
        }
        const char *stop = memmem(at, (size_t)(limit - at), end, strlen(end));
        buffer_text(b, "/Artifact BMC");
        at = stop ? stop + strlen(end) : limit;
    }
}

static void mark_artifacts(struct scope *s, qpdf_data q, qpdf_oh page)
{
    unsigned char *data = NULL;
    size_t length = 0;
    struct buffer b = buffer_new(s->arena);
    if (qpdf_oh_get_page_content_data(q, page, &data, &length) & QPDF_ERRORS)
        return;
    copy_marked(&b, (const char *)data, (const char *)data + length);
    arena_release_foreign(data);
    qpdf_oh_replace_key(q, page, "/Contents", stream_of(q, b.text, b.length));
}

static bool is_non_struct(qpdf_data q, qpdf_oh node)
{
    return qpdf_oh_is_dictionary(q, node) && qpdf_oh_has_key(q, node, "/S") &&
           strcmp(qpdf_oh_get_name(q, qpdf_oh_get_key(q, node, "/S")), "/NonStruct") == 0;
}

/* Artifacts have no place in the structure tree. */
static void drop_non_struct(qpdf_data q, qpdf_oh node)
{
    qpdf_oh kids = qpdf_oh_get_key(q, node, "/K");
    if (!qpdf_oh_is_array(q, kids))
        return;
    for (int i = qpdf_oh_get_array_n_items(q, kids); i-- > 0;) {
        qpdf_oh kid = qpdf_oh_get_array_item(q, kids, i);
        if (is_non_struct(q, kid))
            qpdf_oh_erase_item(q, kids, i);
        else if (qpdf_oh_is_dictionary(q, kid))
            drop_non_struct(q, kid);
    }
}

/* The parent tree points from each marked piece to its element: none for an artifact. */
static void clean_parents(qpdf_data q, qpdf_oh tree)
{
    qpdf_oh numbers = qpdf_oh_get_key(q, qpdf_oh_get_key(q, tree, "/ParentTree"), "/Nums");
    if (!qpdf_oh_is_array(q, numbers))
        return;
    for (int i = 1; i < qpdf_oh_get_array_n_items(q, numbers); i += 2) {
        qpdf_oh page = qpdf_oh_get_array_item(q, numbers, i);
        for (int k = 0; k < qpdf_oh_get_array_n_items(q, page); k++)
            if (is_non_struct(q, qpdf_oh_get_array_item(q, page, k)))
                qpdf_oh_set_array_item(q, page, k, qpdf_oh_new_null(q));
    }
}

/* All that stands in the letter is one document: cairo's elements are the root's own children. */
static void wrap_document(qpdf_data q, qpdf_oh tree)
{
    qpdf_oh kids = qpdf_oh_get_key(q, tree, "/K");
    if (!qpdf_oh_is_array(q, kids)) /* a single one needs no list */
        kids = qpdf_oh_wrap_in_array(q, kids);
    qpdf_oh document =
        qpdf_make_indirect_object(q, qpdf_oh_parse(q, "<< /Type /StructElem /S /Document >>"));
    for (int i = 0; i < qpdf_oh_get_array_n_items(q, kids); i++)
        qpdf_oh_replace_key(q, qpdf_oh_get_array_item(q, kids, i), "/P", document);
    qpdf_oh_replace_key(q, document, "/P", tree);
    qpdf_oh_replace_key(q, document, "/K", kids);
    qpdf_oh_replace_key(q, tree, "/K", document);
}

static enum problem write(struct scope *s, qpdf_data q, struct pdf *pdf)
{
    if (qpdf_init_write_memory(q) & QPDF_ERRORS)
        return scope_fail(s, PROBLEM_BUG, "the PDF can not be written");
    qpdf_set_deterministic_ID(q, QPDF_TRUE);
    qpdf_set_object_stream_mode(q, qpdf_o_disable);
    qpdf_set_stream_data_mode(q, qpdf_s_preserve);
    qpdf_set_newline_before_endstream(q, QPDF_TRUE);
    qpdf_set_minimum_pdf_version(q, "1.7");
    if (qpdf_write(q) & QPDF_ERRORS)
        return scope_fail(s, PROBLEM_BUG, "the PDF can not be written");
    pdf->length = qpdf_get_buffer_length(q);
    pdf->data = arena_memdup(s->arena, qpdf_get_buffer(q), pdf->length);
    return OK;
}

static enum problem finish(struct scope *s, qpdf_data q, const struct letter *in,
                           struct pdf *pdf)
{
    char *xmp;
    if (qpdf_read_memory(q, "letter", (const char *)pdf->data, pdf->length, NULL) & QPDF_ERRORS)
        return scope_fail(s, PROBLEM_BUG, "the PDF can not be read back");
    qpdf_oh tree = qpdf_oh_get_key(q, qpdf_get_root(q), "/StructTreeRoot");
    TRY(write_xmp(s, in, &xmp));
    set_catalog(q, in, xmp);
    for (int i = 0; i < qpdf_get_num_pages(q); i++) {
        map_fonts(s, q, qpdf_get_page_n(q, (size_t)i));
        mark_artifacts(s, q, qpdf_get_page_n(q, (size_t)i));
    }
    clean_parents(q, tree);
    drop_non_struct(q, tree);
    wrap_document(q, tree);
    return write(s, q, pdf);
}

enum problem pdf_finish(struct scope *s, const struct letter *in, struct pdf *pdf)
{
    qpdf_data q = qpdf_init();
    qpdf_silence_errors(q);
    qpdf_set_suppress_warnings(q, QPDF_TRUE);
    enum problem p = finish(s, q, in, pdf);
    qpdf_cleanup(&q);
    return p;
}
