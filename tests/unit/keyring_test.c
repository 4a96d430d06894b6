/* SPDX-License-Identifier: EUPL-1.2 */
/* The ring's file: what is refused, what is in use, and how it grows under programs that run. */
#include "tests/unit/table.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/seal/extend.h"
#include "common/seal/keyring.h"

#define KEY(id, purpose, whose) id " " purpose " " whose " AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
#define COMMON KEY("00000001", "seal", "*") KEY("00000002", "index", "*") KEY("00000003", "idempotency", "*") KEY("00000009", "chain", "*")

static char path[] = "/tmp/tillit-ring-XXXXXX";

static void write_ring(const char *text, mode_t mode)
{
    char beside[64];
    snprintf(beside, sizeof(beside), "%s.x", path);
    FILE *file = fopen(beside, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
    assert_int_equal(chmod(beside, mode), 0);
    assert_int_equal(rename(beside, path), 0);
}

static struct keyring *read_ring(void)
{
    FILE *errors = fopen("/dev/null", "we");
    struct keyring *ring = keyring_read(path, errors);
    fclose(errors);
    return ring;
}

static void what_is_a_ring(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        mode_t mode;
        bool good;
    } rows[] = {
        { "a key for each purpose", COMMON, 0600, true },
        { "comments and blank lines", "# keys\n\n" COMMON, 0600, true },
        { "others may read it", COMMON, 0640, false },
        { "no index key", KEY("00000001", "seal", "*") KEY("00000003", "idempotency", "*") KEY("00000009", "chain", "*"), 0600, false },
        { "no chain key", KEY("00000001", "seal", "*") KEY("00000002", "index", "*") KEY("00000003", "idempotency", "*"), 0600, false },
        { "an id of seven digits", COMMON "0000001 seal * AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 0600, false },
        { "an unknown purpose", COMMON KEY("00000004", "sign", "*"), 0600, false },
        { "31 bytes", COMMON "00000004 seal * AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\n", 0600, false },
        { "three words", COMMON "00000004 seal *\n", 0600, false },
        { "empty", "", 0600, false },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        write_ring(rows[i].text, rows[i].mode);
        struct keyring *ring = read_ring();
        CHECK_INT(rows[i].name, ring != NULL, rows[i].good);
        if (ring)
            keyring_free(ring);
    }
}

static void the_last_of_its_own_is_in_use_before_that_of_all(void **state)
{
    (void)state;
    write_ring(KEY("0000000a", "seal", "4627") KEY("0000000b", "seal", "4627") COMMON KEY("0000000c", "seal", "*"), 0600);
    struct keyring *ring = read_ring();
    CHECK_INT("own", keyring_current(ring, KEY_SEAL, "4627")->id[3], 0x0b);
    CHECK_INT("of all", keyring_current(ring, KEY_SEAL, "4601")->id[3], 0x0c);
    CHECK_INT("of all, by name", keyring_current(ring, KEY_SEAL, "*")->id[3], 0x0c);
    CHECK_INT("no own index key", keyring_current(ring, KEY_INDEX, "4627")->id[3], 0x02);
    CHECK_INT("of all, for another purpose", keyring_current(ring, KEY_CHAIN, "4627")->id[3], 0x09);
    CHECK_INT("another purpose's id", keyring_find(ring, KEY_INDEX, (const unsigned char[]){ 0, 0, 0, 0x0b }) == NULL, true);
    keyring_free(ring);
}

static void a_key_that_is_new_is_found_at_once_and_what_was_found_stays(void **state)
{
    (void)state;
    write_ring(COMMON, 0600);
    struct keyring *ring = read_ring();
    const struct key *before = keyring_current(ring, KEY_SEAL, "4627");
    write_ring(COMMON KEY("0000000a", "seal", "4627"), 0600);
    assert_non_null(keyring_find(ring, KEY_SEAL, (const unsigned char[]){ 0, 0, 0, 0x0a }));
    CHECK_INT("in use from then on", keyring_current(ring, KEY_SEAL, "4627")->id[3], 0x0a);
    CHECK_INT("what was in use", before->id[3], 0x01);
    write_ring("nonsense\n", 0600);
    CHECK_INT("unknown", keyring_find(ring, KEY_SEAL, (const unsigned char[]){ 9, 9, 9, 9 }) == NULL, true);
    CHECK_INT("a spoilt file takes nothing away", keyring_current(ring, KEY_SEAL, "4627")->id[3], 0x0a);
    keyring_free(ring);
}

#define OTHER(id, purpose, whose) id " " purpose " " whose " BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

/* A program that runs keeps what it has, says why, and takes up the next good one. */
static void what_takes_the_place_of_a_ring_in_use(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        mode_t mode;
        const char *why; /* NULL: it is taken up */
    } rows[] = {
        { "the same", COMMON, 0600, NULL },
        { "grown", COMMON OTHER("00000004", "seal", "*"), 0600, NULL },
        { "grown before the one in use", OTHER("00000004", "seal", "*") COMMON, 0600, NULL },
        { "the same id for another purpose", COMMON OTHER("00000001", "index", "*"), 0600, NULL },
        { "other bytes", OTHER("00000001", "seal", "*") KEY("00000002", "index", "*") KEY("00000003", "idempotency", "*") KEY("00000009", "chain", "*"), 0600, "has other bytes for the seal key 00000001" },
        { "an id twice, with other bytes", COMMON OTHER("00000009", "chain", "4627"), 0600, "has other bytes for the chain key 00000009" },
        { "another ring", KEY("0000000a", "seal", "*") KEY("0000000b", "index", "*") KEY("0000000c", "idempotency", "*") KEY("0000000d", "chain", "*"), 0600, "lacks a seal key of *" },
        { "the first line alone", KEY("00000001", "seal", "*"), 0600, "no key for index" },
        { "empty", "", 0600, "no key for seal" },
        { "garbage", "\x01\xff\n\x80", 0600, "four words are needed" },
        { "others may read it", COMMON, 0644, "chmod 600" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char words[200] = "";
        write_ring(COMMON, 0600);
        struct keyring *ring = read_ring();
        write_ring(rows[i].text, rows[i].mode);
        keyring_find(ring, KEY_SEAL, (const unsigned char[]){ 9, 9, 9, 9 }); /* looks at the file */
        CHECK_INT(rows[i].name, keyring_refused(ring, words, sizeof(words)), rows[i].why != NULL);
        if (rows[i].why && !strstr(words, rows[i].why))
            fail_msg("%s: told \"%s\"", rows[i].name, words);
        CHECK_INT("no key material", strstr(words, "AAAA") == NULL, true);
        CHECK_INT(rows[i].name, keyring_find(ring, KEY_SEAL, (const unsigned char[]){ 0, 0, 0, 1 })->bytes[0], 0);
        FILE *file = rows[i].why ? NULL : fopen(path, "ae"); /* grows on; what was refused gives way */
        if (!file)
            write_ring(COMMON KEY("0000000e", "seal", "*"), 0600);
        else
            assert_true(fputs(KEY("0000000e", "seal", "*"), file) >= 0 && fclose(file) == 0);
        CHECK_INT(rows[i].name, keyring_find(ring, KEY_SEAL, (const unsigned char[]){ 0, 0, 0, 0x0e }) != NULL, true);
        CHECK_INT(rows[i].name, keyring_refused(ring, words, sizeof(words)), false);
        keyring_free(ring);
    }
}

/* No file, a folder and what never ends are no ring either. */
static void what_is_no_file_takes_nothing_away(void **state)
{
    (void)state;
    static const char *const targets[] = { "/nowhere/at/all", "/tmp", "/dev/zero", "/dev/null" };
    for (size_t i = 0; i < ROWS(targets); i++) {
        char words[200] = "";
        write_ring(COMMON, 0600);
        struct keyring *ring = read_ring();
        assert_int_equal(unlink(path), 0);
        assert_int_equal(symlink(targets[i], path), 0);
        assert_null(keyring_find(ring, KEY_SEAL, (const unsigned char[]){ 9, 9, 9, 9 }));
        CHECK_INT(targets[i], keyring_refused(ring, words, sizeof(words)), true);
        assert_non_null(strstr(words, "can not be read"));
        assert_non_null(keyring_current(ring, KEY_SEAL, "4627"));
        keyring_free(ring);
    }
}

static bool has_all(struct keyring *ring, const struct key *was, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct key *key = keyring_find(ring, was[i].purpose, was[i].id);
        if (!key || memcmp(key->bytes, was[i].bytes, KEY_BYTES) != 0)
            return false;
    }
    return true;
}

/* Cut at any place, or with any one character another: what is in use stays so, with its bytes. */
static void whatever_happens_to_the_file_no_key_in_use_is_lost(void **state)
{
    (void)state;
    static const char text[] = COMMON KEY("0000000a", "seal", "4627");
    struct key was[8];
    size_t count = 0;
    write_ring(text, 0600);
    struct keyring *ring = read_ring();
    for (const struct key *key = NULL; (key = keyring_walk(ring, key)); count++)
        was[count] = *key;
    for (size_t at = 0; at < strlen(text); at++)
        for (int cut = 0; cut < 2; cut++) {
            char spoilt[sizeof(text)];
            memcpy(spoilt, text, sizeof(text));
            spoilt[at] = cut ? '\0' : text[at] == 'B' ? 'C' : 'B';
            write_ring(spoilt, 0600);
            if (!has_all(ring, was, count))
                fail_msg("%s at %zu: a key in use is gone", cut ? "cut" : "changed", at);
        }
    keyring_free(ring);
}

static void municipalities_get_keys_of_their_own_once(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *numbers[3];
        size_t count, made;
    } rows[] = {
        { "two that are new", { "4627", "4601" }, 2, 2 },
        { "the same again", { "4627", "4601" }, 2, 0 },
        { "one of three is new", { "4627", "4601", "0301" }, 3, 1 },
    };
    write_ring(COMMON, 0600);
    struct keyring *ring = read_ring();
    for (size_t i = 0; i < ROWS(rows); i++) {
        size_t made = 9;
        struct stat about;
        CHECK_INT(rows[i].name, keyring_extend(path, rows[i].numbers, rows[i].count, &made, stderr), true);
        CHECK_INT(rows[i].name, made, rows[i].made);
        assert_int_equal(stat(path, &about), 0);
        CHECK_INT("mode", about.st_mode & 07777, 0600);
        keyring_find(ring, KEY_SEAL, (const unsigned char[]){ 9, 9, 9, 9 }); /* looks at the file */
        for (size_t n = 0; n < rows[i].count; n++)
            for (enum key_purpose purpose = KEY_SEAL; purpose < KEY_PURPOSE_COUNT; purpose++)
                if (purpose != KEY_IDEMPOTENCY)
                    CHECK_TEXT(rows[i].name, keyring_current(ring, purpose, rows[i].numbers[n])->municipality, rows[i].numbers[n]);
    }
    CHECK_TEXT("idempotency stays everybody's", keyring_current(ring, KEY_IDEMPOTENCY, "4627")->municipality, "*");
    keyring_free(ring);
}

static void a_file_that_can_not_be_extended_stays_as_it_is(void **state)
{
    (void)state;
    size_t made;
    FILE *errors = fopen("/dev/null", "we");
    write_ring("nonsense\n", 0600);
    CHECK_INT("spoilt", keyring_extend(path, (const char *const[]){ "4627" }, 1, &made, errors), false);
    CHECK_INT("no folder", keyring_extend("/nowhere/at/all", (const char *const[]){ "4627" }, 1, &made, errors), false);
    fclose(errors);
    char line[16];
    FILE *file = fopen(path, "re");
    assert_non_null(fgets(line, sizeof(line), file));
    fclose(file);
    CHECK_TEXT("as it was", line, "nonsense\n");
}

/* The file loses its first lines in the midst of it. */
static void a_walk_stays_in_the_reading_it_began_in(void **state)
{
    (void)state;
    static const unsigned char ids[] = { 5, 1, 2, 3, 9 };
    write_ring(KEY("00000005", "seal", "*") COMMON, 0600);
    struct keyring *ring = read_ring();
    assert_non_null(ring);
    const struct key *key = NULL;
    size_t walked = 0;
    while ((key = keyring_walk(ring, key))) {
        assert_true(walked < ROWS(ids));
        CHECK_INT("in the file's order", key->id[3], ids[walked]);
        if (walked++ == 0) {
            write_ring(COMMON, 0600);
            assert_null(keyring_find(ring, KEY_SEAL, (const unsigned char[]){ 9, 9, 9, 9 })); /* looks at the file */
            assert_null(keyring_find(ring, KEY_SEAL, key->id));
        }
    }
    CHECK_INT("all of them", walked, ROWS(ids));
    CHECK_INT("a walk from now on", keyring_walk(ring, NULL)->id[3], 1);
    keyring_free(ring);
}

struct race {
    struct keyring *ring;
    atomic_bool over;
    atomic_int missing;
};

static void *look(void *context)
{
    struct race *race = context;
    while (!atomic_load(&race->over)) {
        const struct key *key = keyring_current(race->ring, KEY_SEAL, "4627");
        if (!key || !keyring_find(race->ring, KEY_SEAL, key->id))
            atomic_fetch_add(&race->missing, 1);
        keyring_find(race->ring, KEY_SEAL, (const unsigned char[]){ 9, 9, 9, 9 });
    }
    return NULL;
}

/* The sanitizers watch. */
static void it_grows_while_threads_read(void **state)
{
    (void)state;
    write_ring(COMMON, 0600);
    struct race race = { .ring = read_ring() };
    pthread_t threads[4];
    for (size_t i = 0; i < ROWS(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, look, &race), 0);
    for (int n = 5000; n < 5060; n++) {
        char number[12];
        size_t made;
        snprintf(number, sizeof(number), "%d", n);
        CHECK_INT(number, keyring_extend(path, (const char *const[]){ number }, 1, &made, stderr), true);
        CHECK_INT(number, made, 1);
    }
    atomic_store(&race.over, true);
    for (size_t i = 0; i < ROWS(threads); i++)
        pthread_join(threads[i], NULL);
    keyring_find(race.ring, KEY_SEAL, (const unsigned char[]){ 9, 9, 9, 9 });
    CHECK_TEXT("the last", keyring_current(race.ring, KEY_SEAL, "5059")->municipality, "5059");
    CHECK_INT("a key was missing", atomic_load(&race.missing), 0);
    keyring_free(race.ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_a_ring),
        cmocka_unit_test(the_last_of_its_own_is_in_use_before_that_of_all),
        cmocka_unit_test(a_key_that_is_new_is_found_at_once_and_what_was_found_stays),
        cmocka_unit_test(what_takes_the_place_of_a_ring_in_use),
        cmocka_unit_test(what_is_no_file_takes_nothing_away),
        cmocka_unit_test(whatever_happens_to_the_file_no_key_in_use_is_lost),
        cmocka_unit_test(municipalities_get_keys_of_their_own_once),
        cmocka_unit_test(a_file_that_can_not_be_extended_stays_as_it_is),
        cmocka_unit_test(a_walk_stays_in_the_reading_it_began_in),
        cmocka_unit_test(it_grows_while_threads_read),
    };
    close(mkstemp(path));
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
