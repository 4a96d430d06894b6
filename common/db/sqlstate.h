/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_DB_SQLSTATE_H
#define COMMON_DB_SQLSTATE_H
/* What each SQLSTATE means to us. */
#include "common/problem/problem.h"

/* Whose an error is: the statement's alone, or it condemns the connection, or all connections to that server. */
enum whose { OF_STATEMENT, OF_CONNECTION, OF_SERVER };

struct sqlstate {
    const char *prefix;
    enum problem problem;
    enum whose whose;
    const char *words; /* or NULL */
};

/* The row of a SQLSTATE; there is one for every text. */
const struct sqlstate *sqlstate_find(const char *code);

#endif
