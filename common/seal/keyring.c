/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Reads the key-ring file, and reads it again when it has changed. What was read is never changed:
 * a reader's key stays where it is, whatever comes after. A file that would take keys away is not
 * believed. Keys are locked in memory and wiped at the end.
 */
#include "common/seal/keyring.h"

#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/time/clock.h"

static const char *const purposes[KEY_PURPOSE_COUNT] = {
    [KEY_SEAL] = "seal",
    [KEY_INDEX] = "index",
    [KEY_IDEMPOTENCY] = "idempotency",
    [KEY_CHAIN] = "chain",
};

/* A key's line is no shorter: eight digits, "seal", an asterisk, 44 of base64 and blanks between. */
enum { SHORTEST_LINE = 60, LOOK_MS = 1000, LARGEST_FILE = 4 << 20, WORDS = 200 };

/* One reading of the file, read-only from then on. */
struct keys {
    struct keys *before; /* freed with it, at the end */
    size_t count;
    struct key keys[];
};

struct keyring {
    struct arena *arena;
    const char *path;
    pthread_mutex_t lock; /* of reading: file, about, refused */
    struct stat about;    /* the file as it was when it was read */
    char refused[WORDS];  /* why that file is not in use; empty if it is */
    _Atomic(struct keys *) now;
    _Atomic int64_t looked_at; /* steady ms */
};

const char *key_purpose_name(enum key_purpose purpose)
{
    return purposes[purpose];
}

static bool parse_purpose(const char *word, enum key_purpose *out)
{
    for (int i = 0; i < KEY_PURPOSE_COUNT; i++)
        if (strcmp(word, purposes[i]) == 0) {
            *out = (enum key_purpose)i;
            return true;
        }
    return false;
}

/* Why the line is no key; NULL if it is one. Never quotes the line. */
static const char *parse_key(const char *line, struct key *out)
{
    char id[9], purpose[16], municipality[5], base64[64];
    size_t length = 0;
    if (sscanf(line, "%8s %15s %4s %63s", id, purpose, municipality, base64) != 4)
        return "four words are needed: id purpose municipality|* base64";
    if (sodium_hex2bin(out->id, sizeof(out->id), id, strlen(id), NULL, &length, NULL) ||
        length != KEY_ID_BYTES)
        return "the id is not 8 hex digits";
    if (!parse_purpose(purpose, &out->purpose))
        return "the purpose is none of seal, index, idempotency, chain";
    memcpy(out->municipality, municipality, sizeof(out->municipality));
    if (sodium_base642bin(out->bytes, sizeof(out->bytes), base64, strlen(base64), NULL, &length,
                          NULL, sodium_base64_VARIANT_ORIGINAL) ||
        length != KEY_BYTES)
        return "the key is not 32 bytes in base64";
    return NULL;
}

static bool read_keys(FILE *file, const char *path, struct keys *ring, size_t room, FILE *errors)
{
    char line[256];
    bool good = true;
    for (int number = 1; fgets(line, sizeof(line), file); number++) {
        if (line[0] == '#' || line[strspn(line, " \t\r\n")] == '\0')
            continue;
        const char *why = ring->count < room ? parse_key(line, &ring->keys[ring->count])
                                             : "the file is being written";
        if (why)
            fprintf(errors, "TILLIT_KEYRING: %s line %d: %s\n", path, number, why);
        else
            ring->count++;
        good = good && !why;
    }
    sodium_memzero(line, sizeof(line));
    return good;
}

static bool complete(const struct keys *ring, const char *path, FILE *errors)
{
    bool good = true;
    for (int i = 0; i < KEY_PURPOSE_COUNT; i++) {
        bool found = false;
        for (size_t k = 0; k < ring->count; k++)
            found = found || ring->keys[k].purpose == (enum key_purpose)i;
        if (!found)
            fprintf(errors, "TILLIT_KEYRING: %s has no key for %s\n", path, purposes[i]);
        good = good && found;
    }
    return good;
}

/* Two keys of one purpose and id. */
static bool contradict(const struct key *a, const struct key *b)
{
    return a->purpose == b->purpose && memcmp(a->id, b->id, KEY_ID_BYTES) == 0 &&
           memcmp(a->bytes, b->bytes, KEY_BYTES) != 0;
}

/* What an id has sealed, only its own bytes open. */
static bool agree(const struct keys *ring, const struct keys *known, const char *path, FILE *errors)
{
    for (size_t i = 0; i < ring->count; i++)
        for (size_t k = 0; k < known->count; k++)
            if (contradict(&ring->keys[i], &known->keys[k])) {
                char id[2 * KEY_ID_BYTES + 1];
                sodium_bin2hex(id, sizeof(id), known->keys[k].id, KEY_ID_BYTES);
                fprintf(errors, "TILLIT_KEYRING: %s has other bytes for the %s key %s than it had\n", path,
                        purposes[known->keys[k].purpose], id);
                return false;
            }
    return true;
}

/* A descriptor of a plain file; what is none (a pipe, a device) is not waited for. */
static FILE *open_file(const char *path, struct stat *about, FILE *errors)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0 || fstat(file, about) != 0)
        fprintf(errors, "TILLIT_KEYRING: %s can not be read: %m\n", path);
    else if (!S_ISREG(about->st_mode) || about->st_size > LARGEST_FILE)
        fprintf(errors, "TILLIT_KEYRING: %s can not be read: it is no file of keys\n", path);
    else
        return fdopen(file, "r");
    if (file >= 0)
        close(file);
    return NULL;
}

/* NULL after one line per fault on errors. */
static struct keys *read_file(const char *path, struct stat *about, FILE *errors)
{
    FILE *file = open_file(path, about, errors);
    if (!file)
        return NULL;
    size_t room = (size_t)about->st_size / SHORTEST_LINE + 1;
    struct keys *keys = sodium_malloc(sizeof(*keys) + room * sizeof(struct key));
    bool good = keys && (about->st_mode & 077) == 0;
    if (!keys)
        fprintf(errors, "TILLIT_KEYRING: no locked memory for the keys\n");
    else if (!good)
        fprintf(errors, "TILLIT_KEYRING: %s may be read by others: chmod 600\n", path);
    if (keys)
        keys->count = 0;
    good = good && read_keys(file, path, keys, room, errors) && complete(keys, path, errors) &&
           agree(keys, keys, path, errors);
    fclose(file);
    if (good)
        return keys;
    sodium_free(keys);
    return NULL;
}

struct keyring *keyring_read(const char *path, FILE *errors)
{
    struct stat about;
    struct keys *keys = sodium_init() < 0 ? NULL : read_file(path, &about, errors);
    if (!keys)
        return NULL;
    struct arena *arena = arena_new();
    struct keyring *ring = ARENA_NEW(arena, struct keyring);
    ring->arena = arena;
    ring->path = arena_strdup(arena, path);
    ring->about = about;
    pthread_mutex_init(&ring->lock, NULL);
    keys->before = NULL;
    sodium_mprotect_readonly(keys);
    atomic_store(&ring->now, keys);
    atomic_store(&ring->looked_at, clock_steady_ms());
    return ring;
}

void keyring_free(struct keyring *ring)
{
    for (struct keys *keys = atomic_load(&ring->now), *before; keys; keys = before) {
        before = keys->before;
        sodium_free(keys);
    }
    pthread_mutex_destroy(&ring->lock);
    arena_free(ring->arena);
}

static const struct key *find(const struct keys *keys, enum key_purpose purpose,
                              const unsigned char *id)
{
    for (size_t i = 0; i < keys->count; i++)
        if (keys->keys[i].purpose == purpose &&
            memcmp(keys->keys[i].id, id, KEY_ID_BYTES) == 0)
            return &keys->keys[i];
    return NULL;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* The last of its purpose and municipality: what is accepted today is sealed with it. */
static bool is_last(const struct keys *keys, size_t at)
{
    for (size_t i = at + 1; i < keys->count; i++)
        if (keys->keys[i].purpose == keys->keys[at].purpose &&
            strcmp(keys->keys[i].municipality, keys->keys[at].municipality) == 0)
            return false;
    return true;
}

/* Whether the file may follow what was read before it: grown, or without keys that were no longer in use. */
static bool follows(const struct keys *keys, const struct keys *before, const char *path, FILE *errors)
{
    for (const struct keys *known = before; known; known = known->before)
        if (!agree(keys, known, path, errors))
            return false;
    for (size_t i = 0; i < before->count; i++)
        if (is_last(before, i) && !find(keys, before->keys[i].purpose, before->keys[i].id)) {
            fprintf(errors, "TILLIT_KEYRING: %s lacks a %s key of %s that is in use: was it cut short?\n", path,
                    purposes[before->keys[i].purpose], before->keys[i].municipality);
            return false;
        }
    return true;
}

/* Under the lock. A file that is no good leaves the keys as they are, and is looked at again until it is. */
static void read_again(struct keyring *ring)
{
    struct stat about;
    if (!*ring->refused && stat(ring->path, &about) == 0 && same_file(&about, &ring->about))
        return;
    char words[WORDS] = "";
    FILE *errors = fmemopen(words, sizeof(words), "w");
    if (!errors)
        return;
    struct keys *before = atomic_load(&ring->now), *keys = read_file(ring->path, &about, errors);
    if (keys && !follows(keys, before, ring->path, errors)) {
        sodium_free(keys);
        keys = NULL;
    }
    fclose(errors);
    words[keys ? 0 : strcspn(words, "\n")] = '\0'; /* the first fault says enough */
    memcpy(ring->refused, words, sizeof(words));
    if (keys) {
        ring->about = about;
        keys->before = before;
        sodium_mprotect_readonly(keys);
        atomic_store(&ring->now, keys);
    }
}

/* What stands on the ring now; looked for at most every second, or at once. */
static const struct keys *keys_of(struct keyring *ring, bool at_once)
{
    int64_t now = clock_steady_ms(), looked = atomic_load(&ring->looked_at);
    bool due = now - looked >= LOOK_MS &&
               atomic_compare_exchange_strong(&ring->looked_at, &looked, now);
    /* A file that does not answer holds one thread, not one more each second. */
    struct timespec until = clock_steady_in(at_once ? LOOK_MS : 0);
    if ((due || at_once) && pthread_mutex_clocklock(&ring->lock, CLOCK_MONOTONIC, &until) == 0) {
        read_again(ring);
        pthread_mutex_unlock(&ring->lock);
    }
    return atomic_load(&ring->now);
}

bool keyring_refused(struct keyring *ring, char *words, size_t room)
{
    struct timespec until = clock_steady_in(LOOK_MS);
    keys_of(ring, false);
    if (pthread_mutex_clocklock(&ring->lock, CLOCK_MONOTONIC, &until) != 0)
        return snprintf(words, room, "TILLIT_KEYRING: %s does not answer", ring->path) > 0;
    snprintf(words, room, "%s", ring->refused);
    pthread_mutex_unlock(&ring->lock);
    return *words != '\0';
}

const struct key *keyring_current(struct keyring *ring, enum key_purpose purpose,
                                  const char *municipality)
{
    const struct keys *keys = keys_of(ring, false);
    const struct key *common = NULL;
    for (size_t i = keys->count; i-- > 0;) {
        const struct key *key = &keys->keys[i];
        if (key->purpose != purpose)
            continue;
        if (strcmp(key->municipality, municipality) == 0)
            return key;
        if (!common && strcmp(key->municipality, ANY_MUNICIPALITY) == 0)
            common = key;
    }
    return common;
}

/* The reading that the key is of: a walk over keys stays within one. */
static const struct keys *keys_with(struct keyring *ring, const struct key *key)
{
    const struct keys *keys = keys_of(ring, false);
    while (keys && !(key >= keys->keys && key < keys->keys + keys->count))
        keys = keys->before;
    return keys;
}

const struct key *keyring_walk(struct keyring *ring, const struct key *behind)
{
    const struct keys *keys = behind ? keys_with(ring, behind) : keys_of(ring, false);
    const struct key *key = behind ? behind + 1 : keys->keys;
    return key < keys->keys + keys->count ? key : NULL;
}

const struct key *keyring_next(struct keyring *ring, enum key_purpose purpose,
                               const char *municipality, const struct key *behind)
{
    const struct key *key = behind;
    while ((key = keyring_walk(ring, key)))
        if (key->purpose == purpose && (strcmp(key->municipality, municipality) == 0 ||
                                        strcmp(key->municipality, ANY_MUNICIPALITY) == 0))
            return key;
    return NULL;
}

const struct key *keyring_find(struct keyring *ring, enum key_purpose purpose,
                               const unsigned char *id)
{
    const struct key *key = find(keys_of(ring, false), purpose, id);
    return key ? key : find(keys_of(ring, true), purpose, id);
}
