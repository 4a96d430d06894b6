/* SPDX-License-Identifier: EUPL-1.2 */
/* What the access log's rows and links are sealed with, and that a route which must log can not leave it out. */
#include "tests/unit/table.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/api/access.h"
#include "common/api/api_private.h"
#include "common/seal/keyring.h"
#include "common/who/access.h"
#include "common/who/chain.h"
#include "services/api/case/standing.h"

/* The first is in use, but for 4601. */
static const char ring[] = "0a0b0c0d chain * %s\n"
                           "0a0b0c0e chain 4601 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n"
                           "00000001 seal * AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n"
                           "00000002 index * AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n"
                           "00000003 idempotency * AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n";

static struct keyring *keyring_of(const char *key)
{
    char path[] = "/tmp/tillit-chain-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_true(dprintf(file, ring, key) > 0);
    close(file);
    struct keyring *keys = keyring_read(path, stderr);
    unlink(path);
    assert_non_null(keys);
    return keys;
}

static struct program program;

static int begin(void **state)
{
    struct scope *s = calloc(1, sizeof(*s));
    s->arena = arena_new();
    program.keyring = keyring_of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    s->program = &program;
    *state = s;
    return 0;
}

static int end(void **state)
{
    struct scope *s = *state;
    keyring_free(program.keyring);
    arena_free(s->arena);
    free(s);
    return 0;
}

static const struct access_row row = {
    .id = "01890000-0000-7000-8000-000000000001",
    .municipality = "4627",
    .at = { INT64_C(1790000000123456) },
    .kind = "staff",
    .who = "0199a000-0000-7000-8000-000000000011",
    .name = "Synne Testberg",
    .unit = "Tildelingskontoret",
    .role = "caseworker",
    .what = "case",
    .act = "read",
    .case_id = "01890000-0000-7000-8000-000000000002",
    .reason = { (const unsigned char *)"sealed", 6 },
};

static const char *hex_of(struct scope *s, struct bytes value)
{
    char *hex = arena_alloc(s->arena, 2 * value.length + 1);
    return sodium_bin2hex(hex, 2 * value.length + 1, value.data, value.length);
}

/* Computed by another program: what was logged by an old version must hold for ever. */
static void the_encoding_never_changes(void **state)
{
    struct scope *s = *state;
    struct bytes mac, first, second;
    assert_int_equal(chain_row(s, &row, &mac), OK);
    CHECK_TEXT("the row", hex_of(s, mac), "0a0b0c0d2cf12d94959ad567c729f9ba3dcddb2637b5d09bbfc7b306badf2d18cec954d2");
    struct chain_link link = { .municipality = "4627", .n = 1, .row = mac, .row_id = row.id };
    assert_int_equal(chain_link(s, &link, &first), OK);
    CHECK_TEXT("the first link", hex_of(s, first), "0a0b0c0d3bc9eed075e21d36abede1ec6d2006267f3fa4dc0f1f3964151183b6a69f992c");
    link.n = 2;
    link.before = first;
    assert_int_equal(chain_link(s, &link, &second), OK);
    CHECK_TEXT("the next", hex_of(s, second), "0a0b0c0dcf77665fd7ac9e20a17d89da42aa424b04d78847ce50053e88db9ea7631f1010");
}

static void a_row_that_was_changed_does_not_hold(void **state)
{
    struct scope *s = *state;
    struct access_row logged = row;
    assert_int_equal(chain_row(s, &logged, &logged.mac), OK);
    assert_true(chain_row_holds(s, &logged));
    struct {
        const char *name;
        struct access_row now;
    } rows[16];
    size_t n = 0;
#define CASE(title, member, value)                                                             \
    rows[n].name = title;                                                                      \
    rows[n].now = logged;                                                                      \
    rows[n++].now.member = value
    CASE("another id", id, "01890000-0000-7000-8000-000000000003");
    CASE("another municipality", municipality, "4601");
    CASE("a microsecond later", at.us, row.at.us + 1);
    CASE("another kind", kind, "system");
    CASE("someone else", who, "0199a000-0000-7000-8000-000000000012");
    CASE("another name", name, "Synne Testberg ");
    CASE("no name", name, NULL);
    CASE("an empty unit for one", unit, "");
    CASE("another role", role, "team_leader");
    CASE("something else", what, "letter");
    CASE("another act", act, "write");
    CASE("no case", case_id, NULL);
    CASE("no reason", reason, ((struct bytes){ 0 }));
    CASE("a request", request_id, "01890000-0000-7000-8000-000000000004");
    CASE("letters moved to the next column", kind, "staf");
    rows[n - 1].now.who = "f0199a000-0000-7000-8000-000000000011";
    CASE("no mac", mac, ((struct bytes){ logged.mac.data, 35 }));
#undef CASE
    CHECK_INT("rows", n, ROWS(rows));
    for (size_t i = 0; i < n; i++)
        CHECK_INT(rows[i].name, chain_row_holds(s, &rows[i].now), false);
}

static void every_bit_of_a_value_counts(void **state)
{
    struct scope *s = *state;
    struct bytes value;
    const struct chain_link link = { .municipality = "4627", .n = 7, .row_id = row.id };
    assert_int_equal(chain_link(s, &link, &value), OK);
    assert_true(chain_link_holds(s, &link, value));
    for (size_t bit = 0; bit < 8 * value.length; bit++) {
        unsigned char *damaged = arena_memdup(s->arena, value.data, value.length);
        damaged[bit / 8] ^= (unsigned char)(1u << bit % 8);
        assert_false(chain_link_holds(s, &link, (struct bytes){ damaged, value.length }));
    }
}

static void a_link_is_of_its_place(void **state)
{
    struct scope *s = *state;
    struct bytes mac, value;
    assert_int_equal(chain_row(s, &row, &mac), OK);
    const struct chain_link link = { .municipality = "4627", .n = 7, .before = mac, .row = mac, .row_id = row.id };
    assert_int_equal(chain_link(s, &link, &value), OK);
    struct chain_link municipality = link, number = link, first = link, gone = link, other = link;
    municipality.municipality = "4601";
    number.n = 8;
    first.before = (struct bytes){ 0 };
    gone.row = (struct bytes){ 0 };
    other.row_id = "01890000-0000-7000-8000-000000000003";
    const struct {
        const char *name;
        const struct chain_link *link;
        bool holds;
    } rows[] = {
        { "as it is", &link, true },          { "another municipality", &municipality, false },
        { "another number", &number, false }, { "nothing before it", &first, false },
        { "its row is gone", &gone, false },  { "another row", &other, false },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].name, chain_link_holds(s, rows[i].link, value), rows[i].holds);
}

static void a_municipality_s_own_key_is_used(void **state)
{
    struct scope *s = *state;
    struct access_row other = row;
    other.municipality = "4601";
    assert_int_equal(chain_row(s, &other, &other.mac), OK);
    assert_int_equal(other.mac.data[3], 0x0e);
    assert_true(chain_row_holds(s, &other));
}

/* By status, by what the route needs and by what its handler noted. What would write has no database here, so it
 * does not stand in the table. */
static void a_route_that_must_log_gives_no_answer_without(void **state)
{
    struct scope *s = *state;
    static const struct {
        const char *name;
        unsigned needs;
        bool notes, by_handler;
        int status;
        enum problem want;
    } rows[] = {
        { "noted nothing", NEEDS_TENANTS | NEEDS_LOG, false, false, 200, PROBLEM_BUG },
        { "noted nothing, without a transaction", NEEDS_LOG, false, false, 201, PROBLEM_BUG },
        { "leads elsewhere and noted nothing", NEEDS_LOG, false, false, 303, PROBLEM_BUG },
        { "noted, and there is nothing to write it in", NEEDS_LOG, true, false, 200, PROBLEM_BUG },
        { "wrote it by itself", NEEDS_LOG, false, true, 201, OK },
        { "was not found", NEEDS_TENANTS | NEEDS_LOG, false, false, 404, OK },
        { "noted, and was not found after all", NEEDS_TENANTS | NEEDS_LOG, true, false, 404, OK },
        { "need not log", NEEDS_TENANTS, false, false, 200, OK },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct route route = { .path = "/x", .needs = rows[i].needs };
        s->detail = NULL;
        access_begin(s);
        if (rows[i].notes)
            access_note(s, &(struct access){ .municipality = "4627" });
        s->accesses->by_handler = rows[i].by_handler;
        CHECK_INT(rows[i].name, access_settle(s, &route, rows[i].status), rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_encoding_never_changes, begin, end),
        cmocka_unit_test_setup_teardown(a_row_that_was_changed_does_not_hold, begin, end),
        cmocka_unit_test_setup_teardown(every_bit_of_a_value_counts, begin, end),
        cmocka_unit_test_setup_teardown(a_link_is_of_its_place, begin, end),
        cmocka_unit_test_setup_teardown(a_municipality_s_own_key_is_used, begin, end),
        cmocka_unit_test_setup_teardown(a_route_that_must_log_gives_no_answer_without, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
