/* SPDX-License-Identifier: EUPL-1.2 */
/* Markdown's blocks and spans into blocks on the page. */
#include <string.h>

#include "common/page/markdown.h"
#include "common/page/template.h"
#include "services/letters/letters.h"
#include "services/letters/typeset.h"

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
    else
        template_escape(&set->text, ESCAPE_HTML, arena_strndup(set->s->arena, text, size));
    return 0;
}

enum problem draw_markdown(struct setting *set)
{
    const MD_PARSER parser = {
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = take_text,
    };
    if (!markdown_read(set->letter->markdown, &parser, set))
        return scope_fail(set->s, PROBLEM_MALFORMED, "the letter's Markdown is not understood");
    return OK;
}
