/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_LETTERS_TYPESET_H
#define SERVICES_LETTERS_TYPESET_H
/* A letter under way: between its Markdown (markdown.c), its pages (page.c) and its file (typeset.c). */
#include <cairo.h>
#include <pango/pango.h>

#include "common/problem/scope.h"

struct letter;

enum { LEVELS = 8 };

enum style { BODY, TITLE, HEADING, ITEM, QUOTE, SENDER, SMALL };

struct typesetter {
    PangoFontMap *fonts;
    PangoContext *context;
};

struct setting {
    struct scope *s;
    struct typesetter *t;
    cairo_t *cr;
    double y; /* points from the page's top */
    int page;
    int pages;                /* as the foot says */
    const char *open[LEVELS]; /* tags, outermost first */
    int level;
    int begun; /* so many of them cairo knows: a tag begins with what is drawn in it */
    struct buffer text; /* Pango markup of the block under way */
    enum style style;
    bool quoted;
    const struct letter *letter;
    int missing; /* see struct pdf */
    struct buffer missing_of;
};

extern const double page_width, page_height, page_head; /* A4 in points; text begins at the head */

/* Begins and ends an element of the document's structure; it is there once something is drawn in it. */
void tag_begin(struct setting *set, const char *tag);
void tag_end(struct setting *set);

/* A text of that style as one element; the page turns where it must. markup is Pango's. */
void draw_block(struct setting *set, const char *tag, enum style style, const char *markup);

/* A list item's bullet and text. */
void draw_item(struct setting *set, const char *markup);
void draw_foot(struct setting *set);

/* Draws all of the letter's text. PROBLEM_MALFORMED when there is something that can't be set: nothing
 * of a letter is ever left out. */
enum problem draw_markdown(struct setting *set);

#endif
