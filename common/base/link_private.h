/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_BASE_LINK_PRIVATE_H
#define COMMON_BASE_LINK_PRIVATE_H
/* What libpq made of a database's URL; for those alone who judge it. */
#include <libpq-fe.h>
#include <stdbool.h>

/* NULL for what is not said, or is empty; options may be NULL. */
const char *link_value(const PQconninfoOption *options, const char *keyword);

/* Whether libpq can do what is said of one that has a few words to choose from; of others it is true. */
bool link_is_choice(const char *keyword, const char *value);

/* A mere name of a database is no list of settings; libpq takes it as it is. */
bool link_is_name(const char *url);

#endif
