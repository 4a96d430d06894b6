/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_TOKEN_JWS_H
#define COMMON_TOKEN_JWS_H
/* A signed text in compact form (JWS, RFC 7515): what a token is before anyone reads its claims. */
#include "common/token/token.h"

struct bytes;

/* Verifies shape, header and signature, in that order, as token_verify does; algorithms are bits.
 * *payload is what was signed, in the scope's arena. A refusal (PROBLEM_UNAUTHENTICATED) writes
 * *fault alone. */
enum problem jws_open(struct scope *s, unsigned algorithms, const struct key_set *keys,
                      const char *text, size_t length, enum token_fault *fault,
                      struct bytes *payload);

/* Refuses: `return token_refuse(fault, TOKEN_EXPIRED)`. */
static inline enum problem token_refuse(enum token_fault *fault, enum token_fault why)
{
    *fault = why;
    return PROBLEM_UNAUTHENTICATED;
}

#endif
