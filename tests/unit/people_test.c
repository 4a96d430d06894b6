/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/unit/table.h"

#include "common/case/people.h"

static const struct {
    const char *role, *basis, *services;
    const char *submitter, *applicant; /* s = submitter, a = applicant, p = party, r = recipient */
} rows[] = {
    { "self", NULL, "HSH", "sapr", "" },
    { "self", "none", "OMSTON", "sapr", "" },
    { "guardian", "certificate", "HSH", "sr", "ap" },
    { "guardian", "attached", "HSH", "sr", "ap" },
    { "guardian", "parental", "HSH", "sr", "ap" },
    { "guardian", "later", "HSH", "s", "apr" },
    { "guardian", "none", "HSH", "s", "apr" },
    { "guardian", "certificate", "OMSTON", "sr", "ap" },
    { "attorney", "attached", "HSH", "sr", "ap" },
    { "attorney", "certificate", "HSH", "sr", "ap" },
    { "attorney", "later", "HSH", "s", "apr" },
    { "attorney", "none", "HSH", "s", "apr" },
    { "parent", "parental", "HSH", "sr", "ap" },
    { "parent", "attached", "HSH", "sr", "ap" },
    { "parent", "none", "HSH", "s", "apr" },
    { "parent", "later", "HSH", "s", "apr" },
    { "parent", "parental", "AVLI", "spr", "ap" },
    { "parent", "none", "HSH AVLI", "spr", "apr" },
    { "relative", "attached", "HSH", "s", "apr" },
    { "relative", "none", "HSH", "s", "apr" },
    { "relative", "none", "", "s", "apr" },
    { "relative", "none", "OMSTON", "spr", "apr" },
    { "relative", "none", "AVLU", "spr", "apr" },
    { "relative", "none", "PAROPP", "s", "apr" },
    { "health_worker", NULL, "HSH", "s", "apr" },
    { "health_worker", "attached", "OMSTON", "s", "apr" },
    { "municipal", NULL, "HSH", "s", "apr" },
    { "hospital", NULL, "HSH", "s", "apr" },
    { "hospital", "attached", "HSH", "s", "apr" },
};

static unsigned parts_in(const char *letters)
{
    return (strchr(letters, 's') ? PART_SUBMITTER : 0u) |
           (strchr(letters, 'a') ? PART_APPLICANT : 0u) |
           (strchr(letters, 'p') ? PART_PARTY : 0u) |
           (strchr(letters, 'r') ? PART_RECIPIENT : 0u);
}

static struct texts split(struct arena *a, const char *words)
{
    const char **items = arena_array(a, 8, sizeof(*items));
    size_t count = 0;
    for (char *word = strtok(arena_strdup(a, words), " "); word; word = strtok(NULL, " "))
        items[count++] = word;
    return (struct texts){ .items = items, .count = count };
}

static void parts_follow_from_role_and_basis(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < ROWS(rows); i++) {
        const char *name = arena_printf(a, "%s, %s, %s", rows[i].role,
                                        rows[i].basis ? rows[i].basis : "-", rows[i].services);
        const struct texts services = split(a, rows[i].services);
        struct parts got = parts_of(rows[i].role, rows[i].basis, &services);
        CHECK_INT(name, got.submitter, parts_in(rows[i].submitter));
        CHECK_INT(name, got.applicant, parts_in(rows[i].applicant));
    }
    arena_free(a);
}

/* "phone/email"; - = not said */
static const struct {
    const char *name;
    const char *known;
    bool known_own;
    int known_at;
    const char *said;
    bool said_own;
    int said_at;
    const char *want;
    bool want_own;
    int want_at;
} merges[] = {
    { "a newer number of their own", "111/a@b", true, 1, "222/-", true, 2, "222/a@b", true, 2 },
    { "an older one that comes late fills in", "222/-", true, 2, "111/a@b", true, 1, "222/a@b", true, 2 },
    { "the same again", "111/a@b", true, 1, "111/a@b", true, 2, "111/a@b", true, 2 },
    { "another says otherwise later", "111/-", true, 1, "999/x@y", false, 2, "111/-", true, 1 },
    { "they say it themself after another", "999/x@y", false, 1, "111/-", true, 2, "111/-", true, 2 },
    { "they said it before another, who was heard first", "999/x@y", false, 2, "111/-", true, 1, "111/-", true, 1 },
    { "two others, the later counts", "888/x@y", false, 1, "999/-", false, 2, "999/x@y", false, 2 },
    { "two others, the earlier fills in", "999/-", false, 2, "888/x@y", false, 1, "999/x@y", false, 2 },
};

static const char *half(struct arena *a, const char *text, bool second)
{
    const char *slash = strchr(text, '/');
    const char *word = second ? slash + 1 : arena_strndup(a, text, (size_t)(slash - text));
    return strcmp(word, "-") == 0 ? NULL : word;
}

static struct said said_of(struct arena *a, const char *text, bool own, int at)
{
    return (struct said){ .person = { .phone = half(a, text, false), .email = half(a, text, true) },
                          .own = own,
                          .at = at };
}

static void what_is_known_grows_and_is_not_taken_over(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < ROWS(merges); i++) {
        struct said known = said_of(a, merges[i].known, merges[i].known_own, merges[i].known_at);
        struct said said = said_of(a, merges[i].said, merges[i].said_own, merges[i].said_at);
        struct said got = said_merge(&known, &said);
        CHECK_TEXT(merges[i].name,
                   arena_printf(a, "%s/%s", got.person.phone ? got.person.phone : "-",
                                got.person.email ? got.person.email : "-"),
                   merges[i].want);
        CHECK_INT(merges[i].name, got.own, merges[i].want_own);
        CHECK_INT(merges[i].name, got.at, merges[i].want_at);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_follow_from_role_and_basis),
        cmocka_unit_test(what_is_known_grows_and_is_not_taken_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
