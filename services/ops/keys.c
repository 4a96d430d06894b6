/* SPDX-License-Identifier: EUPL-1.2 */
/* Which key may leave the ring: one that is not in use, and that no value names any more. */
#include "services/ops/keys.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "common/program/program.h"
#include "common/seal/keyring.h"
#include "services/ops/queries.h"

enum { ID_LENGTH = 2 * KEY_ID_BYTES + 1 };

/* What names the key, as "documents 12, sessions 1"; how many in all. */
static int64_t named_by(struct scope *s, const struct result *uses, const char *purpose,
                        const char *id, const char **words)
{
    struct buffer b = buffer_new(s->arena);
    int64_t all = 0;
    for (int i = 0; i < uses->count; i++) {
        if (strcmp(result_text(uses, i, "key"), id) != 0 ||
            strcmp(result_text(uses, i, "purpose"), purpose) != 0)
            continue;
        buffer_printf(&b, "%s%s %s", b.length ? ", " : "", result_text(uses, i, "place"),
                      result_text(uses, i, "named"));
        all += result_integer(uses, i, "named");
    }
    *words = b.length ? b.text : "nothing";
    return all;
}

static bool in_use(struct keyring *ring, const struct key *key)
{
    const struct key *now = keyring_current(ring, key->purpose, key->municipality);
    return now && memcmp(now->id, key->id, sizeof(key->id)) == 0; /* of whichever reading */
}

static const char *verdict(struct keyring *ring, const struct key *key, int64_t all)
{
    if (in_use(ring, key))
        return "in use";
    if (key->purpose == KEY_CHAIN)
        return "stays: what was chained with it is verified with it";
    return all ? "old: stays until nothing names it"
               : "can leave, once no backup that must be restorable needs it";
}

static void print_ring(struct scope *s, struct keyring *ring, const struct result *uses)
{
    const struct key *key = NULL;
    while ((key = keyring_walk(ring, key))) {
        char id[ID_LENGTH];
        const char *words;
        sodium_bin2hex(id, sizeof(id), key->id, sizeof(key->id));
        int64_t all = named_by(s, uses, key_purpose_name(key->purpose), id, &words);
        printf("%s  %-11s  %-4s  %s  (named by: %s)\n", id, key_purpose_name(key->purpose),
               key->municipality, verdict(ring, key, all), words);
    }
}

static bool holds(struct keyring *ring, const char *purpose, const char *id)
{
    const struct key *key = NULL;
    while ((key = keyring_walk(ring, key))) {
        char own[ID_LENGTH];
        sodium_bin2hex(own, sizeof(own), key->id, sizeof(key->id));
        if (strcmp(own, id) == 0 && strcmp(key_purpose_name(key->purpose), purpose) == 0)
            return true;
    }
    return false;
}

static enum problem print_missing(struct scope *s, struct keyring *ring,
                                  const struct result *uses)
{
    int missing = 0;
    for (int i = 0; i < uses->count; i++)
        if (!holds(ring, result_text(uses, i, "purpose"), result_text(uses, i, "key"))) {
            printf("%s  %-11s  is not on the ring, and %s values of %s name it\n",
                   result_text(uses, i, "key"), result_text(uses, i, "purpose"),
                   result_text(uses, i, "named"), result_text(uses, i, "place"));
            missing++;
        }
    return missing ? scope_fail(s, PROBLEM_BUG, "keys are missing: put them back") : OK;
}

enum problem keys_print(struct scope *s)
{
    struct result uses, damaged;
    struct keyring *ring = keyring_read(s->program->settings.keyring, stderr);
    if (!ring)
        return scope_fail(s, PROBLEM_BUG, "the key ring can not be read");
    enum problem p = db_run(s, &sql_key_uses_look, &uses, NULL, 0);
    if (!p)
        p = db_run(s, &sql_damaged_look, &damaged, NULL, 0);
    if (!p) {
        print_ring(s, ring, &uses);
        for (int i = 0; i < damaged.count; i++)
            printf("%s of %s could not be opened when they were to be sealed anew\n",
                   result_text(&damaged, i, "damaged"), result_text(&damaged, i, "place"));
        p = print_missing(s, ring, &uses);
    }
    keyring_free(ring);
    return p;
}
