/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_OPS_LOOKS_H
#define SERVICES_OPS_LOOKS_H
/* What tillit-ops shows: each look adds to errand->out, in a transaction. */
#include "common/operator/acts.h"

/* A look or an act with what the command line said. */
struct errand {
    const char *argument;
    struct act_request request; /* of a look, who and why */
    bool sealed; /* it opens or seals something: the key ring is read */
    enum problem (*run)(struct scope *s, const struct errand *errand);
    struct buffer *out; /* printed when the transaction is committed: what is shown is logged */
};

enum problem show_causes(struct scope *s, const struct errand *errand);
enum problem show_cause(struct scope *s, const struct errand *errand);
enum problem show_parked(struct scope *s, const struct errand *errand); /* needs who and why */
enum problem show_clients(struct scope *s, const struct errand *errand);
enum problem show_all_acts(struct scope *s, const struct errand *errand);
enum problem show_status(struct scope *s, const struct errand *errand);

/* "letters:DAMAGED" as its two parts. */
bool split_cause(struct scope *s, const char *argument, const char **consumer,
                 const char **problem);

#endif
