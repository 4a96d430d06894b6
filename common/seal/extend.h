/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_SEAL_EXTEND_H
#define COMMON_SEAL_EXTEND_H
/* Adding keys to a key ring. */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Appends keys of their own (seal, index, chain) for those of the municipalities that lack them:
 * written beside and renamed, with the file's owner and mode. *made = how many municipalities got
 * some. False after a line on errors; then the file is as it was. */
bool keyring_extend(const char *path, const char *const *municipalities, size_t count,
                    size_t *made, FILE *errors);

#endif
