/* SPDX-License-Identifier: EUPL-1.2 */
/* Secrets that open by themselves, and the cookies that carry them. */
#include "tests/unit/table.h"

#include "common/base/arena.h"
#include "common/base/base64.h"
#include "common/http/cookie.h"
#include "common/seal/secret.h"

static void shapes(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        bool good;
    } rows[] = {
        { "43 characters", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", true },
        { "nothing", NULL, false },
        { "empty", "", false },
        { "one too few", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c", false },
        { "one too many", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cMM", false },
        { "another alphabet", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", false },
        { "a quote", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw\"cM", false },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].name, secret_well_formed(rows[i].text), rows[i].good);
}

/* RFC 7636, appendix B: a verifier and its challenge. */
static void a_challenge_is_the_hash_of_the_verifier(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct bytes hash = secret_hash(a, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    CHECK_TEXT("challenge", base64url_encode(a, hash.data, hash.length),
               "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    arena_free(a);
}

static void what_follows_from_a_secret(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const char *one = secret_new(a), *other = secret_new(a);
    CHECK_INT("new", secret_well_formed(one) && secret_well_formed(other), true);
    CHECK_INT("two", secret_same(one, other), false);
    CHECK_INT("derived", secret_well_formed(secret_derive(a, one, "state")), true);
    CHECK_INT("again", secret_same(secret_derive(a, one, "state"), secret_derive(a, one, "state")), true);
    CHECK_INT("purpose", secret_same(secret_derive(a, one, "state"), secret_derive(a, one, "nonce")), false);
    CHECK_INT("secret", secret_same(secret_derive(a, one, "state"), secret_derive(a, other, "state")), false);
    CHECK_INT("prefix", secret_same(one, arena_strndup(a, one, 42)), false);
    CHECK_INT("nothing", secret_same(NULL, NULL) || secret_same(one, NULL) || secret_same(NULL, one), false);
    arena_free(a);
}

static void cookies(void **state)
{
    (void)state;
    static const struct {
        const char *name, *header, *value;
    } rows[] = {
        { "no header", NULL, NULL },
        { "alone", "__Host-t=abc", "abc" },
        { "first", "__Host-t=abc; other=1", "abc" },
        { "last", "other=1; __Host-t=abc", "abc" },
        { "without blanks", "other=1;__Host-t=abc;x=2", "abc" },
        { "empty", "__Host-t=", "" },
        { "a longer name", "__Host-t2=abc", NULL },
        { "a name that ends so", "x__Host-t=abc", NULL },
        { "without value", "__Host-t; a=b", NULL },
        { "in another's value", "a=__Host-t=abc", NULL },
        { "twice", "__Host-t=abc; __Host-t=def", NULL },
        { "nothing but marks", " ;; ; ", NULL },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *a = arena_new();
        const char *found = cookie_find(a, rows[i].header, "__Host-t");
        CHECK_TEXT(rows[i].name, found ? found : "-", rows[i].value ? rows[i].value : "-");
        arena_free(a);
    }
}

static void names(void **state)
{
    (void)state;
    static const struct {
        const char *name, *header, *names;
    } rows[] = {
        { "no header", NULL, "" },
        { "in the order they stand", "t-b=1; t-a=2; t-c=", "t-b t-a t-c" },
        { "others between", "a=t-x=1; t-a=/x?y=z;t=1; t-=2; xt-b=3; t-b", "t-a" },
        { "nothing but marks", " ;=; ; ==", "" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *a = arena_new();
        struct texts found = cookie_names(a, rows[i].header, "t-");
        struct buffer b = buffer_new(a);
        for (size_t n = 0; n < found.count; n++)
            buffer_printf(&b, "%s%s", n ? " " : "", found.items[n]);
        CHECK_TEXT(rows[i].name, b.text, rows[i].names);
        arena_free(a);
    }
}

static void what_is_set(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    CHECK_TEXT("until closed", cookie_set(a, "__Host-t", "v", 0), "__Host-t=v; Path=/; Secure; HttpOnly; SameSite=Lax");
    CHECK_TEXT("for a while", cookie_set(a, "__Host-t", "v", 60),
               "__Host-t=v; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60");
    CHECK_TEXT("forgotten", cookie_forget(a, "__Host-t"),
               "__Host-t=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(shapes),
                                        cmocka_unit_test(a_challenge_is_the_hash_of_the_verifier),
                                        cmocka_unit_test(what_follows_from_a_secret), cmocka_unit_test(cookies),
                                        cmocka_unit_test(names),
                                        cmocka_unit_test(what_is_set) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
