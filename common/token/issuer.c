/* SPDX-License-Identifier: EUPL-1.2 */
/* Keys are replaced under a lock that all who verify share; fetching has a lock of its own.
 */
#include "common/token/issuer.h"

#include <pthread.h>
#include <string.h>

#include "common/base/link.h"
#include "common/program/program.h"
#include "common/time/clock.h"
#include "common/token/jose.h"
#include "common/token/key_set.h"
#include "common/token/outbound.h"
#include "common/token/token.h"

enum {
    COOL_DOWN_MS = 30 * 1000,
    WITHOUT_KEYS_MS = 2 * 1000, /* between two tries while nothing can be verified */
    FIRST_KEYS_MS = 10 * 1000,
    USUAL_MS = 60 * 60 * 1000,
    LONGEST_MS = 24 * 60 * 60 * 1000,
};

struct issuer {
    struct issuer_options options;
    struct program *program; /* whose thread warms; NULL: none does */
    pthread_t warming;
    pthread_mutex_t fetching;
    int64_t asked_at; /* steady ms; under fetching */
    pthread_rwlock_t lock;
    struct key_set *keys; /* NULL: none were fetched yet; these under lock */
    struct arena *said;   /* of the places */
    struct issuer_places places;
    int64_t fetched_at, fresh_until;
    bool failed; /* the last fetch, or the one under way so far */
};

/* What is known of the keys at one moment. */
struct look {
    int64_t fetched_at; /* 0 = there are none */
    bool fresh, failed;
};

struct issuer *issuer_new(struct arena *a, const struct issuer_options *options)
{
    struct issuer *issuer = ARENA_NEW(a, struct issuer);
    issuer->options = *options;
    pthread_mutex_init(&issuer->fetching, NULL);
    pthread_rwlock_init(&issuer->lock, NULL);
    return issuer;
}

void issuer_metrics(struct metrics *m, const char *name)
{
    metric_start(m, METRIC_KEY_FETCHES, LABELS(name, "good"));
    metric_start(m, METRIC_KEY_FETCHES, LABELS(name, "failed"));
    for (int fault = TOKEN_GOOD + 1; fault < TOKEN_FAULT_COUNT; fault++)
        metric_start(m, METRIC_TOKENS_REFUSED, LABELS(name, token_fault_name((enum token_fault)fault)));
}

void issuer_free(struct issuer *issuer)
{
    if (issuer->program)
        pthread_join(issuer->warming, NULL);
    key_set_free(issuer->keys);
    arena_free(issuer->said);
    pthread_rwlock_destroy(&issuer->lock);
    pthread_mutex_destroy(&issuer->fetching);
}

/* What the issuer says of itself: which must be that it is the issuer. */
static enum problem read_metadata(struct scope *s, const struct issuer *issuer,
                                  const json_t **said)
{
    struct outbound_answer answer;
    bool repeats;
    size_t length = strlen(issuer->options.url);
    int slash = length > 0 && issuer->options.url[length - 1] == '/';
    const char *url = arena_printf(s->arena, "%.*s%s", (int)length - slash,
                                   issuer->options.url, issuer->options.metadata);
    TRY(outbound_get(s, url, &answer));
    const struct bytes text = { (const unsigned char *)answer.body, answer.length };
    *said = json_object_decode(s, text, &repeats);
    if (!json_is_text(json_object_get(*said, "issuer"), issuer->options.url))
        return scope_fail(s, PROBLEM_UNAVAILABLE, "its metadata is not this issuer's");
    return OK;
}

static const char *place(struct scope *s, struct arena *a, const json_t *said,
                         const char *name)
{
    const char *url = json_member_text(said, name);
    return url && link_is_safe(url, s->program->settings.synthetic) ? arena_strdup(a, url) : NULL;
}

/* Whether both begin with the same scheme, host and port. */
static bool same_host(const char *one, const char *other)
{
    const char *host = strstr(one, "://");
    size_t length = host ? (size_t)(host - one) + 3 : 0;
    length += strcspn(one + length, "/?#");
    return host && strncmp(one, other, length) == 0 && strchr("/?#", other[length]);
}

static int64_t keep_ms(int64_t max_age_s)
{
    if (max_age_s < 0)
        return USUAL_MS;
    int64_t keep = max_age_s > LONGEST_MS / 1000 ? LONGEST_MS : max_age_s * 1000;
    return keep < COOL_DOWN_MS ? COOL_DOWN_MS : keep;
}

static void replace(struct scope *s, struct issuer *issuer, struct key_set *keys,
                    const json_t *said, int64_t max_age_s)
{
    int64_t now = clock_steady_ms();
    struct arena *arena = arena_new();
    const char *pushed = place(s, arena, said, "pushed_authorization_request_endpoint");
    const struct issuer_places places = {
        .authorization = place(s, arena, said, "authorization_endpoint"),
        .pushed = pushed && same_host(issuer->options.url, pushed) ? pushed : NULL,
        .token = place(s, arena, said, "token_endpoint"),
        .end_session = place(s, arena, said, "end_session_endpoint"),
    };
    pthread_rwlock_wrlock(&issuer->lock);
    struct key_set *keys_before = issuer->keys;
    struct arena *said_before = issuer->said;
    issuer->keys = keys;
    issuer->said = arena;
    issuer->places = places;
    issuer->fetched_at = now;
    issuer->failed = false;
    issuer->fresh_until = now + keep_ms(max_age_s);
    pthread_rwlock_unlock(&issuer->lock);
    key_set_free(keys_before);
    arena_free(said_before);
}

static enum problem fetch(struct scope *s, struct issuer *issuer)
{
    const json_t *said;
    struct outbound_answer answer;
    struct key_set *keys;
    TRY(read_metadata(s, issuer, &said));
    const char *jwks = json_member_text(said, "jwks_uri");
    if (!jwks)
        return scope_fail(s, PROBLEM_UNAVAILABLE, "its metadata names no keys");
    TRY(outbound_get(s, jwks, &answer));
    if (key_set_parse(s, answer.body, answer.length, &keys))
        return PROBLEM_UNAVAILABLE;
    replace(s, issuer, keys, said, answer.max_age_s);
    return OK;
}

static void note_failure(struct issuer *issuer)
{
    pthread_rwlock_wrlock(&issuer->lock);
    issuer->failed = true;
    pthread_rwlock_unlock(&issuer->lock);
}

/* The scope is the fetch's own: that it failed is no fault of the request that met it. */
static void fetch_and_tell(struct scope *s, struct issuer *issuer)
{
    struct scope own = { .arena = s->arena, .program = s->program, .now = s->now, .deadline = s->deadline };
    enum problem p = fetch(&own, issuer);
    const char *name = issuer->options.name;
    metric_add(s->program->metrics, METRIC_KEY_FETCHES, LABELS(name, p ? "failed" : "good"),
               1);
    if (!p)
        return;
    note_failure(issuer);
    LOG_WRITE(s->program->log, s->now, LOG_LEVEL_WARN,
              "an issuer's keys can not be fetched", { LOG_ISSUER, name },
              { LOG_DETAIL, own.detail });
}

static struct look look(struct issuer *issuer)
{
    pthread_rwlock_rdlock(&issuer->lock);
    struct look seen = { .fetched_at = issuer->keys ? issuer->fetched_at : 0,
                         .fresh = issuer->keys && clock_steady_ms() < issuer->fresh_until,
                         .failed = issuer->failed };
    pthread_rwlock_unlock(&issuer->lock);
    return seen;
}

/* Only the very first keys are waited for: one that does not answer must not hold every
 * thread. */
static bool take_turn(const struct scope *s, struct issuer *issuer, struct look seen)
{
    bool waits = !seen.fetched_at && !seen.failed;
    struct timespec until = clock_steady_in(scope_left(s, FIRST_KEYS_MS));
    return (waits ? pthread_mutex_clocklock(&issuer->fetching, CLOCK_MONOTONIC, &until)
                  : pthread_mutex_trylock(&issuer->fetching)) == 0;
}

/* Fetches, unless someone has since the caller looked, or the last try is too near. */
static void refresh(struct scope *s, struct issuer *issuer, struct look seen)
{
    if (!take_turn(s, issuer, seen))
        return;
    int64_t now = clock_steady_ms(),
            rest = seen.fetched_at ? COOL_DOWN_MS : WITHOUT_KEYS_MS;
    struct look again = look(issuer);
    bool due = !issuer->asked_at || now - issuer->asked_at >= rest;
    if (due && again.fetched_at == seen.fetched_at && again.failed == seen.failed) {
        issuer->asked_at = now;
        fetch_and_tell(s, issuer);
    }
    pthread_mutex_unlock(&issuer->fetching);
}

static enum problem verify(struct scope *s, struct issuer *issuer, const char *text,
                           size_t length, struct token *out)
{
    const struct token_rules rules = { .issuer = issuer->options.url,
                                       .audience = issuer->options.audience,
                                       .algorithms = 1u << JWS_RS256 | 1u << JWS_ES256 |
                                                     1u << JWS_PS256 };
    pthread_rwlock_rdlock(&issuer->lock);
    enum problem p = token_verify(s, &rules, issuer->keys, text, length, out);
    pthread_rwlock_unlock(&issuer->lock);
    return p;
}

/* Fetches what there is not, or not fresh. */
static enum problem be_fresh(struct scope *s, struct issuer *issuer, struct look *seen)
{
    *seen = look(issuer);
    if (!seen->fresh) {
        refresh(s, issuer, *seen);
        *seen = look(issuer);
    }
    if (!seen->fetched_at)
        return scope_fail(s, PROBLEM_UNAVAILABLE, "the issuer %s does not answer",
                          issuer->options.name);
    return OK;
}

static void *warm(void *context)
{
    struct issuer *issuer = context;
    struct scope s = scope_open(issuer->program);
    refresh(&s, issuer, look(issuer));
    scope_close(&s);
    return NULL;
}

void issuer_warm(struct program *program, struct issuer *issuer)
{
    issuer->program = program;
    if (pthread_create(&issuer->warming, NULL, warm, issuer))
        issuer->program = NULL; /* the first to come waits then */
}

enum problem issuer_verify(struct scope *s, struct issuer *issuer, const char *text,
                           size_t length, struct token *out)
{
    struct look seen;
    TRY(be_fresh(s, issuer, &seen));
    enum problem p = verify(s, issuer, text, length, out);
    if (p == PROBLEM_UNAUTHENTICATED && out->fault == TOKEN_UNKNOWN_KEY) {
        refresh(s, issuer, seen);
        p = verify(s, issuer, text, length, out);
    }
    metric_set(s->program->metrics, METRIC_KEYS_AGE, LABELS(issuer->options.name),
               (double)(clock_steady_ms() - seen.fetched_at) / 1000);
    if (p == PROBLEM_UNAUTHENTICATED)
        metric_add(s->program->metrics, METRIC_TOKENS_REFUSED,
                   LABELS(issuer->options.name, token_fault_name(out->fault)), 1);
    return p;
}

enum problem issuer_find_places(struct scope *s, struct issuer *issuer,
                                struct issuer_places *out)
{
    struct look seen;
    TRY(be_fresh(s, issuer, &seen));
    pthread_rwlock_rdlock(&issuer->lock);
    *out = (struct issuer_places){
        .authorization = arena_strdup(s->arena, issuer->places.authorization),
        .pushed = arena_strdup(s->arena, issuer->places.pushed),
        .token = arena_strdup(s->arena, issuer->places.token),
        .end_session = arena_strdup(s->arena, issuer->places.end_session),
    };
    pthread_rwlock_unlock(&issuer->lock);
    return OK;
}
