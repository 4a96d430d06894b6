/* SPDX-License-Identifier: EUPL-1.2 */ /* with: letters */
/*
 * The golden letters: facts in, PDF out, twice the same bytes. The PDFs are left in build/golden, where
 * tests/plays/test_20_golden_letters.py reads their text and has them validated.
 */
#include "tests/unit/table.h"

#include <errno.h>
#include <glob.h>
#include <jansson.h>
#include <sys/stat.h>

#include "common/time/instant.h"
#include "services/letters/letters.h"
#include "tests/unit/golden.h"

static struct scope new_scope(void)
{
    return (struct scope){ .arena = arena_new() };
}

static json_t *read_facts(struct scope *s, const char *name)
{
    json_t *in = golden_read(s, name);
    assert_non_null(in);
    return in;
}

static struct letter make_letter_of(struct scope *s, void *typesetter, const char *name,
                                    json_t *in, struct pdf *pdf)
{
    struct letter letter = { 0 };
    CHECK_INT(name, golden_write(s, name, in, &letter), OK);
    CHECK_INT(name, letter_typeset(s, typesetter, &letter, pdf), OK);
    CHECK_INT(name, pdf_finish(s, &letter, pdf), OK);
    return letter;
}

static void keep(struct scope *s, const char *name, const struct pdf *pdf)
{
    assert_true(mkdir("build/golden", 0755) == 0 || errno == EEXIST);
    FILE *file = fopen(arena_printf(s->arena, "build/golden/%s.pdf", name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(pdf->data, 1, pdf->length, file), pdf->length);
    assert_int_equal(fclose(file), 0);
}

static void check_golden(const char *name, void *const typesetters[2])
{
    struct scope s = new_scope();
    struct pdf first, again;
    json_t *in = read_facts(&s, name);
    struct letter letter = make_letter_of(&s, typesetters[0], name, in, &first);
    const char *template = letter.template.id;
    make_letter_of(&s, typesetters[1], name, in, &again);
    CHECK_INT(name, strncmp(name, template, strlen(template)), 0);
    CHECK_INT(name, strlen(letter.template.sha256), 64);
    CHECK_INT(name, first.pages, json_integer_value(json_object_get(in, "pages")));
    CHECK_INT(name, first.length, again.length);
    assert_memory_equal(first.data, again.data, first.length);
    keep(&s, name, &first);
    arena_free(s.arena);
}

static void golden_letters_have_their_pages_and_are_the_same_twice(void **state)
{
    (void)state;
    glob_t found;
    void *typesetters[] = { typesetter_new(), typesetter_new() };
    assert_int_equal(glob("tests/golden/*/in.json", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char name[100];
        assert_int_equal(sscanf(found.gl_pathv[i], "tests/golden/%99[^/]", name), 1);
        check_golden(name, typesetters);
    }
    globfree(&found);
    typesetter_free(typesetters[0]);
    typesetter_free(typesetters[1]);
}

static void each_kind_has_a_golden_letter_in_each_language(void **state)
{
    (void)state;
    struct scope s = new_scope();
    for (const struct letter_kind *kind = letter_kinds; kind->name; kind++)
        for (const char *const *language = letter_language_codes; *language; language++)
            read_facts(&s, arena_printf(s.arena, "%s.%s", kind->name, *language));
    arena_free(s.arena);
}

/* What each of them wrote, in place of receipt.nb's own. */
static void what_people_in_norway_write_has_its_glyphs(void **state)
{
    (void)state;
    struct scope all = new_scope();
    void *typesetter = typesetter_new();
    json_t *rows = arena_value(all.arena, json_load_file("tests/golden/scripts.json", 0, NULL)), *row;
    size_t i;
    assert_non_null(rows);
    json_array_foreach(rows, i, row) {
        struct scope s = new_scope();
        struct pdf pdf;
        json_t *in = read_facts(&s, "receipt.nb");
        json_object_set(in, "recipient_name", json_object_get(row, "name"));
        json_object_set(in, "what_matters", json_object_get(row, "words"));
        make_letter_of(&s, typesetter, "receipt.nb", in, &pdf);
        CHECK_TEXT(golden_text(row, "script"), pdf.missing_of, "");
        CHECK_INT(golden_text(row, "script"), pdf.missing, 0);
        keep(&s, arena_printf(s.arena, "script.%zu", i), &pdf);
        arena_free(s.arena);
    }
    typesetter_free(typesetter);
    arena_free(all.arena);
}

static void what_no_font_has_is_told_without_what_it_says(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *words;
        int missing;
        const char *of;
    } rows[] = {
        { "Kari Pr\xc3\xb8ve", "Hagen", 0, "" },
        { "Kari Pr\xc3\xb8ve", "en \xef\x82\xb7 fra Word", 1, "Zzzz U+F0xx" },
        { "Kari \xf3\xb0\x80\x81", "\xcd\xb8\xcd\xb8 og \xf3\xb0\x80\x81", 4, "Zzzz U+F00xx, Zzzz U+03xx" },
    };
    void *typesetter = typesetter_new();
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = new_scope();
        struct pdf pdf;
        json_t *in = read_facts(&s, "receipt.nb");
        json_object_set_new(in, "recipient_name", json_string(rows[i].name));
        json_object_set_new(in, "what_matters", json_string(rows[i].words));
        make_letter_of(&s, typesetter, "receipt.nb", in, &pdf);
        CHECK_INT(rows[i].words, pdf.missing, rows[i].missing);
        CHECK_TEXT(rows[i].words, pdf.missing_of, rows[i].of);
        arena_free(s.arena);
    }
    typesetter_free(typesetter);
}

static void a_letter_says_what_it_must(void **state)
{
    (void)state;
    static const struct {
        const char *template, *detail;
    } rows[] = {
        { "{{reference}} {{reply_by}} {{call_by}}", "does not always say {{#lines}}" },
        { "{{#lines}}{{{line}}}{{/lines}} {{reply_by}} {{call_by}}", "does not always say {{reference}}" },
        { "{{reply_by}} {{fee}}", "template: there is no text for fee" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = new_scope();
        struct letter letter = { 0 };
        json_t *in = read_facts(&s, "receipt.nb");
        json_object_set_new(in, "own_template", json_string(rows[i].template));
        CHECK_INT(rows[i].template, golden_write(&s, "receipt.nb", in, &letter), PROBLEM_MALFORMED);
        CHECK_TEXT(rows[i].template, s.detail, rows[i].detail);
        arena_free(s.arena);
    }
}

static void nothing_of_a_letter_is_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *markdown;
        enum problem verdict;
    } rows[] = {
        { "# Brev\n\nTekst **her** og *der*.\n\n- a\n- b\n\n> sitat\n>\n> mer", OK },
        { "| a | b |\n|---|---|\n| 1 | 2 |", PROBLEM_MALFORMED },
        { "1. a\n2. b", PROBLEM_MALFORMED },
        { "- a\n  - b", PROBLEM_MALFORMED },
        { "- a\n\n- b", PROBLEM_MALFORMED },
        { "- # a", PROBLEM_MALFORMED },
        { "> > a", PROBLEM_MALFORMED },
        { "```\na\n```", PROBLEM_MALFORMED },
        { "    a", PROBLEM_MALFORMED },
        { "a\n\n---\n\nb", PROBLEM_MALFORMED },
        { "[a](b)", PROBLEM_MALFORMED },
        { "`a`", PROBLEM_MALFORMED },
        { "a&nbsp;b", PROBLEM_MALFORMED },
        { "### a", PROBLEM_MALFORMED },
    };
    void *typesetter = typesetter_new();
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = new_scope();
        struct pdf pdf;
        const struct letter_head head = { .municipality_name = "a", .recipient_name = "b",
                                          .reference = "c" };
        const struct letter letter = { .head = &head, .markdown = rows[i].markdown,
                                       .template = { .language = "nb", .title = "t" } };
        CHECK_INT(rows[i].markdown, letter_typeset(&s, typesetter, &letter, &pdf), rows[i].verdict);
        arena_free(s.arena);
    }
    typesetter_free(typesetter);
}

static void days_are_written_out(void **state)
{
    (void)state;
    static const struct {
        struct date day;
        const char *words;
    } rows[] = {
        { { 2026, 11, 27 }, "27. november 2026" },
        { { 2027, 1, 1 }, "1. januar 2027" },
        { { 2026, 5, 17 }, "17. mai 2026" },
        { { 2028, 12, 31 }, "31. desember 2028" },
    };
    struct scope s = new_scope();
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_TEXT(rows[i].words, date_words(s.arena, rows[i].day), rows[i].words);
    arena_free(s.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_letters_have_their_pages_and_are_the_same_twice),
        cmocka_unit_test(each_kind_has_a_golden_letter_in_each_language),
        cmocka_unit_test(what_people_in_norway_write_has_its_glyphs),
        cmocka_unit_test(what_no_font_has_is_told_without_what_it_says),
        cmocka_unit_test(a_letter_says_what_it_must),
        cmocka_unit_test(nothing_of_a_letter_is_left_out),
        cmocka_unit_test(days_are_written_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
