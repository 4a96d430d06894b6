/* SPDX-License-Identifier: EUPL-1.2 */
/* The mustache core. */
#include "tests/unit/table.h"

#include "common/page/template.h"
#include "services/api/page/texts.h"

static const struct {
    const char *name, *text, *view, *html; /* NULL = an error */
} rows[] = {
    { "a variable", "Hei {{navn}}!", "{\"navn\":\"Åse\"}", "Hei Åse!" },
    { "escaped", "{{a}}", "{\"a\":\"<b> & \\\"c\\\"\"}", "&lt;b&gt; &amp; &quot;c&quot;" },
    { "raw", "{{{a}}}{{&a}}", "{\"a\":\"<\"}", "<<" },
    { "a number", "{{n}}", "{\"n\":3}", "3" },
    { "missing is an error", "{{a}}", "{}", NULL },
    { "null is an error", "{{a}}", "{\"a\":null}", NULL },
    { "a path", "{{a.b}}", "{\"a\":{\"b\":\"x\"}}", "x" },
    { "a list", "{{#l}}<{{x}}>{{/l}}", "{\"l\":[{\"x\":\"1\"},{\"x\":\"2\"}]}", "<1><2>" },
    { "a list of texts", "{{#l}}{{.}},{{/l}}", "{\"l\":[\"a\",\"b\"]}", "a,b," },
    { "empty list", "{{#l}}x{{/l}}{{^l}}none{{/l}}", "{\"l\":[]}", "none" },
    { "outer view", "{{#l}}{{a}}{{/l}}", "{\"l\":[{}],\"a\":\"o\"}", "o" },
    { "alone on its line", "a\n{{#t}}\nb\n{{/t}}\nc", "{\"t\":true}", "a\nb\nc" },
    { "the same name within", "{{#a}}{{#a}}x{{/a}}{{/a}}", "{\"a\":true}", "x" },
    { "comment", "a{{! no }}b", "{}", "ab" },
    { "not closed", "{{#a}}", "{\"a\":true}", NULL },
    { "tag not closed", "{{a", "{}", NULL },
    { "a partial", "{{>greeting}}\nslutt", "{\"navn\":\"Åse\"}", "Hei, Åse!\nslutt" },
    { "no partial", "{{>p}}", "{}", NULL },
    { "a partial of itself", "{{>endless}}", "{}", NULL },
    { "nothing but text", "uten", "{}", "uten" },
    { "nothing at all", "", "{}", "" },
    { "blanks in a tag", "{{ a }}", "{\"a\":\"x\"}", "x" },
    { "a view's text is no template", "{{a}}", "{\"a\":\"{{b}}\"}", "{{b}}" },
    { "inner before outer", "{{#a}}{{n}}{{/a}}", "{\"n\":\"o\",\"a\":{\"n\":\"i\"}}", "i" },
    { "empty text is false", "{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\":\"\"}", "y" },
    { "null is false", "{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\":null}", "y" },
    { "missing is false", "{{#a}}x{{/a}}{{^a}}y{{/a}}", "{}", "y" },
    { "a path that ends early", "{{a.b}}", "{\"a\":{}}", NULL },
    { "a path through a text", "{{a.b}}", "{\"a\":\"x\"}", NULL },
    { "an object is no text", "{{a}}", "{\"a\":{}}", NULL },
    { "missing in a list", "{{#l}}{{x}}{{/l}}", "{\"l\":[{}]}", NULL },
    { "never opened", "x{{/a}}", "{\"a\":true}", NULL },
    { "a word", "{{t.greeting}}{{#a}}, {{{t.greeting}}}{{/a}}", "{\"a\":{\"t\":{\"greeting\":\"x\"}}}", "Hei &amp; hå, Hei & hå" },
    { "a word that is missing", "{{t.parting}}", "{}", NULL },
    { "crossed", "{{#a}}{{#b}}{{/a}}{{/b}}", "{\"a\":true,\"b\":true}", NULL },
};

static const char *partial(const void *partials, const char *name)
{
    (void)partials;
    if (strcmp(name, "greeting") == 0)
        return "Hei, {{navn}}!\n";
    return strcmp(name, "endless") == 0 ? "{{>endless}}" : NULL;
}

static const char *word(const char *key)
{
    return strcmp(key, "greeting") == 0 ? "Hei & hå" : NULL;
}

static const struct template_parts parts = { .partial = partial, .word = word };

static void every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = { .arena = arena_new() };
        char *out = NULL;
        json_t *view = json_loads(rows[i].view, 0, NULL);
        enum problem p = template_render(&s, rows[i].text, &(struct view){ .json = view }, ESCAPE_HTML, &parts, &out);
        CHECK_INT(rows[i].name, p, rows[i].html ? OK : PROBLEM_BUG);
        if (rows[i].html)
            CHECK_TEXT(rows[i].name, out, rows[i].html);
        json_decref(view);
        arena_free(s.arena);
    }
}

struct inner {
    const char *name, *state;
};

static const struct field inner_fields[] = {
    FIELD(struct inner, name),
    FIELD(struct inner, state, .words = "state_"),
    { 0 },
};
static const struct record inner_record = RECORD("inner", struct inner, inner_fields);

struct outer {
    const char *name, *nothing, *empty;
    bool yes, no;
    int64_t zero;
    struct maybe known, unknown;
    struct instant at, day, ends, never;
    struct texts texts, none, codes;
    struct list list;
    struct inner *inner, *away;
};

static const struct field outer_fields[] = {
    FIELD(struct outer, name), FIELD(struct outer, nothing), FIELD(struct outer, empty), FIELD(struct outer, yes),
    FIELD(struct outer, no), FIELD(struct outer, zero), FIELD(struct outer, known), FIELD(struct outer, unknown),
    FIELD(struct outer, at), FIELD(struct outer, day, .flags = DAY), FIELD(struct outer, ends, .flags = ENDS),
    FIELD(struct outer, never), FIELD(struct outer, texts), FIELD(struct outer, none), FIELD(struct outer, codes, .words = "state_"),
    LIST_FIELD(struct outer, list, &inner_record), NESTED_FIELD(struct outer, inner, &inner_record),
    NESTED_FIELD(struct outer, away, &inner_record), { 0 },
};
static const struct record outer_record = RECORD("outer", struct outer, outer_fields);

static const char *coded(const char *kind, const char *code)
{
    return strcmp(kind, "state_") != 0 || !code ? "–" : strcmp(code, "open") == 0 ? "Åpen" : code;
}

static void a_struct_is_read_by_its_record(void **state)
{
    (void)state;
    static const struct {
        const char *text, *html; /* NULL = an error */
    } shown[] = {
        { "{{name}}", "&lt;Åse&gt;" },
        { "{{nothing}}", NULL },
        { "{{yes}}", NULL },
        { "{{other}}", NULL },
        { "{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{^no}}-{{/no}}", "y-" },
        { "{{#nothing}}x{{/nothing}}{{#empty}}x{{/empty}}{{^empty}}-{{/empty}}", "-" },
        { "{{zero}}{{#zero}}z{{/zero}}", "0z" },
        { "{{known}}{{#known}} k{{/known}}{{#unknown}}u{{/unknown}}", "7 k" },
        { "{{unknown}}", NULL },
        { "{{at}}", "1. desember 2026 kl. 00.00" },
        { "{{day}}, {{ends}}", "1. desember 2026, 30. november 2026" },
        { "{{#never}}x{{/never}}{{^never}}-{{/never}}", "-" },
        { "{{never}}", NULL },
        { "{{#texts}}{{.}},{{/texts}}{{#none}}x{{/none}}{{^none}}-{{/none}}", "a,b,-" },
        { "{{texts}}", NULL },
        { "{{#codes}}{{.}} {{/codes}}", "Åpen shut " },
        { "{{#list}}{{name}}:{{state}}{{#yes}}!{{/yes}} {{/list}}", "i:Åpen! ii:–! " },
        { "{{inner.name}} {{#inner}}{{name}} {{state}}{{/inner}}{{#away}}x{{/away}}", "i i Åpen" },
        { "{{away.name}}", NULL },
        { "{{inner}}", NULL },
        { "{{#inner}}{{more}}{{/inner}}", "behind" },
    };
    const struct inner inner[] = { { "i", "open" }, { "ii", NULL } };
    const char *texts[] = { "a", "b" }, *codes[] = { "open", "shut" };
    const struct instant midnight = { INT64_C(1796079600000000) };
    const struct outer outer = { .name = "<Åse>", .empty = "", .yes = true, .known = { true, 7 }, .at = midnight, .day = midnight,
                                 .ends = midnight, .texts = { texts, 2 }, .codes = { codes, 2 }, .list = { inner, 2 },
                                 .inner = (struct inner *)inner };
    json_t *behind = json_pack("{s: s, s: s}", "more", "behind", "name", "hidden");
    const struct view more = { .json = behind }, view = { .record = &outer_record, .in = &outer, .more = &more };
    for (size_t i = 0; i < ROWS(shown); i++) {
        struct scope s = { .arena = arena_new() };
        char *out = NULL;
        enum problem p = template_render(&s, shown[i].text, &view, ESCAPE_HTML, &(struct template_parts){ .coded = coded }, &out);
        CHECK_INT(shown[i].text, p, shown[i].html ? OK : PROBLEM_BUG);
        if (shown[i].html)
            CHECK_TEXT(shown[i].text, out, shown[i].html);
        arena_free(s.arena);
    }
    CHECK_TEXT("of the view", view_text(&view, "name"), "<Åse>");
    CHECK_TEXT("of what is behind", view_text(&view, "more"), "behind");
    CHECK_INT("no text", view_text(&view, "list") == NULL && view_text(&view, "other") == NULL, true);
    json_decref(behind);
}

static void markdown_stays_literal(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        { "*x*", "\\*x\\*" }, { "# x", "\\# x" }, { "1. x", "1\\. x" }, { "  x", "x" },
        { "<b>", "\\<b\\>" }, { "a|b", "a\\|b" }, { "[a](b)", "\\[a\\]\\(b\\)" }, { "- x", "\\- x" },
        { "\\", "\\\\" }, { "&amp;", "\\&amp\\;" }, { "\tx", "x" }, { "a\nb", "a b" }, { "", "" },
        { "{{x}}", "\\{\\{x\\}\\}" }, { "Åse Ŋ", "Åse Ŋ" },
    };
    for (size_t i = 0; i < ROWS(texts); i++) {
        struct arena *a = arena_new();
        struct buffer b = buffer_new(a);
        template_escape(&b, ESCAPE_MARKDOWN, texts[i][0]);
        CHECK_TEXT(texts[i][0], b.text, texts[i][1]);
        arena_free(a);
    }
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    struct scope s = { .arena = arena_new() };
    char *out;
    json_t *view = json_object();
    CHECK_INT("missing", template_render(&s, "Hei {{navn.fornavn}}", &(struct view){ .json = view }, ESCAPE_HTML, NULL, &out),
              PROBLEM_BUG);
    CHECK_TEXT("detail", s.detail, "template: there is no text for navn.fornavn");
    json_decref(view);
    arena_free(s.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_row),
                                        cmocka_unit_test(a_struct_is_read_by_its_record),
                                        cmocka_unit_test(markdown_stays_literal),
                                        cmocka_unit_test(what_is_missing_is_named) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
