/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_VIEW_H
#define SERVICES_API_VIEW_H
/* What a citizen and staff see of an application and its case (contract.md 2). */
#include "common/access.h"
#include "common/api.h"
#include "common/case/case.h"

struct step {
    const char *at;
    const char *status;
    const char *text;
};

struct next_step {
    const char *text;
    const char *due; /* or NULL */
};

struct application_view {
    const char *application_id;
    const char *case_id;
    const char *municipality; /* for the page; not among the record's fields */
    const char *reference;
    const char *received_at;
    const char *status;
    const char *what_matters; /* or NULL */
    struct list timeline;     /* of struct step */
    struct next_step *next;
};
extern const struct record application_view_record;

/* In the transaction that is open. PROBLEM_NOT_FOUND if there is none that may be seen: a
 * citizen sees what they have a part in now, their own or one in which they act for another. */
enum problem application_view_load(struct scope *s, const char *application_id,
                                   enum language language, struct application_view *out);
/* Notes that it is shown. */
void application_view_note(struct scope *s, const struct application_view *view);

/* Per case the deadline (kind, due_at) that tells what comes next; no row where none does. */
enum problem next_deadlines(struct scope *s, const char *const *case_ids, size_t count,
                            struct result *out);
/* In words; kind NULL = no deadline is open. */
struct next_step next_step_of(struct scope *s, enum case_status status, const char *kind,
                              int64_t due_at, enum language language);

struct rule_view {
    const char *id;
    const char *text;
};
struct deadline_view {
    const char *kind;
    const char *due;
    const char *source;
    const char *state;
};
struct agenda_view {
    const char *meeting_id;
    const char *team;
    const char *starts_at;
};
struct letter_view {
    int64_t n;
    const char *kind;
    const char *href;
};
struct case_view {
    const char *case_id;
    const char *reference;
    const char *status;
    struct texts flags;
    const char *department;
    const char *path;
    const char *urgency;
    struct maybe step_asked;
    struct texts lower_services;
    struct list rules;
    struct list deadlines;
    struct list agenda;
    struct list letters;
};
extern const struct record case_view_record;

/* In the transaction that is open; *seq is the number of its last event. NOT_FOUND. */
enum problem case_view_load(struct scope *s, const char *case_id, struct case_view *view,
                            int64_t *seq);

/* The letters of a case, as a list of struct letter_view. */
enum problem letters_load(struct scope *s, const char *case_id, struct list *out);

/* A letter of the case, as PDF. PROBLEM_NOT_FOUND if there is none of that number. */
enum problem letter_load(struct scope *s, const char *case_id, int64_t n,
                         struct http_reply *reply);

extern const char *const contact_kinds[], *const contact_with[]; /* ended by NULL */
struct contact_body {
    const char *kind;
    struct texts with;
    bool two_way;
    const char *at;
};
extern const struct record contact_record;

struct contact_answer {
    const char *contact_id;
    const char *case_id;
    int64_t case_seq;
};
extern const struct record contact_answer_record;

struct agenda_item_view {
    const char *case_id;
    const char *reference;
    const char *starts_at;
    int64_t minutes;
    const char *urgency;
    const char *department;
    struct maybe step_asked;
    bool late;
    const char *why;
};
struct meeting_view {
    const char *meeting_id;
    const char *team;
    const char *starts_at;
    const char *ends_at;
    int64_t slots;
    int64_t free;
    struct list items;
};
struct agenda_page {
    struct list meetings;
    const char *next; /* or NULL */
};
extern const struct record agenda_page_record;

struct indicators_view {
    const char *from;
    const char *to;
    struct list indicators; /* of struct indicator_value */
};
extern const struct record indicators_record;

#endif
