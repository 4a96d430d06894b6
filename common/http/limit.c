/* SPDX-License-Identifier: EUPL-1.2 */
/* Token buckets in a table of rows of four; a hash with a key of its own chooses the row, so that
 * nobody can aim at one. */
#include "common/http/limit.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "common/base/address.h"
#include "common/base/arena.h"

enum { WAYS = 4, MINUTE_MS = 60000 };

struct bucket {
    uint64_t who; /* 0 = nobody */
    int64_t full_at; /* steady ms: when it will hold all its tokens again */
};

struct limits {
    struct arena *arena;
    pthread_mutex_t lock;
    unsigned char key[crypto_shorthash_KEYBYTES];
    size_t rows;
    struct bucket (*table)[WAYS];
};

struct limits *limits_new(size_t most)
{
    struct arena *arena = arena_new();
    struct limits *limits = ARENA_NEW(arena, struct limits);
    limits->arena = arena;
    limits->rows = (most + WAYS - 1) / WAYS;
    limits->table = arena_array(arena, limits->rows, sizeof(*limits->table));
    pthread_mutex_init(&limits->lock, NULL);
    crypto_shorthash_keygen(limits->key);
    return limits;
}

void limits_free(struct limits *limits)
{
    if (!limits)
        return;
    pthread_mutex_destroy(&limits->lock);
    arena_free(limits->arena);
}

static uint64_t hash_of(const struct limits *limits, const char *who)
{
    uint64_t hash = 0;
    _Static_assert(sizeof(hash) == crypto_shorthash_BYTES, "the whole hash");
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)who, strlen(who),
                     limits->key);
    return hash ? hash : 1;
}

/* Theirs, or the one of the row that is full first. */
static struct bucket *bucket_of(struct limits *limits, uint64_t who)
{
    struct bucket *row = limits->table[who % limits->rows], *chosen = &row[0];
    for (int i = 0; i < WAYS; i++) {
        if (row[i].who == who)
            return &row[i];
        if (row[i].full_at < chosen->full_at)
            chosen = &row[i];
    }
    *chosen = (struct bucket){ .who = who };
    return chosen;
}

/* When it will be full tells how much is missing now: each token takes its share of a minute to come. */
static int take(struct bucket *bucket, int64_t per_minute, int64_t now)
{
    int64_t token_ms = MINUTE_MS / per_minute;
    if (bucket->full_at < now)
        bucket->full_at = now;
    int64_t over = bucket->full_at + token_ms - (now + token_ms * per_minute);
    if (over > 0)
        return (int)((over + 999) / 1000);
    bucket->full_at += token_ms;
    return 0;
}

int limit_take(struct limits *limits, const char *who, int64_t per_minute, int64_t steady_ms)
{
    if (per_minute == 0)
        return 0;
    assert(per_minute > 0 && per_minute <= MINUTE_MS);
    uint64_t hash = hash_of(limits, who);
    pthread_mutex_lock(&limits->lock);
    int wait = take(bucket_of(limits, hash), per_minute, steady_ms);
    pthread_mutex_unlock(&limits->lock);
    return wait;
}

/* The last of a list is what the proxy itself saw. */
static bool parse_last(const char *list, struct in6_addr *out)
{
    const char *comma = strrchr(list, ','), *from = comma ? comma + 1 : list;
    from += strspn(from, " \t");
    return address_of_node(from, strcspn(from, " \t"), out);
}

static bool parse_said(const char *forwarded_for, const char *forwarded, struct in6_addr *out)
{
    struct in6_addr other;
    if (!forwarded_for)
        return address_of_forwarded(forwarded, out);
    return parse_last(forwarded_for, out) &&
           (!forwarded || (address_of_forwarded(forwarded, &other) && memcmp(out, &other, sizeof(other)) == 0));
}

const char *limit_address(const char *peer, const char *proxies, const char *forwarded_for, const char *forwarded,
                          char out[LIMIT_ADDRESS])
{
    struct in6_addr address;
    bool read = address_parse(peer, strlen(peer), &address);
    bool proxy = read && proxies && address_listed(proxies, &address);
    if (proxy && !forwarded_for && !forwarded)
        return LIMIT_SILENT;
    if (proxy)
        read = parse_said(forwarded_for, forwarded, &address);
    if (!read)
        return LIMIT_UNREADABLE;
    if (address_is_here(&address))
        return NULL;
    if (!IN6_IS_ADDR_V4MAPPED(&address))
        memset(&address.s6_addr[8], 0, 8);
    return inet_ntop(AF_INET6, &address, out, LIMIT_ADDRESS);
}
