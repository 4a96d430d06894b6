/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Keys of a municipality's own, appended to the ring's file: the new file is written beside the old
 * one and takes its name, so that no program ever reads a half of it. Whoever extends holds the
 * folder's lock meanwhile.
 */
#include "common/seal/extend.h"

#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/seal/keyring.h"

static const enum key_purpose own[] = { KEY_SEAL, KEY_INDEX, KEY_CHAIN };

enum { LINE = 80 };

/* The file under way. */
struct extension {
    struct keyring *ring;
    int to; /* the new file */
    size_t made;
};

static bool has_own(struct keyring *ring, enum key_purpose purpose, const char *municipality)
{
    const struct key *key = keyring_current(ring, purpose, municipality);
    return key && strcmp(key->municipality, municipality) == 0;
}

static bool write_all(int file, const void *data, size_t length)
{
    const char *at = data;
    while (length > 0) {
        ssize_t written = write(file, at, length);
        if (written <= 0)
            return false;
        at += written;
        length -= (size_t)written;
    }
    return true;
}

/* An id that no key of the purpose has. */
static void new_id(struct keyring *ring, enum key_purpose purpose, unsigned char *id)
{
    do
        randombytes_buf(id, KEY_ID_BYTES);
    while (keyring_find(ring, purpose, id));
}

static bool write_key(struct extension *e, enum key_purpose purpose, const char *municipality)
{
    unsigned char id[KEY_ID_BYTES], key[KEY_BYTES];
    char hex[2 * KEY_ID_BYTES + 1], line[LINE + 1];
    char base64[sodium_base64_ENCODED_LEN(KEY_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    new_id(e->ring, purpose, id);
    randombytes_buf(key, sizeof(key));
    sodium_bin2hex(hex, sizeof(hex), id, sizeof(id));
    sodium_bin2base64(base64, sizeof(base64), key, sizeof(key), sodium_base64_VARIANT_ORIGINAL);
    int length = snprintf(line, sizeof(line), "%s %s %s %s\n", hex, key_purpose_name(purpose),
                          municipality, base64);
    bool good = write_all(e->to, line, (size_t)length);
    sodium_memzero(key, sizeof(key));
    sodium_memzero(base64, sizeof(base64));
    sodium_memzero(line, sizeof(line));
    return good;
}

static bool write_own(struct extension *e, const char *municipality)
{
    bool lacked = false;
    for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
        if (has_own(e->ring, own[i], municipality))
            continue;
        lacked = true;
        if (!write_key(e, own[i], municipality))
            return false;
    }
    e->made += lacked;
    return true;
}

/* The old file's bytes, with a line end behind them. */
static bool copy_all(int from, int to)
{
    char block[4096];
    char last = '\n';
    ssize_t length;
    while ((length = read(from, block, sizeof(block))) > 0) {
        last = block[length - 1];
        if (!write_all(to, block, (size_t)length))
            return false;
    }
    sodium_memzero(block, sizeof(block));
    return length == 0 && (last == '\n' || write_all(to, "\n", 1));
}

static bool write_file(struct extension *e, const char *path, const char *const *municipalities,
                       size_t count)
{
    struct stat about;
    int from = open(path, O_RDONLY | O_CLOEXEC);
    bool good = from >= 0 && fstat(from, &about) == 0 &&
                fchown(e->to, about.st_uid, about.st_gid) == 0 &&
                fchmod(e->to, about.st_mode & 07777) == 0 && copy_all(from, e->to);
    for (size_t i = 0; good && i < count; i++)
        good = write_own(e, municipalities[i]);
    if (from >= 0)
        close(from);
    return good && fsync(e->to) == 0;
}

static bool replace(struct extension *e, struct arena *a, const char *path, int folder,
                    const char *const *municipalities, size_t count)
{
    const char *beside = arena_printf(a, "%s.new", path);
    unlink(beside); /* of one that was ended half-way: we hold the lock */
    e->to = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (e->to < 0)
        return false;
    bool good = write_file(e, path, municipalities, count);
    good = close(e->to) == 0 && good;
    if (good && e->made > 0)
        return rename(beside, path) == 0 && fsync(folder) == 0;
    unlink(beside);
    return good;
}

bool keyring_extend(const char *path, const char *const *municipalities, size_t count,
                    size_t *made, FILE *errors)
{
    struct arena *a = arena_new();
    struct extension e = { 0 };
    bool good = false;
    int folder = open(dirname(arena_strdup(a, path)), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0 || flock(folder, LOCK_EX) != 0) {
        fprintf(errors, "TILLIT_KEYRING: the folder of %s can not be locked: %m\n", path);
    } else if ((e.ring = keyring_read(path, errors))) {
        good = replace(&e, a, path, folder, municipalities, count);
        if (!good)
            fprintf(errors, "TILLIT_KEYRING: %s can not be written: %m\n", path);
        keyring_free(e.ring);
    }
    if (folder >= 0)
        close(folder);
    arena_free(a);
    *made = good ? e.made : 0;
    return good;
}
