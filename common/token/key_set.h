/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_TOKEN_KEY_SET_H
#define COMMON_TOKEN_KEY_SET_H
/*
 * The public keys of an issuer of tokens: a JSON Web Key Set (RFC 7517). A set is made whole from
 * the text that was fetched, never changes, and may be asked by any number of threads.
 */
#include "common/problem/scope.h"

/* The signatures that we know (RFC 7518 3.1). Several are bits: 1u << JWS_RS256 | 1u << JWS_ES256. */
enum jws_algorithm {
    JWS_RS256, /* RSASSA-PKCS1-v1_5, SHA-256 */
    JWS_ES256, /* ECDSA on P-256, SHA-256 */
    JWS_PS256, /* RSASSA-PSS, SHA-256, a salt of 32 bytes */
    JWS_ALGORITHM_COUNT,
};

/* JWS_RS256 for "RS256"; JWS_ALGORITHM_COUNT for NULL and every name that is none of ours. */
enum jws_algorithm jws_algorithm_named(const char *name);

/* Bytes of a key set, and keys in it, at most. */
enum { KEY_SET_LONGEST = 256 * 1024, KEY_SET_MOST = 128 };

struct evp_pkey_st;

struct public_key {
    const char *kid;
    unsigned algorithms;        /* what it may verify, as bits */
    struct evp_pkey_st *handle; /* OpenSSL's EVP_PKEY; NULL = unfit: nothing is verified with it */
};

struct key_set;

/*
 * Reads a key set of at most KEY_SET_LONGEST bytes; *out is the caller's (key_set_free).
 *
 * Left out, as if they were not there: keys without kid, for another use (use, key_ops, alg) or of
 * a type or curve that none of our algorithms has. Kept as unfit: keys that are damaged, RSA below
 * 2048 or above 8192 bits, with an exponent below 65537 or made by the generator of CVE-2017-15361
 * (ROCA), and keys whose private half is in the set too.
 *
 * PROBLEM_MALFORMED, and why in the scope's detail, if the text is no key set, two of the keys
 * kept have the same kid, or none is fit.
 */
enum problem key_set_parse(struct scope *s, const char *text, size_t length,
                           struct key_set **out);

/* Frees the set and its keys; NULL is legal. Nobody may be verifying with it. */
void key_set_free(struct key_set *keys);

/* The key of that kid, the set's own; NULL if there is none. Of no set (NULL) there is none. */
const struct public_key *key_set_find(const struct key_set *keys, const char *kid);

#endif
