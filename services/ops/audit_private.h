/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_OPS_AUDIT_PRIVATE_H
#define SERVICES_OPS_AUDIT_PRIVATE_H
/* What the files of the audit share; included by them alone. */
#include <stdio.h>

#include "common/who/chain.h"

enum { AUDIT_PAGE = 2000 };

struct audit {
    FILE *file; /* of roots; NULL = none was given */
    int64_t began;
    char municipality[16], at[40]; /* how far it has come: a page goes on behind it */
    int got;                       /* rows of the last page */
    int64_t last;                  /* number of the link before */
    unsigned char before[CHAIN_BYTES];
    size_t before_length; /* 0: there is none */
    long long rows, links, roots, wrong;
    int64_t tell_at;
};

/* n may be NULL: it has none. */
void audit_wrong(struct audit *audit, const char *municipality, const char *n, const char *what);

/* Runs page, each time in a scope and transaction of its own, until one is not full. */
enum problem audit_pages(struct program *program, struct audit *audit,
                         enum problem (*page)(struct scope *s, void *context));

/* Compares the chains with the lines of the file. */
enum problem audit_roots(struct program *program, struct audit *audit);

#endif
