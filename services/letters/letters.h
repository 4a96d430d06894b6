/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_LETTERS_LETTERS_H
#define SERVICES_LETTERS_LETTERS_H
/* From facts to Markdown, and from Markdown to an accessible, archivable PDF. */
#include "common/letter/facts.h"
#include "common/page/asset.h"

struct event;
struct letter_kind;

struct arena;
struct metrics;

extern const struct asset letters_assets[];

struct template_identity {
    const char *kind;
    const char *id; /* "<kind>.<language>" */
    const char *version; /* of a municipality's own: "own." and how its hash begins */
    const char *sha256; /* hex, of the template's bytes */
    const char *language;
    const char *title; /* the document's, for its properties */
};

void letters_metrics(struct metrics *metrics);

struct letter {
    const struct letter_head *head;
    struct template_identity template;
    const char *markdown;
    int64_t created_at;
};

/* Fills own, the municipality's template, or ours where that is NULL, with facts of the kind's record.
 * PROBLEM_MALFORMED if no such letter can be made of it. */
enum problem letter_write(struct scope *s, const struct letter_kind *kind, const void *facts,
                          const char *own, struct letter *letter);

/* "2026-11-27T14:30:00+01:00": a document's time has no fractions, cairo would not take them. */
const char *letter_time(struct arena *a, int64_t instant);

/* Fonts that live as long as the worker. */
void *typesetter_new(void);
void typesetter_free(void *typesetter);

struct pdf {
    const unsigned char *data; /* in the scope */
    size_t length;
    int pages;
    int missing; /* characters that no font of the machine can draw: they stand as boxes */
    const char *missing_of; /* their scripts and where they lie, "Taml U+0Bxx, Ethi U+12xx" */
};

/* The letter as tagged PDF, as cairo writes it. Same letter, same bytes. */
enum problem letter_typeset(struct scope *s, void *typesetter, const struct letter *in,
                            struct pdf *out);

/* Makes it PDF/A-2a and PDF/UA-1. */
enum problem pdf_finish(struct scope *s, const struct letter *in, struct pdf *pdf);

/* The worker's hands. */
enum problem letter_prepare(struct scope *s, const struct event *event, void **prepared);
enum problem letter_keep(struct scope *s, const struct event *event);

#endif
