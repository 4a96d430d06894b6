/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_PAGE_TEXTS_H
#define SERVICES_API_PAGE_TEXTS_H
/* Pages, which speak bokmål until the groups of words that they take say more, and their words (common/words/). */
#include "common/problem/scope.h"
#include "common/time/instant.h"

struct http_reply;
struct record;

/* As JSON; null for NULL. */
json_t *text_or_null(const char *text);

/* One text; NULL if there is none. */
const char *text_of(const char *key);
/* By a key of two parts, "q." and "wants". */
const char *text_for(const char *kind, const char *code);

/* The text of a code, by "status_" and "READY": the code itself if there is none, a dash for NULL. */
const char *coded_text(const char *kind, const char *code);

/* Renders templates/<page>.html within the layout into the reply, from a struct of the record. title is
 * a text's key; script is a file below js/ or NULL. The struct may name the municipality whose page it
 * is, and what else is the layout's otherwise: whose, onward, refresh. */
enum problem page_show(struct scope *s, const char *page, const char *title, const char *script,
                       const struct record *record, const void *in, struct http_reply *reply);
/* The same from a JSON object, which it takes over. */
enum problem page_render(struct scope *s, const char *page, const char *title, const char *script,
                         json_t *view, struct http_reply *reply);

/* A page that says one thing, by the keys <name>_heading and <name>_text. */
enum problem page_message(struct scope *s, const char *name, int status, const char *link,
                          const char *link_text, struct http_reply *reply);

/* The same, with 200, of which the browser goes on by itself; onward NULL = it stays. */
enum problem page_onward(struct scope *s, const char *name, const char *onward,
                         struct http_reply *reply);

/* "2026-11-27T09:05" in Europe/Oslo, as an input of that kind has it. */
enum { LOCAL_LENGTH = 16 };
const char *local_time(struct scope *s, int64_t instant);
/* A span of time as people say it: "under 1 s", "40 s", "5 min", "3 t", "2 d". */
const char *span_words(struct scope *s, int64_t seconds);

#endif
