/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_APPLICATION_APPLICATIONS_H
#define SERVICES_API_APPLICATION_APPLICATIONS_H
/* What became of an application. */
#include "common/case/case.h"
#include "common/db/values.h"
#include "common/record/record.h"

struct step {
    struct instant at;
    const char *status;
    const char *text;
};

struct next_step {
    const char *text;
    struct instant due; /* none: no day is promised */
};

struct application_view {
    const char *application_id;
    const char *case_id;
    const char *municipality; /* in no answer */
    const char *reference;
    struct instant received_at;
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
struct next_step next_step_of(enum case_status status, const char *kind, int64_t due_at,
                              enum language language);

#endif
