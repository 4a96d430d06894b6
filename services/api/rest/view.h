/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_REST_VIEW_H
#define SERVICES_API_REST_VIEW_H
/* What other systems see of the teams and the figures. */
#include "common/record/record.h"

struct agenda_item_view {
    const char *meeting_id, *municipality; /* whose it is; in no answer */
    const char *case_id;
    const char *reference;
    struct instant starts_at;
    int64_t minutes;
    const char *priority;
    const char *department;
    struct maybe step_asked;
    bool late;
    const char *why;
};

struct meeting_view {
    const char *meeting_id;
    const char *team;
    struct instant starts_at;
    struct instant ends_at;
    int64_t slots;
    int64_t free;
    struct list items;
};

struct agenda_page {
    struct list meetings;
    const char *next; /* or NULL */
};

extern const struct record agenda_page_record, agenda_item_record, meeting_record;

struct indicators_view {
    const char *from;
    const char *to;
    struct list indicators; /* of struct indicator_value */
};

extern const struct record indicators_record;

#endif
