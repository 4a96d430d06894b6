/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PAGE_MARKDOWN_H
#define COMMON_PAGE_MARKDOWN_H
/*
 * Markdown as far as letters go: two levels of headings, text, quotations and plain lists, none
 * within another; bold, italic and hard breaks. Everything else is refused, so that nothing of a
 * letter is ever left out.
 */
#include <md4c.h>
#include <stdbool.h>

/* Reads the text to its end. The callbacks of `draw` are called with `user` for what a letter may
 * hold and need no checks of their own; NULL = read only. False if there is anything else. */
bool markdown_read(const char *text, const MD_PARSER *draw, void *user);

#endif
