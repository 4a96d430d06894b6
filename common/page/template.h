/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PAGE_TEMPLATE_H
#define COMMON_PAGE_TEMPLATE_H
/*
 * The mustache core: {{name}}, {{a.b}}, {{#section}} {{^inverted}} {{/}}, {{>partial}},
 * {{{raw}}}, {{!comment}}, fixed delimiters; standalone tags take their line with them. A variable
 * that is missing is an error, never empty text.
 */
#include "common/page/view.h"

enum escape {
    ESCAPE_HTML,     /* & < > " ' */
    ESCAPE_MARKDOWN, /* whatever would be markup stays literal; a newline stays a hard break */
};

/* What a template may take from elsewhere; a function that is NULL finds nothing. */
struct template_parts {
    const char *(*partial)(const void *context, const char *name); /* NULL if there is none */
    const void *context;
    const char *(*word)(const char *key); /* {{t.key}}; NULL if there is none */
    coded_words *coded;                   /* of members that have words */
};

/* Adds the text as a variable of that kind would be. */
void template_escape(struct buffer *b, enum escape escape, const char *text);

/* Renders into the scope's arena. view is borrowed, parts may be NULL. PROBLEM_BUG with the variable's or tag's
 * name in the scope's detail when the template is malformed or a variable is missing. */
enum problem template_render(struct scope *s, const char *text, const struct view *view,
                             enum escape escape, const struct template_parts *parts,
                             char **out);

#endif
