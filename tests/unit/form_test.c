/* SPDX-License-Identifier: EUPL-1.2 */
/* with: api. What people send by the form is read as they mean it, and whatever is wrong has a line that leads there. */
#include "services/api/form/clean.h"
#include "services/api/form/document.h"
#include "services/api/form/table.h"
#include "services/api/form/view.h"
#include "tests/unit/table.h"

#include "common/http/pairs.h"
#include "common/program/program.h"
#include "common/who/who.h"
#include "services/api/application/application.h"
#include "tests/unit/mixtures.h"
#include "tests/unit/without_main.h"

enum { RANDOM = 100000, PAIRS_MOST = 60 };

static struct scope scope(bool logged_in)
{
    static const struct program program = { .settings = { .synthetic = true, .id_2032_from = "2032-01-01" } };
    static const struct principal citizen = { .kind = WHO_CITIZEN, .person = "17834006863" };
    return (struct scope){ .arena = arena_new(), .program = &program, .now = 1796000000000000,
                           .who = logged_in ? &citizen : NULL };
}

static void read_as_meant(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum ask ask;
        const char *typed, *read;
    } rows[] = {
        { "a phone in direction marks", ASK_PHONE, "\u202a+47 400 00 000\u202c", "+47 400 00 000" },
        { "a phone with no-break spaces", ASK_PHONE, "400\u00a000\u00a0000", "400 00 000" },
        { "a phone with hyphens", ASK_PHONE, "400-00-000", "400 00 000" },
        { "a phone with non-breaking hyphens", ASK_PHONE, "400\u201100\u2011000", "400 00 000" },
        { "a phone with brackets", ASK_PHONE, " (+47) 40.00.00.00 ", "+47 40 00 00 00" },
        { "a phone of Arabic digits", ASK_PHONE, "٤٠٠٠٠٠٠٠", "40000000" },
        { "a phone of wide digits", ASK_PHONE, "＋４７４０００００００", "+4740000000" },
        { "a phone that is none", ASK_PHONE, "ring meg", "ring meg" },
        { "a number in two parts", ASK_NUMBER, "178340 06863", "17834006863" },
        { "a number with a hyphen", ASK_NUMBER, "178340-06863", "17834006863" },
        { "a number with a dash and marks", ASK_NUMBER, "\u2066178340\u201306863\u2069", "17834006863" },
        { "a number with strokes", ASK_NUMBER, "17/83/40 06863", "17834006863" },
        { "a number and a comma", ASK_NUMBER, "17834006863,", "17834006863" },
        { "a number in brackets and quotes", ASK_NUMBER, "\u201c(178340) [06863]\u201d", "17834006863" },
        { "a phone and a comma", ASK_PHONE, "400 00 000, ", "400 00 000" },
        { "a postal code and a blank", ASK_NUMBER, "5300 ", "5300" },
        { "a postal code and an invisible", ASK_NUMBER, "\ufeff5300\u200b", "5300" },
        { "an e-mail with blanks", ASK_EMAIL, " kari@example.no\u200b ", "kari@example.no" },
        { "an e-mail with a hyphen", ASK_EMAIL, "kari-anne@example.no", "kari-anne@example.no" },
        { "a day as people write it", ASK_DATE, "24.12.2026", "2026-12-24" },
        { "a day of one digit", ASK_DATE, "1. 2. 2027", "2027-02-01" },
        { "a day as browsers send it", ASK_DATE, "2026-12-24", "2026-12-24" },
        { "a day that is none", ASK_DATE, "jul", "jul" },
        { "a name with blanks about it", ASK_TEXT, "  Kari \u00a0Prøve\n", "Kari Prøve" },
        { "a name with a soft hyphen and marks", ASK_TEXT, "\u200eKari\u00ad Prøve\u200b", "Kari Prøve" },
        { "a Persian name keeps its joiner", ASK_TEXT, "می\u200cنا", "می\u200cنا" },
        { "words keep lines, joiners and marks", ASK_LONG, " a\n\tb\u200c\u200f👨\u200d👩\u200d👧 ", " a\n\tb\u200c\u200f👨\u200d👩\u200d👧 " },
        { "words lose what no text may hold", ASK_LONG, "\ufeffa\a\x7f\xc2\x85" "b\ufdd0", "a\nb" },
        { "a choice is as it is", ASK_ONE, " self", " self" },
    };
    struct scope s = scope(false);
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_TEXT(rows[i].name, form_clean(&s, rows[i].ask, rows[i].typed), rows[i].read);
    arena_free(s.arena);
}

#define GOOD                                                                                                              \
    { "municipality", "4627" }, { "language", "nb" }, { "needs", "Hjelp" }, { "urgency", "none" }, { "in_hospital", "no" }, \
    { "household", "alone" }, { "confirmed", "true" }, { "submitter/national_id", "178340-06863" }, { "submitter/name", "Kari" }

static const char *faults_of(struct scope *s, const struct pairs *fields)
{
    struct application in = { 0 };
    struct buffer b = buffer_new(s->arena);
    record_from_value(s, &application_record, RECORD_BODY, arena_value(s->arena, form_document(s, fields)), &in);
    for (const struct field_error *e = s->errors; e; e = e->next)
        buffer_printf(&b, "%s %s;", e->pointer, fault_name(e->fault));
    return b.text;
}

static void judged_as_asked(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct pair more[6];
        const char *faults;
    } rows[] = {
        { "for oneself", { { "submitter/role", "self" } }, "" },
        { "for oneself, after another was typed in",
          { { "submitter/role", "self" }, { "applicant/name", "Ola" }, { "applicant/national_id", "1" }, { "applicant/phone", "x" }, { "submitter/basis", "certificate" } }, "" },
        { "for a relative, of whom nothing is said", { { "submitter/role", "relative" }, { "submitter/basis", "later" } }, "/applicant/name missing;" },
        { "for a relative without a number",
          { { "submitter/role", "relative" }, { "submitter/basis", "later" }, { "applicant/name", "Ola" }, { "applicant/national_id", "\u200b" } }, "" },
        { "nobody chosen", { { "applicant/name", "Ola" } }, "/submitter/role missing;" },
        { "a postal code and a blank", { { "submitter/role", "hospital" }, { "applicant/name", "Ola" }, { "applicant/address/postal_code", "5300 " } }, "" },
        { "needs that nobody sees", { { "submitter/role", "self" }, { "needs", "\u200b\u3000" } }, "/needs missing;" },
        { "a name of marks", { { "submitter/role", "self" }, { "submitter/name", "\u202a\u202c" } }, "/submitter/name missing;" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = scope(false);
        struct pair all[20];
        size_t count = 0;
        for (size_t k = 0; k < ROWS(rows[i].more) && rows[i].more[k].name; k++)
            all[count++] = rows[i].more[k];
        static const struct pair good[] = { GOOD };
        memcpy(all + count, good, sizeof(good)); /* the first of a name is read */
        CHECK_TEXT(rows[i].name, faults_of(&s, &(struct pairs){ all, count + ROWS(good) }), rows[i].faults);
        arena_free(s.arena);
    }
}

/* Whether a question or a choice on the page has that id (templates/form.html). */
static bool on_page(json_t *view, const char *id)
{
    size_t i, k, n;
    json_t *part, *question, *option;
    json_array_foreach(json_object_get(view, "parts"), i, part)
        json_array_foreach(json_object_get(part, "questions"), k, question) {
            if (strcmp(json_string_value(json_object_get(question, "id")), id) == 0 &&
                json_is_true(json_object_get(question, "single")))
                return true;
            json_array_foreach(json_object_get(question, "options"), n, option)
                if (strcmp(json_string_value(json_object_get(option, "option_id")), id) == 0)
                    return true;
        }
    return false;
}

static json_t *view_of(struct scope *s, const struct pairs *fields)
{
    return arena_value(s->arena, form_view(s, fields, "key"));
}

static json_t *lines_of(struct scope *s, const struct pairs *fields)
{
    return json_object_get(view_of(s, fields), "errors");
}

/* One fault alone: the summary has a line, which leads to a place on the page. */
static void check_fault(const char *pointer, enum fault fault, bool logged_in)
{
    struct scope s = scope(logged_in);
    const struct pairs none = { 0 };
    scope_fault(&s, pointer, fault);
    json_t *view = view_of(&s, &none), *line = json_array_get(json_object_get(view, "errors"), 0);
    const char *target = json_string_value(json_object_get(line, "target")), *text = json_string_value(json_object_get(line, "text"));
    if (!line || !*text || strstr(text, "{}") || strstr(text, "{max}"))
        fail_msg("%s %s: nobody is told", pointer, fault_name(fault));
    if (!on_page(view, target))
        fail_msg("%s %s: \"%s\" leads to no place on the page (%s)", pointer, fault_name(fault), text, target);
    arena_free(s.arena);
}

static void check_faults(const char *pointer)
{
    for (unsigned fault = 0; fault < FAULT_COUNT; fault++)
        check_fault(pointer, fault, fault % 2);
}

static void check_record(struct arena *a, const struct record *record, const char *before)
{
    for (const struct field *f = record->fields; f->name; f++) {
        const char *pointer = arena_printf(a, "%s/%s", before, f->name);
        check_faults(pointer);
        if (f->kind == KIND_TEXTS)
            check_faults(arena_printf(a, "%s/3", pointer));
        if (f->record)
            check_record(a, f->record, pointer);
    }
}

static void every_fault_has_a_line(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    check_record(a, &application_record, "");
    check_faults("");
    check_faults("/nothing/like/it");
    check_faults("/applicant/nothing");
    check_fault("/submitter/national_id", FAULT_CHECKSUM, true);
    arena_free(a);
}

/* WCAG 3.3.3: who is told that something is written wrongly is told how to write it. */
static void wrong_forms_come_with_an_example(void **state)
{
    (void)state;
    static const enum fault of_form[] = { FAULT_FORMAT, FAULT_DATE, FAULT_CHECKSUM, FAULT_RANGE };
    static const bool coded[ASK_TRUE + 1] = { [ASK_PHONE] = true, [ASK_NUMBER] = true, [ASK_EMAIL] = true, [ASK_DATE] = true };
    static const struct { /* what can't be wrong so */
        enum ask ask;
        enum fault fault;
    } never[] = { { ASK_PHONE, FAULT_DATE }, { ASK_PHONE, FAULT_CHECKSUM }, { ASK_PHONE, FAULT_RANGE }, { ASK_NUMBER, FAULT_RANGE },
                  { ASK_EMAIL, FAULT_DATE }, { ASK_EMAIL, FAULT_CHECKSUM }, { ASK_EMAIL, FAULT_RANGE }, { ASK_DATE, FAULT_CHECKSUM } };
    for (const struct form_part *part = form_parts; part->name; part++)
        for (const struct question *q = part->questions; q->name; q++)
            for (size_t i = 0; coded[q->ask] && i < ROWS(of_form); i++) {
                bool possible = true;
                for (size_t k = 0; k < ROWS(never); k++)
                    possible = possible && !(never[k].ask == q->ask && never[k].fault == of_form[i]);
                struct scope s = scope(false);
                scope_fault(&s, arena_printf(s.arena, "/%s", q->name), of_form[i]);
                const char *text = json_string_value(json_object_get(json_array_get(lines_of(&s, &(struct pairs){ 0 }), 0), "text"));
                if (possible && !strstr(text, "for eksempel"))
                    fail_msg("%s %s: \"%s\" gives no example", q->name, fault_name(of_form[i]), text);
                arena_free(s.arena);
            }
}

static const char *answer(struct mixture *m, const struct question *q)
{
    static const char *const right[ASK_TRUE + 1] = { [ASK_LONG] = "Ord", [ASK_TEXT] = "Kari Prøve", [ASK_PHONE] = "40 00 00 00",
                                                     [ASK_NUMBER] = "178340-06863", [ASK_EMAIL] = "kari@example.no", [ASK_DATE] = "2026-12-24" };
    size_t choices = 0;
    while (q->choices && q->choices[choices])
        choices++;
    switch ((enum state)mixture_random(m, STATES)) {
    case ABSENT:
        return NULL;
    case BLANK:
        return mixture_random(m, 2) ? " " : "\u200b";
    case WRONG_TYPE:
        return "[7]";
    case TOO_LONG:
        return mixture_random(m, 4) ? " \n" : m->too_long; /* the longest takes the longest */
    case NEARLY:
        return "1783400\u00a06864";
    default:
        return choices ? q->choices[mixture_random(m, (uint32_t)choices)] : right[q->ask];
    }
}

/* Each fault of a form has a line of its own, or shares its question's. */
static void check_form_mixture(struct mixture *m, bool logged_in, bool seen[FAULT_COUNT][256])
{
    struct scope s = scope(logged_in);
    struct pair items[PAIRS_MOST];
    struct pairs fields = { .items = items };
    for (const struct form_part *part = form_parts; part->name; part++)
        for (const struct question *q = part->questions; q->name; q++) {
            const char *value = answer(m, q);
            if (value)
                items[fields.count++] = (struct pair){ q->name, value };
        }
    if (mixture_random(m, 2))
        items[fields.count++] = (struct pair){ "municipality", "4627" };
    faults_of(&s, &fields);
    bool news = false;
    for (const struct field_error *e = s.errors; e; e = e->next) {
        unsigned char hash = 0;
        for (const char *c = e->pointer; *c; c++)
            hash = (unsigned char)(hash * 31 + *c);
        news = news || !seen[e->fault][hash];
        seen[e->fault][hash] = true;
    }
    if (s.errors && (news || mixture_random(m, 1000) == 0) && json_array_size(lines_of(&s, &fields)) == 0)
        fail_msg("refused, and not a line");
    arena_free(s.arena);
}

static void whatever_is_sent(void **state)
{
    (void)state;
    bool (*seen)[FAULT_COUNT][256] = test_calloc(2, sizeof(*seen));
    char too_long[4002] = "";
    struct mixture m = { .random = mixture_seed(), .too_long = memset(too_long, 'a', sizeof(too_long) - 1) };
    print_message("form: TILLIT_SEED=%llu\n", (unsigned long long)m.random);
    for (unsigned n = 0; n < RANDOM; n++)
        check_form_mixture(&m, n % 2, seen[n % 2]);
    test_free(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(read_as_meant), cmocka_unit_test(judged_as_asked),
                                        cmocka_unit_test(every_fault_has_a_line),
                                        cmocka_unit_test(wrong_forms_come_with_an_example),
                                        cmocka_unit_test(whatever_is_sent) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
