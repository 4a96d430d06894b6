/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_TOKEN_SIGNING_KEY_H
#define COMMON_TOKEN_SIGNING_KEY_H
/* A key of our own, with which we prove to an issuer that it is we who ask
 * (private_key_jwt, RFC 7523). */
#include <stdio.h>

#include "common/problem/scope.h"

struct arena;
struct signing_key;

/* Reads a private key in PEM: RSA of 2048 bits and more signs with RS256, EC on P-256 with
 * ES256. kid is the name under which its public half is registered. NULL, after one line on
 * errors, if the file is not that, or if others may read it. */
struct signing_key *signing_key_read(struct arena *a, const char *path, const char *kid,
                                     FILE *errors);
void signing_key_free(struct signing_key *key); /* NULL is legal */

/* The claims as a signed token in compact form, in the scope's arena; takes claims over.
 * PROBLEM_BUG if OpenSSL can't work. */
enum problem signing_key_sign(struct scope *s, const struct signing_key *key,
                              json_t *claims, const char **out);

#endif
