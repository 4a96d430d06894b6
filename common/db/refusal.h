/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_DB_REFUSAL_H
#define COMMON_DB_REFUSAL_H
/* Why a connection failed, in our words. */

/* What libpq or the server said when a connection failed, in words that follow "the database": a constant. */
const char *db_refusal(const char *said);

#endif
