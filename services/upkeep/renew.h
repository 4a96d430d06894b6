/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_UPKEEP_RENEW_H
#define SERVICES_UPKEEP_RENEW_H
/* What the files that make values anew share. */
#include "common/base/bytes.h"
#include "common/db/values.h"

struct statement;

/* Makes the rows anew; ids of those that can't be opened are added to damaged. */
typedef enum problem renew(struct scope *s, const struct statement *swap,
                           const struct result *rows, struct texts *damaged);

/* What is sealed by a key that is no longer in use. */
enum problem renew_sealed(struct scope *s, const struct statement *swap, const struct result *rows,
                          struct texts *damaged);
/* Persons, with the index of each part they have. */
enum problem renew_people(struct scope *s, const struct statement *swap, const struct result *rows,
                          struct texts *damaged);
/* Parts of a case whose person has no row under that index. */
enum problem renew_parties(struct scope *s, const struct statement *swap, const struct result *rows,
                           struct texts *damaged);

struct bytes renew_bytes(struct scope *s, const struct result *r, int row, const char *column);

/* OK after noting the row, if the problem is of a value that can't be opened; else the problem:
 * one value must not keep the others from it. */
enum problem renew_pass_over(struct scope *s, enum problem p, const char *id, struct texts *damaged);

#endif
