/* SPDX-License-Identifier: EUPL-1.2 */
/* A municipality's own template: what is taken, and what is said of what is not. */
#include "tests/unit/table.h"

#include "common/letter/compose.h"

#define GOOD "# Takk\n\nSvar senest {{reply_by}}, sak {{reference}}.\n\n{{#call_promised}}\nVi ringer {{call_by}}.\n{{/call_promised}}\n\n{{#lines}}\n> {{{line}}}\n{{/lines}}\n"

static const struct {
    const char *name, *template, *fault;
} rows[] = {
    { "all that must be said", GOOD, NULL },
    { "more than must be said", GOOD "\n## {{municipality_name}}\n\n- {{applicant_name}}\n- {{received_day}} {{received_time}}{{#phone}} {{phone}}{{/phone}}\n", NULL },
    { "no reference", "{{reply_by}} {{call_by}} {{#lines}}{{{line}}}{{/lines}}", "does not always say {{reference}}" },
    { "no answer promised", "{{reference}} {{call_by}} {{#lines}}{{{line}}}{{/lines}}", "does not always say {{reply_by}}" },
    { "no talk promised", "{{reference}} {{reply_by}} {{#lines}}{{{line}}}{{/lines}}", "does not always say {{call_by}}" },
    { "a talk promised to the helpers of others only", "{{reference}} {{reply_by}} {{#for_another}}{{call_by}}{{/for_another}} {{#lines}}{{{line}}}{{/lines}}", "does not always say {{call_by}}" },
    { "what matters left out", "{{reference}} {{reply_by}} {{call_by}}", "does not always say {{#lines}}" },
    { "a fact that there is not", GOOD "{{fee}}", "*fee" },
    { "a fact that there is for some", GOOD "{{#for_another}}{{fee}}{{/for_another}}", "*fee" },
    { "a section that is not closed", GOOD "{{#phone}}", "*phone" },
    { "a table", GOOD "\n| a | b |\n|---|---|\n| 1 | 2 |\n", "holds Markdown that a letter can not be set of" },
    { "a link", GOOD "\n[a](b)\n", "holds Markdown that a letter can not be set of" },
    { "a list in a list, for some", GOOD "\n{{#for_another}}\n- a\n  - b\n{{/for_another}}\n", "holds Markdown that a letter can not be set of" },
    { "HTML is text", GOOD "\n<b>a</b>\n", NULL },
};

static void every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = { .arena = arena_new() };
        scope_fault(&s, "/letters/0/language", FAULT_CHOICE); /* was found before */
        const char *got = letter_template_fault(&s, letter_kind_find("receipt"), rows[i].template), *want = rows[i].fault;
        if (want && want[0] == '*') {
            if (!got || !strstr(got, want + 1))
                fail_msg("%s: \"%s\" does not name %s", rows[i].name, got ? got : "no fault", want + 1);
        } else if (want) {
            CHECK_TEXT(rows[i].name, got, want);
        } else {
            CHECK_TEXT(rows[i].name, got ? got : "no fault", "no fault");
        }
        CHECK_INT("detail is the caller's", s.detail == NULL, true);
        arena_free(s.arena);
    }
}

/* A kind of our own here, which says one thing after another, and one thing of each of several. */
static json_t *view(struct scope *s, const void *facts)
{
    (void)s, (void)facts;
    return json_pack("{s: s, s: s, s: s, s: [{s: s}, {s: s}]}", "first", "A*", "none", "", "last",
                     "Z", "lines", "outcome", "yes", "outcome", "no");
}

static void what_must_be_said_is_said_in_its_order(void **state)
{
    (void)state;
    static const struct {
        const char *template, *fault;
    } in_order[] = {
        { "{{first}} {{#lines}}{{outcome}} {{/lines}}{{last}}", NULL },
        { "{{last}} {{first}} {{#lines}}{{outcome}} {{/lines}}{{last}}", NULL },
        { "{{#lines}}{{outcome}} {{/lines}}{{first}} {{last}}", "does not always say {{#lines}} in its place" },
        { "{{first}} {{last}} {{#lines}}{{outcome}} {{/lines}}", "does not always say {{last}} in its place" },
        { "{{first}} yes {{last}}", "does not always say {{#lines}} in its place" },
        { "{{#lines}}{{outcome}}{{/lines}}", "does not always say {{first}} in its place" },
    };
    static const struct field none[] = { { 0 } };
    static const struct record facts = { "none", 1, none, NULL };
    static const struct letter_made_of of = { &facts, NULL, view };
    static const char *const must_say[] = { "first", "none", "lines.outcome", "last", NULL };
    const struct letter_kind kind = { .name = "ours", .in_order = true, .must_say = must_say, .of = &of };
    for (size_t i = 0; i < ROWS(in_order); i++) {
        struct scope s = { .arena = arena_new() };
        const char *got = letter_template_fault(&s, &kind, in_order[i].template);
        CHECK_TEXT(in_order[i].template, got ? got : "no fault",
                   in_order[i].fault ? in_order[i].fault : "no fault");
        arena_free(s.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_row),
                                         cmocka_unit_test(what_must_be_said_is_said_in_its_order) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
