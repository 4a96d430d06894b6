/* SPDX-License-Identifier: EUPL-1.2 */
/* Markdown's blocks and spans, as md4c tells of them, into blocks on the page. */
#include <md4c.h>
#include <string.h>

#include "services/letters/typeset.h"

void add_markup(struct buffer *b, const char *text, size_t length)
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

/* Texts, two levels of headings, quotations and plain lists, none within another. */
static bool can_be_set(const struct setting *set, MD_BLOCKTYPE type, const void *detail)
{
    switch (type) {
    case MD_BLOCK_H:
        return set->level == 0 && ((const MD_BLOCK_H_DETAIL *)detail)->level <= 2;
    case MD_BLOCK_UL:
        return set->level == 0 && ((const MD_BLOCK_UL_DETAIL *)detail)->is_tight;
    case MD_BLOCK_QUOTE:
        return set->level == 0;
    default:
        return type == MD_BLOCK_DOC || type == MD_BLOCK_P || type == MD_BLOCK_LI;
    }
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    struct setting *set = user;
    if (!can_be_set(set, type, detail))
        return -1;
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

static int leave_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    struct setting *set = user;
    if (type == MD_BLOCK_H)
        draw_block(set, ((MD_BLOCK_H_DETAIL *)detail)->level == 1 ? "H1" : "H2", set->style,
                   set->text.text);
    else if (type == MD_BLOCK_P)
        draw_block(set, "P", set->style, set->text.text);
    else if (type == MD_BLOCK_LI)
        draw_item(set, set->text.text);
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
    if (type != MD_SPAN_STRONG && type != MD_SPAN_EM)
        return -1;
    buffer_text(&set->text, type == MD_SPAN_STRONG ? "<b>" : "<i>");
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *user)
{
    (void)detail;
    struct setting *set = user;
    buffer_text(&set->text, type == MD_SPAN_STRONG ? "</b>" : "</i>");
    return 0;
}

static int take_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *user)
{
    struct setting *set = user;
    if (type == MD_TEXT_BR)
        buffer_text(&set->text, " \xe2\x80\xa8"); /* LINE SEPARATOR; the space is for ears */
    else if (type == MD_TEXT_SOFTBR)
        buffer_char(&set->text, ' ');
    else if (type == MD_TEXT_NORMAL)
        add_markup(&set->text, text, size);
    else
        return -1;
    return 0;
}

enum problem draw_markdown(struct setting *set)
{
    const MD_PARSER parser = {
        .flags = MD_FLAG_NOHTML | MD_FLAG_TABLES,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = take_text,
    };
    if (md_parse(set->letter->markdown, (MD_SIZE)strlen(set->letter->markdown), &parser, set))
        return scope_fail(set->s, PROBLEM_MALFORMED, "the letter's Markdown is not understood");
    return OK;
}
