/* SPDX-License-Identifier: EUPL-1.2 */
/* What we sign ourselves: taken by the same code that verifies others' tokens. */
#include "tests/unit/table.h"

#include <openssl/pem.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/token/signing_key.h"
#include "common/token/token.h"
#include "tests/unit/issuer.h"

/* A file with the key, or with the text if there is none; its name is written over the pattern. */
static void write_file(char *path, EVP_PKEY *key, const char *text, mode_t mode)
{
    int handle = mkstemp(path);
    FILE *file = fdopen(handle, "w");
    if (key)
        PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
    else
        fputs(text, file);
    fchmod(handle, mode);
    fclose(file);
}

static void files(void **state)
{
    struct issuer *issuer = *state;
    EVP_PKEY *small = EVP_RSA_gen(1024), *curve = EVP_EC_gen("P-384");
    const struct {
        const char *name;
        EVP_PKEY *key;
        mode_t mode;
        const char *why; /* NULL: read */
    } rows[] = {
        { "rsa", issuer->signer.rsa, 0600, NULL },
        { "ec", issuer->signer.ec, 0400, NULL },
        { "for all to read", issuer->signer.rsa, 0644, "chmod 600" },
        { "1024 bits", small, 0600, "neither RSA" },
        { "another curve", curve, 0600, "neither RSA" },
        { "no key", NULL, 0600, "no private key" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *a = arena_new();
        char path[] = "/tmp/tillit-key-XXXXXX", *said = NULL;
        size_t length = 0;
        FILE *errors = open_memstream(&said, &length);
        write_file(path, rows[i].key, "-----BEGIN NOTHING-----\n", rows[i].mode);
        struct signing_key *key = signing_key_read(a, path, "kid", errors);
        unlink(path);
        fclose(errors);
        CHECK_INT(rows[i].name, key != NULL, !rows[i].why);
        CHECK_INT(rows[i].name, rows[i].why ? strstr(said, rows[i].why) != NULL : length == 0, true);
        signing_key_free(key);
        arena_release_foreign(said);
        arena_free(a);
    }
    EVP_PKEY_free(small);
    EVP_PKEY_free(curve);
}

static void a_file_that_is_not_there(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    FILE *errors = fopen("/dev/null", "w");
    CHECK_INT("none", signing_key_read(a, "/tmp/tillit-no-such-key", "kid", errors) != NULL, false);
    fclose(errors);
    arena_free(a);
}

static void what_is_signed_is_verified(void **state)
{
    struct issuer *issuer = *state;
    const struct {
        const char *kid;
        EVP_PKEY *key;
    } rows[] = { { "rsa", issuer->signer.rsa }, { "ec", issuer->signer.ec } };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = { .arena = arena_new() };
        char path[] = "/tmp/tillit-key-XXXXXX";
        const char *text;
        write_file(path, rows[i].key, NULL, 0600);
        struct signing_key *key = signing_key_read(s.arena, path, rows[i].kid, stderr);
        unlink(path);
        json_t *claims = json_pack("{s: s, s: s, s: I}", "iss", ISSUER, "aud", "tillit", "exp",
                                   (json_int_t)NOW + 60);
        CHECK_INT(rows[i].kid, signing_key_sign(&s, key, claims, &text), OK);
        check(issuer, rows[i].kid, text, TOKEN_GOOD);
        signing_key_free(key);
        arena_free(s.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(files), cmocka_unit_test(a_file_that_is_not_there),
                                        cmocka_unit_test(what_is_signed_is_verified) };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
