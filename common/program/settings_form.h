/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PROGRAM_SETTINGS_FORM_H
#define COMMON_PROGRAM_SETTINGS_FORM_H
/*
 * The forms that a setting's text can have: what can't work by its words alone is said before anything is tried.
 * NULL = the text has the form; else why not, a constant without the value. Text is never NULL.
 */

/* libpq can read it, and each of its ports and choices is one: a URL, a list of settings, or a name. */
const char *form_database(const char *text);

/* "host:port,host:port". */
const char *form_brokers(const char *text);

/* What Kafka lets a topic be called. */
const char *form_topic(const char *text);

/* "https://host[:port][/path]", or http; nobody's name in it, no question and no part of a page. */
const char *form_web(const char *text);

/* Of printed ASCII, without a blank. */
const char *form_word(const char *text);

/* Such words with commas between, no blank and no comma in them. */
const char *form_words(const char *text);

/* "4627,4601" */
const char *form_codes(const char *text);

#endif
