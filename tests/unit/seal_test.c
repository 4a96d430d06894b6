/* SPDX-License-Identifier: EUPL-1.2 */
/* Sealed values: what was changed or moved is refused, and which key is an old one. */
#include "tests/unit/table.h"

#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/program/program.h"
#include "common/seal/keyring.h"

/* The last line of a purpose and municipality is in use; a municipality's own goes before *. */
#define RING                                                                                   \
    "00000001 seal * MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"                           \
    "00000002 seal * YTEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"                           \
    "00000003 seal 4601 YjEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"                        \
    "00000004 index * YzEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"                          \
    "00000005 index * ZDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"                          \
    "00000006 idempotency * ZTEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n" \
    "00000007 chain * ZjEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"

static struct keyring *ring_of(const char *text, mode_t mode, char *errors, size_t room)
{
    char path[] = "/tmp/seal_test.XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text) &&
                fchmod(file, mode) == 0);
    close(file);
    FILE *said = fmemopen(errors, room, "w");
    struct keyring *ring = keyring_read(path, said);
    fclose(said);
    unlink(path);
    return ring;
}

static int set_up(void **state)
{
    char errors[500];
    struct program *program = test_calloc(1, sizeof(*program));
    program->keyring = ring_of(RING, 0600, errors, sizeof(errors));
    *state = program;
    return program->keyring ? 0 : 1;
}

static int tear_down(void **state)
{
    struct program *program = *state;
    keyring_free(program->keyring);
    test_free(program);
    return 0;
}

static const char *const municipalities[] = { "4627", "4601", "0301", "*" };
static const char words[] = "Jeg vil bo hjemme, og heter Kari Prøve (01810112345).";

/* A value and where it belongs. */
struct sealed {
    enum seal_label label;
    const char *municipality;
    char row[40];
    struct bytes value;
};

static struct sealed seal_one(struct scope *s, unsigned *dice)
{
    struct sealed one = { .label = (enum seal_label)(rand_r(dice) % SEAL_LABEL_COUNT),
                          .municipality = municipalities[rand_r(dice) % 4] };
    snprintf(one.row, sizeof(one.row), "00000000-0000-7000-8000-%012x", (unsigned)rand_r(dice));
    assert_int_equal(seal_close(s, one.label, one.municipality, one.row, words, strlen(words),
                                &one.value),
                     OK);
    return one;
}

static enum problem open_one(struct scope *s, const struct sealed *one, struct bytes *out)
{
    return seal_open(s, one->label, one->municipality, one->row, one->value.data,
                     one->value.length, out);
}

static unsigned char *copy_of(struct scope *s, struct sealed *one, size_t more)
{
    unsigned char *copy = arena_alloc(s->arena, one->value.length + more);
    memcpy(copy, one->value.data, one->value.length);
    one->value.data = copy;
    return copy;
}

static void flip_a_bit(struct scope *s, struct sealed *one, unsigned *dice)
{
    unsigned bit = (unsigned)rand_r(dice) % (unsigned)(one->value.length * 8);
    copy_of(s, one, 0)[bit / 8] ^= (unsigned char)(1 << bit % 8);
}

static void move_to_another_row(struct scope *s, struct sealed *one, unsigned *dice)
{
    (void)s;
    size_t at = 24 + (size_t)rand_r(dice) % 12;
    one->row[at] = one->row[at] == 'f' ? '0' : 'f';
}

static void move_to_another_label(struct scope *s, struct sealed *one, unsigned *dice)
{
    (void)s;
    one->label = (enum seal_label)(((int)one->label + 1 + rand_r(dice) % (SEAL_LABEL_COUNT - 1)) %
                                   SEAL_LABEL_COUNT);
}

static void move_to_another_municipality(struct scope *s, struct sealed *one, unsigned *dice)
{
    (void)s;
    const char *was = one->municipality;
    while (strcmp(one->municipality, was) == 0)
        one->municipality = municipalities[rand_r(dice) % 4];
}

static void cut(struct scope *s, struct sealed *one, unsigned *dice)
{
    (void)s;
    one->value.length = (size_t)rand_r(dice) % one->value.length;
}

static void lengthen(struct scope *s, struct sealed *one, unsigned *dice)
{
    copy_of(s, one, 1)[one->value.length] = (unsigned char)rand_r(dice);
    one->value.length++;
}

/* The words under another sealing's nonce: both are ours, together they are nothing. */
static void give_the_head_of_another(struct scope *s, struct sealed *one, unsigned *dice)
{
    struct sealed other = seal_one(s, dice);
    memcpy(copy_of(s, one, 0), other.value.data, SEAL_HEAD);
}

static const struct {
    const char *name;
    void (*tamper)(struct scope *s, struct sealed *one, unsigned *dice);
} tampers[] = {
    { "a bit flipped", flip_a_bit },
    { "in another row", move_to_another_row },
    { "under another label", move_to_another_label },
    { "in another municipality", move_to_another_municipality },
    { "cut", cut },
    { "lengthened", lengthen },
    { "with another's head", give_the_head_of_another },
};

static void a_thousand_changed_and_moved_values_are_refused(void **state)
{
    enum { CASES = 1000, SEED = 20261127 };
    unsigned dice = SEED;
    int refused = 0, opened = 0;
    for (int i = 0; i < CASES; i++) {
        struct scope s = { .arena = arena_new(), .program = *state };
        struct bytes plain = { 0 };
        struct sealed one = seal_one(&s, &dice);
        assert_int_equal(open_one(&s, &one, &plain), OK);
        assert_string_equal((const char *)plain.data, words);
        plain = (struct bytes){ 0 };
        tampers[(size_t)i % ROWS(tampers)].tamper(&s, &one, &dice);
        enum problem p = open_one(&s, &one, &plain);
        /* A key id that is none of ours is a missing key: that is for us to mend. */
        bool named = one.value.length > SEAL_HEAD &&
                     keyring_find(s.program->keyring, KEY_SEAL, one.value.data + 1);
        bool versioned = one.value.length > 0 && one.value.data[0] == 1;
        CHECK_TEXT(tampers[(size_t)i % ROWS(tampers)].name, problem_name(p),
                   named || !versioned || one.value.length < SEAL_HEAD + 16 ? "DAMAGED" : "BUG");
        assert_null(strstr(s.detail, "Kari"));
        refused += p != OK;
        opened += plain.data != NULL;
        arena_free(s.arena);
    }
    printf("seed %d: %d of %d refused, %d opened\n", SEED, refused, CASES, opened);
    assert_int_equal(refused, CASES);
    assert_int_equal(opened, 0);
}

static void each_bit_of_a_value_counts(void **state)
{
    struct scope s = { .arena = arena_new(), .program = *state };
    unsigned dice = 1;
    const struct sealed one = seal_one(&s, &dice);
    for (size_t bit = 0; bit < one.value.length * 8; bit++) {
        struct sealed flipped = one;
        struct bytes plain = { 0 };
        copy_of(&s, &flipped, 0)[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_int_not_equal(open_one(&s, &flipped, &plain), OK);
        assert_null(plain.data);
    }
    arena_free(s.arena);
}

static void which_key_is_old(void **state)
{
    static const struct {
        const char *name, *municipality;
        unsigned char id;
        bool seal_old, index_old;
    } rows[] = {
        { "the first of everyone's", "4627", 1, true, false },
        { "the one in use", "4627", 2, false, false },
        { "another municipality's", "4627", 3, true, false },
        { "everyone's, where there is an own one", "4601", 2, true, false },
        { "the own one", "4601", 3, false, false },
        { "everyone's, for what is no municipality's", "*", 2, false, false },
        { "an index key that was", "4627", 4, false, true },
        { "the index key in use", "4601", 5, false, false },
        { "one that the ring lacks: nothing can be made anew from it", "4627", 9, false, false },
    };
    struct scope s = { .program = *state };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const unsigned char id[SEAL_KEY_ID] = { 0, 0, 0, rows[i].id };
        CHECK_INT(rows[i].name, seal_key_is_old(&s, rows[i].municipality, id), rows[i].seal_old);
        CHECK_INT(rows[i].name, seal_index_key_is_old(&s, rows[i].municipality, id), rows[i].index_old);
    }
}

static void a_label_is_found_by_its_name(void **state)
{
    (void)state;
    enum seal_label found;
    static const char *const names[] = {
#define SEAL_LABEL(symbol, label) [SEAL_##symbol] = label,
#include "common/seal/seal.def"
#undef SEAL_LABEL
    };
    for (int i = 0; i < SEAL_LABEL_COUNT; i++) {
        assert_true(seal_label_find(names[i], &found));
        assert_int_equal(found, i);
    }
    assert_false(seal_label_find("Application", &found));
}

#define SOUND "00000001 seal * MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"
#define OTHERS                                                                                 \
    "00000004 index * YzEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"                          \
    "00000006 idempotency * ZTEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n" \
    "00000007 chain * ZjEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"

static void which_rings_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *said;
        mode_t mode;
    } rows[] = {
        { "sound", SOUND OTHERS, "", 0600 },
        { "read by its owner alone", SOUND OTHERS, "", 0400 },
        { "read by the group", SOUND OTHERS, "may be read by others", 0640 },
        { "read by all", SOUND OTHERS, "may be read by others", 0604 },
        { "no key to seal with", OTHERS, "has no key for seal", 0600 },
        { "a short key", "00000001 seal * c2hvcnQ=\n" OTHERS, "line 1: the key is not 32 bytes", 0600 },
        { "a purpose of no kind", SOUND OTHERS "00000007 lock * c2hvcnQ=\n", "line 5: the purpose", 0600 },
        { "an id of seven", "0000001 seal * c2hvcnQ=\n" OTHERS, "line 1: the id is not 8", 0600 },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char errors[1000] = "";
        struct keyring *ring = ring_of(rows[i].text, rows[i].mode, errors, sizeof(errors));
        CHECK_INT(rows[i].name, ring == NULL, *rows[i].said != '\0');
        CHECK_INT(rows[i].name, strstr(errors, rows[i].said) != NULL, true);
        CHECK_INT(rows[i].name, strstr(errors, "c2hvcnQ") != NULL, false);
        if (ring)
            keyring_free(ring);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_thousand_changed_and_moved_values_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_bit_of_a_value_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(which_key_is_old, set_up, tear_down),
        cmocka_unit_test(a_label_is_found_by_its_name),
        cmocka_unit_test(which_rings_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
