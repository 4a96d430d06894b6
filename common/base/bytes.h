/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_BASE_BYTES_H
#define COMMON_BASE_BYTES_H
/* Bytes that lie somewhere. */
#include <stddef.h>

struct bytes {
    const unsigned char *data;
    size_t length;
};

#endif
