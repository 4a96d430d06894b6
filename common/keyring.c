/* SPDX-License-Identifier: EUPL-1.2 */
/* Reads the key-ring file. Keys are locked in memory and wiped at the end. */
#include "common/keyring.h"

#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

static const char *const purposes[KEY_PURPOSE_COUNT] = {
    [KEY_SEAL] = "seal",
    [KEY_INDEX] = "index",
    [KEY_IDEMPOTENCY] = "idempotency",
    [KEY_CHAIN] = "chain",
};

enum { MOST_KEYS = 4096 };

struct keyring {
    size_t count;
    struct key keys[];
};

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

static bool read_keys(FILE *file, const char *path, struct keyring *ring, FILE *errors)
{
    char line[256];
    bool good = true;
    for (int number = 1; fgets(line, sizeof(line), file); number++) {
        if (line[0] == '#' || line[strspn(line, " \t\r\n")] == '\0')
            continue;
        const char *why = ring->count < MOST_KEYS ? parse_key(line, &ring->keys[ring->count])
                                                  : "too many keys";
        if (why)
            fprintf(errors, "TILLIT_KEYRING: %s line %d: %s\n", path, number, why);
        else
            ring->count++;
        good = good && !why;
    }
    sodium_memzero(line, sizeof(line));
    return good;
}

static bool complete(const struct keyring *ring, const char *path, FILE *errors)
{
    bool good = true;
    for (int i = KEY_SEAL; i <= KEY_IDEMPOTENCY; i++) {
        bool found = false;
        for (size_t k = 0; k < ring->count; k++)
            found = found || ring->keys[k].purpose == (enum key_purpose)i;
        if (!found)
            fprintf(errors, "TILLIT_KEYRING: %s has no key for %s\n", path, purposes[i]);
        good = good && found;
    }
    return good;
}

struct keyring *keyring_read(const char *path, FILE *errors)
{
    struct stat about;
    if (sodium_init() < 0)
        return NULL;
    FILE *file = fopen(path, "re");
    if (!file || fstat(fileno(file), &about) != 0) {
        fprintf(errors, "TILLIT_KEYRING: %s can not be read: %m\n", path);
        if (file)
            fclose(file);
        return NULL;
    }
    struct keyring *ring = sodium_malloc(sizeof(*ring) + MOST_KEYS * sizeof(struct key));
    if (!ring) {
        fprintf(errors, "TILLIT_KEYRING: no locked memory for the keys\n");
        fclose(file);
        return NULL;
    }
    ring->count = 0;
    bool good = (about.st_mode & 077) == 0;
    if (!good)
        fprintf(errors, "TILLIT_KEYRING: %s may be read by others: chmod 600\n", path);
    good = good && read_keys(file, path, ring, errors) && complete(ring, path, errors);
    fclose(file);
    if (good)
        return ring;
    keyring_free(ring);
    return NULL;
}

void keyring_free(struct keyring *ring)
{
    sodium_free(ring);
}

const struct key *keyring_current(const struct keyring *ring, enum key_purpose purpose,
                                  const char *municipality)
{
    const struct key *common = NULL;
    for (size_t i = ring->count; i-- > 0;) {
        const struct key *key = &ring->keys[i];
        if (key->purpose != purpose)
            continue;
        if (strcmp(key->municipality, municipality) == 0)
            return key;
        if (!common && strcmp(key->municipality, "*") == 0)
            common = key;
    }
    return common;
}

const struct key *keyring_find(const struct keyring *ring, enum key_purpose purpose,
                               const unsigned char *id)
{
    for (size_t i = 0; i < ring->count; i++)
        if (ring->keys[i].purpose == purpose &&
            memcmp(ring->keys[i].id, id, KEY_ID_BYTES) == 0)
            return &ring->keys[i];
    return NULL;
}

const struct key *keyring_at(const struct keyring *ring, size_t i)
{
    return i < ring->count ? &ring->keys[i] : NULL;
}

const char *key_purpose_name(enum key_purpose purpose)
{
    return purposes[purpose];
}
