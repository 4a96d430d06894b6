/* SPDX-License-Identifier: EUPL-1.2 */ /* with: letters */
/*
 * The golden letters: facts in, PDF out, twice the same bytes. The PDFs are left in build/golden, where
 * tests/plays/test_20_golden_letters.py reads their text and has them validated.
 */
#include "tests/unit/table.h"

#include <errno.h>
#include <jansson.h>
#include <sys/stat.h>

#include "common/letter/receipt.h"
#include "common/time/instant.h"
#include "services/letters/letters.h"

static const struct {
    const char *name;
    const char *template;
    int pages;
} golden[] = {
    { "receipt.nb", "receipt.nb", 1 },       { "receipt.nn", "receipt.nn", 1 },
    { "receipt.nn.other", "receipt.nn", 1 }, { "receipt.nb.long", "receipt.nb", 3 },
    { "receipt.nb.hostile", "receipt.nb", 2 }, { "receipt.nb.glyphs", "receipt.nb", 2 },
    { "receipt.nb.branded", "receipt.nb", 1 },
};

static void release_json(void *value)
{
    json_decref(value);
}

static struct scope new_scope(void)
{
    return (struct scope){ .arena = arena_new() };
}

static json_t *read_facts(struct scope *s, const char *name)
{
    json_t *in = json_load_file(arena_printf(s->arena, "tests/golden/%s/in.json", name), 0, NULL);
    assert_non_null(in);
    arena_defer(s->arena, release_json, in);
    return in;
}

static const char *text_in(const json_t *in, const char *name)
{
    return json_string_value(json_object_get(in, name));
}

static struct receipt_facts facts_in(const json_t *in)
{
    struct receipt_facts facts = {
        .language = text_in(in, "language"),
        .recipient_name = text_in(in, "recipient_name"),
        .applicant_name = text_in(in, "applicant_name"),
        .for_another = json_is_true(json_object_get(in, "for_another")),
        .municipality_name = text_in(in, "municipality_name"),
        .phone = text_in(in, "phone"),
        .own_template = text_in(in, "own_template"),
        .reference = text_in(in, "reference"),
        .call_promised = text_in(in, "call_by") != NULL,
        .what_matters = text_in(in, "what_matters"),
    };
    assert_true(instant_parse(text_in(in, "received_at"), &facts.received_at));
    assert_true(date_parse(text_in(in, "reply_by"), &facts.reply_by));
    if (facts.call_promised)
        assert_true(date_parse(text_in(in, "call_by"), &facts.call_by));
    return facts;
}

static void make_letter_of(struct scope *s, void *typesetter, const json_t *in, struct pdf *pdf,
                           struct template_identity *identity)
{
    char *markdown;
    struct receipt_facts facts = facts_in(in);
    assert_int_equal(receipt_compose(s, &facts, &markdown, identity), OK);
    const struct letter letter = { .markdown = markdown,
                                   .language = identity->language,
                                   .title = identity->title,
                                   .sender = facts.municipality_name,
                                   .sender_where = text_in(in, "sender_where"),
                                   .sender_colour = text_in(in, "sender_colour"),
                                   .recipient = facts.recipient_name,
                                   .reference = facts.reference,
                                   .created_at = facts.received_at };
    assert_int_equal(letter_typeset(s, typesetter, &letter, pdf), OK);
    assert_int_equal(pdf_finish(s, &letter, pdf), OK);
}

static void make_letter(struct scope *s, void *typesetter, const char *name, struct pdf *pdf,
                        struct template_identity *identity)
{
    make_letter_of(s, typesetter, read_facts(s, name), pdf, identity);
}

static void keep(struct scope *s, const char *name, const struct pdf *pdf)
{
    assert_true(mkdir("build/golden", 0755) == 0 || errno == EEXIST);
    FILE *file = fopen(arena_printf(s->arena, "build/golden/%s.pdf", name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(pdf->data, 1, pdf->length, file), pdf->length);
    assert_int_equal(fclose(file), 0);
}

static void golden_letters_have_their_pages_and_are_the_same_twice(void **state)
{
    (void)state;
    void *typesetters[] = { typesetter_new(), typesetter_new() };
    for (size_t i = 0; i < ROWS(golden); i++) {
        struct scope s = new_scope();
        struct pdf first, again;
        struct template_identity identity;
        make_letter(&s, typesetters[0], golden[i].name, &first, &identity);
        make_letter(&s, typesetters[1], golden[i].name, &again, &identity);
        CHECK_TEXT(golden[i].name, identity.id, golden[i].template);
        CHECK_INT(golden[i].name, strlen(identity.sha256), 64);
        CHECK_INT(golden[i].name, first.pages, golden[i].pages);
        CHECK_INT(golden[i].name, first.length, again.length);
        assert_memory_equal(first.data, again.data, first.length);
        keep(&s, golden[i].name, &first);
        arena_free(s.arena);
    }
    typesetter_free(typesetters[0]);
    typesetter_free(typesetters[1]);
}

/* What each of them wrote, in place of receipt.nb's own. */
static void what_people_in_norway_write_has_its_glyphs(void **state)
{
    (void)state;
    struct scope all = new_scope();
    void *typesetter = typesetter_new();
    json_t *rows = json_load_file("tests/golden/scripts.json", 0, NULL), *row;
    size_t i;
    assert_non_null(rows);
    arena_defer(all.arena, release_json, rows);
    json_array_foreach(rows, i, row) {
        struct scope s = new_scope();
        struct pdf pdf;
        struct template_identity identity;
        json_t *in = read_facts(&s, "receipt.nb");
        json_object_set(in, "recipient_name", json_object_get(row, "name"));
        json_object_set(in, "what_matters", json_object_get(row, "words"));
        make_letter_of(&s, typesetter, in, &pdf, &identity);
        CHECK_TEXT(text_in(row, "script"), pdf.missing_of, "");
        CHECK_INT(text_in(row, "script"), pdf.missing, 0);
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
        struct template_identity identity;
        json_t *in = read_facts(&s, "receipt.nb");
        json_object_set_new(in, "recipient_name", json_string(rows[i].name));
        json_object_set_new(in, "what_matters", json_string(rows[i].words));
        make_letter_of(&s, typesetter, in, &pdf, &identity);
        CHECK_INT(rows[i].words, pdf.missing, rows[i].missing);
        CHECK_TEXT(rows[i].words, pdf.missing_of, rows[i].of);
        arena_free(s.arena);
    }
    typesetter_free(typesetter);
}

static void a_letter_needs_all_its_facts(void **state)
{
    (void)state;
    struct scope s = new_scope();
    char *markdown;
    struct template_identity identity;
    struct receipt_facts facts = facts_in(read_facts(&s, "receipt.nb"));
    facts.reference = NULL;
    assert_int_equal(receipt_compose(&s, &facts, &markdown, &identity), PROBLEM_MALFORMED);
    arena_free(s.arena);
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
        const struct letter letter = { .markdown = rows[i].markdown, .language = "nb", .title = "t",
                                       .sender = "a", .recipient = "b", .reference = "c" };
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
        cmocka_unit_test(what_people_in_norway_write_has_its_glyphs),
        cmocka_unit_test(what_no_font_has_is_told_without_what_it_says),
        cmocka_unit_test(a_letter_needs_all_its_facts),
        cmocka_unit_test(nothing_of_a_letter_is_left_out),
        cmocka_unit_test(days_are_written_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
