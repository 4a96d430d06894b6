/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_TOKEN_ISSUER_H
#define COMMON_TOKEN_ISSUER_H
/*
 * One who issues tokens (ID-porten, Maskinporten, a municipality's own login): what it says
 * of itself (RFC 8414, OpenID Connect Discovery), and its keys. Both are fetched at start or when
 * they are first needed, and kept; the last good keys stay while it can't be reached.
 */
#include "common/problem/scope.h"

struct token;

struct arena;
struct issuer;
struct metrics;

struct issuer_options {
    const char *name; /* label of metrics: "system" */
    const char *url;  /* iss, byte by byte: "https://maskinporten.no/" */
    const char
        *metadata; /* path behind the url: "/.well-known/oauth-authorization-server" */
    const char *audience; /* what aud must name; NULL = not looked at */
};

/* Borrows the options' texts. Asks nobody yet. */
struct issuer *issuer_new(struct arena *a, const struct issuer_options *options);
/* What is counted of issuers of that name, from the start. */
void issuer_metrics(struct metrics *m, const char *name);
void issuer_free(struct issuer *issuer);

/* Fetches once in the background what the first to come would wait for; called once at most. */
void issuer_warm(struct program *program, struct issuer *issuer);

/*
 * Verifies a token as its issuer's (token_verify). Fetches the keys if there are none, if
 * they are older than their issuer said (a day at most), or if the token names one that is
 * not among them, but that at most every 30 s: anyone can write a token that names an
 * unknown key. One thread fetches at a time; the others go on with the keys that are there,
 * and wait for the very first alone.
 *
 * PROBLEM_UNAUTHENTICATED for every refusal; out->fault and the metric say which.
 * PROBLEM_UNAVAILABLE if no keys could be fetched so far.
 */
enum problem issuer_verify(struct scope *s, struct issuer *issuer, const char *text,
                           size_t length, struct token *out);

/* Where a browser is sent and where codes are exchanged, as the issuer says of itself; NULL
 * what it does not name or what may not be asked (link_is_safe). */
struct issuer_places {
    const char *authorization;
    const char *pushed; /* where it is told beforehand what will be asked (RFC 9126), on its own host */
    const char *token;
    const char *end_session;
};

/* Copied into the scope; fetched as keys are. PROBLEM_UNAVAILABLE if it never answered. */
enum problem issuer_find_places(struct scope *s, struct issuer *issuer,
                                struct issuer_places *out);

#endif
