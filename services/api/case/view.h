/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_CASE_VIEW_H
#define SERVICES_API_CASE_VIEW_H
/* What staff and other systems see of a case. */
#include "common/record/record.h"

struct rule_view {
    const char *id;
    const char *text;
};

struct deadline_view {
    const char *kind;
    struct instant due;
    const char *source;
    const char *state;
};

struct agenda_view {
    const char *meeting_id;
    const char *team;
    struct instant starts_at;
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
    const char *priority;
    struct maybe step_asked;
    struct texts lower_services;
    struct list rules;
    struct list deadlines;
    struct list agenda;
    struct list letters;
};

extern const struct record case_view_record, deadline_record, agenda_record, letter_record;

struct contact_body {
    const char *kind;
    struct texts with;
    bool two_way;
    struct instant at;
};

extern const struct record contact_record;

struct contact_answer {
    const char *contact_id;
    const char *case_id;
    int64_t case_seq;
};

extern const struct record contact_answer_record;

#endif
