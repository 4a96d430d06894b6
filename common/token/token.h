/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_TOKEN_TOKEN_H
#define COMMON_TOKEN_TOKEN_H
/*
 * Signed tokens (JWT, RFC 7519) verified against an issuer's key set, strictly (RFC 8725) and with
 * no network: who holds the key set decides when it is fetched anew.
 */
#include "common/problem/scope.h"

struct key_set;

/* Bytes of a token at most, and how far clocks may be apart. */
enum { TOKEN_LONGEST = 8 * 1024, TOKEN_SKEW_SECONDS = 30 };

enum token_fault {
    TOKEN_GOOD = 0,
#define TOKEN_FAULT(name, meaning) TOKEN_##name,
#include "common/token/token.def"
#undef TOKEN_FAULT
    TOKEN_FAULT_COUNT,
};

/* "EXPIRED"; "GOOD" for TOKEN_GOOD. For logs and metrics. */
const char *token_fault_name(enum token_fault fault);

/* What a token must be. iss is compared byte by byte: Maskinporten's ends with a slash,
 * ID-porten's does not. */
struct token_rules {
    const char *issuer;   /* never NULL */
    const char *audience; /* aud is this or has it among others; NULL = aud is not looked at */
    unsigned algorithms;  /* allowed, as bits of enum jws_algorithm; 0 allows none */
};

struct token {
    enum token_fault fault; /* why it is refused; the only member that a refusal writes */
    json_t *claims;         /* an object, the scope's: take no reference that outlives it */
};

/*
 * Verifies a token in compact form (length bytes; no NUL is needed): its shape, the algorithm
 * against the rules and the key, the signature, then iss, aud, exp (required), nbf and iat
 * against the scope's now. The key is found by kid in the key set alone: jku, x5u, x5c and jwk of
 * the header are never looked at. keys may be NULL, no set was fetched yet: every key is unknown.
 * All other claims are the caller's to check.
 *
 * PROBLEM_UNAUTHENTICATED for every refusal, without detail; out->fault is for logs and metrics,
 * and TOKEN_UNKNOWN_KEY for who can fetch the key set anew. Anyone can cause that fault, so not for
 * every token. PROBLEM_BUG if OpenSSL can't work.
 */
enum problem token_verify(struct scope *s, const struct token_rules *rules,
                          const struct key_set *keys, const char *text, size_t length,
                          struct token *out);

#endif
