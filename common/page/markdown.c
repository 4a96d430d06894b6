/* SPDX-License-Identifier: EUPL-1.2 */
/* What md4c tells of a text, and whether a letter may hold it. */
#include "common/page/markdown.h"

#include <string.h>

struct reading {
    const MD_PARSER *draw; /* or NULL */
    void *user;
    int level; /* quotations, lists and items that are open */
};

static bool holds_others(MD_BLOCKTYPE type)
{
    return type == MD_BLOCK_QUOTE || type == MD_BLOCK_UL || type == MD_BLOCK_LI;
}

static bool may_stand(const struct reading *reading, MD_BLOCKTYPE type, const void *detail)
{
    switch (type) {
    case MD_BLOCK_H:
        return reading->level == 0 && ((const MD_BLOCK_H_DETAIL *)detail)->level <= 2;
    case MD_BLOCK_UL:
        return reading->level == 0 && ((const MD_BLOCK_UL_DETAIL *)detail)->is_tight;
    case MD_BLOCK_QUOTE:
        return reading->level == 0;
    default:
        return type == MD_BLOCK_DOC || type == MD_BLOCK_P || type == MD_BLOCK_LI;
    }
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    struct reading *reading = user;
    if (!may_stand(reading, type, detail))
        return -1;
    reading->level += holds_others(type);
    return reading->draw ? reading->draw->enter_block(type, detail, reading->user) : 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    struct reading *reading = user;
    reading->level -= holds_others(type);
    return reading->draw ? reading->draw->leave_block(type, detail, reading->user) : 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *user)
{
    struct reading *reading = user;
    if (type != MD_SPAN_STRONG && type != MD_SPAN_EM)
        return -1;
    return reading->draw ? reading->draw->enter_span(type, detail, reading->user) : 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *user)
{
    struct reading *reading = user;
    return reading->draw ? reading->draw->leave_span(type, detail, reading->user) : 0;
}

static int take_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *user)
{
    struct reading *reading = user;
    if (type != MD_TEXT_BR && type != MD_TEXT_SOFTBR && type != MD_TEXT_NORMAL)
        return -1;
    return reading->draw ? reading->draw->text(type, text, size, reading->user) : 0;
}

bool markdown_read(const char *text, const MD_PARSER *draw, void *user)
{
    struct reading reading = { .draw = draw, .user = user };
    const MD_PARSER parser = {
        .flags = MD_FLAG_NOHTML | MD_FLAG_TABLES,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = take_text,
    };
    return md_parse(text, (MD_SIZE)strlen(text), &parser, &reading) == 0;
}
