/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_CASE_PERSON_H
#define SERVICES_API_CASE_PERSON_H
/* A person's cases, found by national id: the blind index is made with every live key. */
#include "common/db/values.h"
#include "common/who/national_id.h"
#include "services/api/page/query.h"

struct array;

/* The person's indexes in those municipalities (comma-separated), for = ANY. */
struct param person_indexes(struct scope *s, const char *municipalities,
                            const char *national_id);

/* Adds them to those of others. */
void person_indexes_add(struct scope *s, const char *municipalities, const char *national_id,
                        struct array *all);

/* The cases in which the person has a part now, newest first from the cursor on (received at, case), at most that many: application id,
 * case_id, municipality, submitter_role, reference, status, received_at, own (they are the applicant),
 * sent (by them). In the transaction that is open, which sees its municipalities alone. */
enum problem person_cases(struct scope *s, const char *municipalities, const char *national_id,
                          struct cursor behind, int most, struct result *out);

/* How many applications that the sender has sent for the applicant are under way there; on a connection of
 * its own. Without a number (NULL) the applicants are counted together. */
enum problem person_open_count(struct scope *s, const char *municipalities, const char *sender,
                               const char *applicant, int64_t *out);

/* What is asked of the number of who sends an application, or of whom it is for. */
struct national_id_rules number_rules(const struct scope *s, bool applicant);

/* Whether the number is one that we take of who sends an application. */
bool submitter_may_have(const struct scope *s, const char *national_id);

/* Whether a case can be of that number, whatever is taken of new ones now. */
bool anyone_may_have(const struct scope *s, const char *national_id);

#endif
