/* SPDX-License-Identifier: EUPL-1.2 */
/* What an error of PostgreSQL means to us, and whose it is (PostgreSQL 15, appendix A). */
#include "common/db/sqlstate.h"

#include <stddef.h>
#include <string.h>

/* First match wins, so the longer prefixes come first. What a class has of its own stands in words where it is not the
 * statement's: these reach the log and readiness. */
/* clang-format off */
static const struct sqlstate sqlstates[] = {
    { "TC001", PROBLEM_WRONG_STATUS, OF_STATEMENT,  NULL }, /* the database's own copy of status.def */
    { "08",    PROBLEM_UNAVAILABLE,  OF_SERVER,     "the connection broke" },
    { "0A000", PROBLEM_UNAVAILABLE,  OF_CONNECTION, "what was prepared does not fit the schema any more" },
    { "22",    PROBLEM_MALFORMED,    OF_STATEMENT,  NULL },
    { "23P01", PROBLEM_STALE,        OF_STATEMENT,  NULL }, /* an EXCLUDE lost its race */
    { "23",    PROBLEM_MALFORMED,    OF_STATEMENT,  NULL },
    { "25006", PROBLEM_UNAVAILABLE,  OF_SERVER,     "the database can only be read: another one leads" },
    { "25P03", PROBLEM_UNAVAILABLE,  OF_CONNECTION, "the transaction stood still for too long" },
    { "25P04", PROBLEM_UNAVAILABLE,  OF_CONNECTION, "the transaction took too long" },
    { "25",    PROBLEM_BUG,          OF_CONNECTION, NULL }, /* a transaction is not where we think it is */
    { "26",    PROBLEM_UNAVAILABLE,  OF_CONNECTION, "what was prepared is gone" }, /* a pooler, or DISCARD */
    { "28",    PROBLEM_UNAVAILABLE,  OF_CONNECTION, "the role may not log in" },
    { "3D",    PROBLEM_UNAVAILABLE,  OF_SERVER,     "there is no such database" },
    { "40003", PROBLEM_UNAVAILABLE,  OF_CONNECTION, "nobody knows whether it was done" },
    { "40",    PROBLEM_STALE,        OF_STATEMENT,  NULL },
    { "42P05", PROBLEM_UNAVAILABLE,  OF_CONNECTION, "it was prepared before" }, /* a pooler */
    { "53100", PROBLEM_DISK_FULL,    OF_STATEMENT,  "the disk is full" },
    { "53300", PROBLEM_UNAVAILABLE,  OF_CONNECTION, "the database has no connection left" },
    { "53",    PROBLEM_UNAVAILABLE,  OF_STATEMENT,  "the database is short of something" },
    { "54",    PROBLEM_MALFORMED,    OF_STATEMENT,  NULL }, /* larger than an index or a row can be */
    { "55006", PROBLEM_UNAVAILABLE,  OF_STATEMENT,  "someone else uses it" },
    { "55P03", PROBLEM_UNAVAILABLE,  OF_STATEMENT,  "someone else holds a lock" },
    { "57014", PROBLEM_UNAVAILABLE,  OF_STATEMENT,  "it took too long" },
    { "57P05", PROBLEM_UNAVAILABLE,  OF_CONNECTION, "the connection was not used for too long" },
    { "57P01", PROBLEM_UNAVAILABLE,  OF_SERVER,     "the database ended the connection" },
    { "57",    PROBLEM_UNAVAILABLE,  OF_SERVER,     "the database is stopping or starting" },
    { "58",    PROBLEM_UNAVAILABLE,  OF_STATEMENT,  "the database's machine failed it" }, /* EIO, a file that is gone */
    { "72",    PROBLEM_STALE,        OF_STATEMENT,  NULL },
    { "F0",    PROBLEM_UNAVAILABLE,  OF_SERVER,     "the database's own settings are wrong" },
    { "P0001", PROBLEM_MALFORMED,    OF_STATEMENT,  NULL },
    { "XX",    PROBLEM_UNAVAILABLE,  OF_CONNECTION, "the database itself is broken" },
    { "",      PROBLEM_BUG,          OF_STATEMENT,  NULL },
};
/* clang-format on */

const struct sqlstate *sqlstate_find(const char *code)
{
    const struct sqlstate *row = sqlstates;
    while (strncmp(code, row->prefix, strlen(row->prefix)) != 0)
        row++;
    return row;
}
