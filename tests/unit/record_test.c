/* SPDX-License-Identifier: EUPL-1.2 */
/* Decoding names every fault at its pointer; encoding gives back what was read. */
#include "tests/unit/table.h"

#include "common/record/encode.h"
#include "common/record/schema.h"
#include "services/api/page/texts.h"

struct inner {
    const char *code;
};
struct outer {
    const char *name;
    const char *note;
    int64_t count;
    struct maybe level;
    bool sure;
    struct texts words;
    struct inner *inner;
    struct list list;
    struct instant when;
};

static const char *const colours[] = { "red", "green", NULL };
static const struct field inner_fields[] = { FIELD(struct inner, code, .format = FORMAT_CODE), { 0 } };
static const struct record inner_record = { .name = "inner", .size = sizeof(struct inner), .fields = inner_fields };
static const struct field outer_fields[] = {
    FIELD(struct outer, name, .max = 5),
    FIELD(struct outer, note, .flags = OPTIONAL | NULLABLE),
    FIELD(struct outer, count),
    FIELD(struct outer, level, .flags = OPTIONAL),
    FIELD(struct outer, sure),
    FIELD(struct outer, words, .flags = OPTIONAL | UNIQUE, .choices = colours, .max_items = 2),
    NESTED_FIELD(struct outer, inner, &inner_record, .flags = OPTIONAL),
    LIST_FIELD(struct outer, list, &inner_record, .flags = OPTIONAL),
    { 0 },
};
static const struct record outer_record = { .name = "outer", .size = sizeof(struct outer), .fields = outer_fields };

#define GOOD "\"name\":\"Åse\",\"count\":1,\"sure\":true"

static const struct {
    const char *name, *json, *faults; /* "/pointer fault;..."; NULL = no document at all */
} rows[] = {
    { "whole", "{" GOOD "}", "" },
    { "everything missing", "{}", "/name missing;/count missing;/sure missing;" },
    { "five characters, not bytes", "{\"name\":\"æøåæø\",\"count\":1,\"sure\":true}", "" },
    { "six characters", "{\"name\":\"æøåæøå\",\"count\":1,\"sure\":true}", "/name length;" },
    { "blank", "{\"name\":\" \",\"count\":1,\"sure\":true}", "/name missing;" },
    { "a real number", "{\"name\":\"a\",\"count\":1.5,\"sure\":true}", "/count type;" },
    { "a nested fault", "{" GOOD ",\"inner\":{\"code\":\"a b\"}}", "/inner/code format;" },
    { "a fault in a list", "{" GOOD ",\"list\":[{\"code\":\"a\"},{}]}", "/list/1/code missing;" },
    { "a repeated word", "{" GOOD ",\"words\":[\"red\",\"red\"]}", "/words/1 repeat;" },
    { "no such word", "{" GOOD ",\"words\":[\"blue\"]}", "/words/0 choice;" },
    { "too many words", "{" GOOD ",\"words\":[\"red\",\"green\",\"red\"]}", "/words length;" },
    { "unknown, escaped", "{" GOOD ",\"a/b~c\":1}", "/a~1b~0c unknown;" },
    { "null where none is taken", "{\"name\":null,\"count\":1,\"sure\":true}", "/name type;" },
    { "null where one is", "{" GOOD ",\"note\":null}", "" },
    { "a repeated member", "{" GOOD ",\"count\":2}", "/count duplicate;" },
    { "a repeated member far in", "{" GOOD ",\"list\":[{\"code\":\"a\",\"code\":\"b\"}]}", "/list/0/code duplicate;" },
    { "a repeated member, spelled with an escape", "{" GOOD ",\"c\\u006funt\":2}", "/count duplicate;" },
    { "repeated, and the other faults", "{\"name\":\"a\",\"count\":1,\"count\":2,\"x\":1}", "/count duplicate;/sure missing;/x unknown;" },
    { "carriage return", "{\"name\":\"a\\rb\",\"count\":1,\"sure\":true}", "/name format;" },
    { "noncharacter", "{\"name\":\"\\ufffe\",\"count\":1,\"sure\":true}", "/name format;" },
    { "text for a boolean", "{\"name\":\"a\",\"count\":1,\"sure\":\"true\"}", "/sure type;" },
    { "past 64 bits", "{\"name\":\"a\",\"count\":9223372036854775808,\"sure\":true}", "/count range;" },
    { "far past 64 bits, and the other faults", "{\"name\":1e999,\"count\":-99999999999999999999,\"sure\":1E+400,\"level\":1e309}", "/name type;/count range;/level range;/sure type;" },
    { "the largest and the least", "{" GOOD ",\"level\":-9223372036854775808}", "" },
    { "as large as a number may be", "{\"name\":\"a\",\"count\":1.7976931348623157e308,\"sure\":true}", "/count range;" },
    { "too small to be told from nothing", "{\"name\":\"a\",\"count\":1e-999,\"sure\":true}", "/count type;" },
    { "out of range far in", "{" GOOD ",\"inner\":{\"code\":{\"a\":1e400}},\"list\":[{\"code\":1e999},7]}", "/inner/code type;/list/0/code type;/list/1 type;" },
    { "out of range in what is not known", "{" GOOD ",\"x\":[1e999]}", "/x unknown;" },
    { "no number, however large", "{" GOOD ",\"level\":01e999}", NULL },
    { "no number, cut", "{" GOOD ",\"level\":1e999e}", NULL },
    { "no number, dots", "{" GOOD ",\"level\":1.5.1e999}", NULL },
    { "large, in a text", "{\"name\":\"1e999\",\"count\":1,\"sure\":true}", "" },
    { "the first half of a pair", "{\"name\":\"a\\ud800b\",\"count\":1,\"sure\":true}", "/name format;" },
    { "the second half of a pair", "{\"name\":\"\\udC00\",\"count\":1,\"sure\":true}", "/name format;" },
    { "halves in the wrong order, and the other faults", "{\"name\":\"\\udc00\\ud800\",\"words\":[\"red\\ud800\\ud800\"],\"count\":\"1\"}", "/name format;/count type;/sure missing;/words/0 format;" },
    { "a half before a letter's escape", "{\"name\":\"\\ud83d\\u0041\",\"count\":1,\"sure\":true}", "/name format;" },
    { "a whole pair", "{\"name\":\"\\ud83d\\ude42\",\"count\":1,\"sure\":true}", "" },
    { "the escape of an escape", "{\"name\":\"\\\\ud8\",\"count\":1,\"sure\":true}", "" },
    { "a half in a name, and the other faults", "{\"name\":7,\"count\":1,\"sure\":true,\"x\\ud800y\":1}", "/x\xef\xbf\xbdy format;/name type;" },
    { "a half that is no escape", "{\"name\":\"\\ud8\",\"count\":1,\"sure\":true}", NULL },
    { "a list for a record", "{" GOOD ",\"inner\":[]}", "/inner type;" },
    { "garbage behind", "{" GOOD "} x", NULL },
    { "empty", "", NULL },
    { "overlong UTF-8", "{\"name\":\"\xc0\xaf\",\"count\":1,\"sure\":true}", NULL },
    { "C1 control", "{\"name\":\"\\u0085\",\"count\":1,\"sure\":true}", "/name format;" },
    { "not an object", "[]", " type;" },
    { "cut", "{\"name\":", NULL },
    { "an escaped NUL", "{\"name\":\"\\u0000\",\"count\":1,\"sure\":true}", "/name format;" },
    { "an escaped NUL within, and the other faults", "{\"name\":\"a\\u0000b\",\"words\":[\"red\\u0000\"],\"count\":\"1\"}", "/name format;/count type;/sure missing;/words/0 format;" },
    { "an escaped NUL in a text that may be left out", "{" GOOD ",\"note\":\" \\u0000\"}", "/note format;" },
    { "an escaped NUL in a name", "{" GOOD ",\"list\":[{\"code\\u0000\":\"a\"}]}", "/list/0/code\xef\xbf\xbd format;/list/0/code missing;" },
    { "an escaped NUL in a name, and the other faults", "{\"name\":7,\"count\":1,\"sure\":true,\"x\\u0000y\":1}", "/x\xef\xbf\xbdy format;/name type;" },
    { "zero-width space alone", "{\"name\":\"\\u200b\",\"count\":1,\"sure\":true}", "/name missing;" },
    { "ideographic space alone", "{\"name\":\"\\u3000\",\"count\":1,\"sure\":true}", "/name missing;" },
    { "joiners alone", "{\"name\":\"\\u200c\\u200d\\ufe0f\",\"count\":1,\"sure\":true}", "/name missing;" },
    { "joined: one thing of five characters", "{\"name\":\"👨\u200d👩\u200d👧\",\"count\":1,\"sure\":true}", "" },
};

static struct scope scope(void)
{
    return (struct scope){ .arena = arena_new() };
}

static const char *faults_of(struct scope *s)
{
    struct buffer b = buffer_new(s->arena);
    for (const struct field_error *e = s->errors; e; e = e->next)
        buffer_printf(&b, "%s %s;", e->pointer, fault_name(e->fault));
    return b.text;
}

static void every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scope s = scope();
        struct outer out = { 0 };
        enum problem p = record_from_json(&s, &outer_record, RECORD_BODY, rows[i].json, strlen(rows[i].json), &out);
        CHECK_INT(rows[i].name, p, rows[i].faults && !*rows[i].faults ? OK : PROBLEM_MALFORMED);
        CHECK_TEXT(rows[i].name, faults_of(&s), rows[i].faults ? rows[i].faults : "");
        arena_free(s.arena);
    }
}

static void round_trip(void **state)
{
    (void)state;
    static const char json[] = "{\"name\":\"Áŋŋe\",\"note\":null,\"count\":-7,\"level\":3,\"sure\":false,"
                               "\"words\":[\"red\"],\"inner\":{\"code\":\"x\"},\"list\":[{\"code\":\"y\"}]}";
    struct scope s = scope();
    struct outer out = { 0 };
    CHECK_INT("read", record_from_json(&s, &outer_record, RECORD_BODY, json, strlen(json), &out), OK);
    CHECK_TEXT("written", record_to_json(&s, &outer_record, &out), json);
    arena_free(s.arena);
}

struct sundry {
    const char *empty, *given, *none;
    struct instant at, due;
    const char *inner;
    struct bytes sealed;
};
static const struct field sundry_fields[] = {
    FIELD(struct sundry, empty), FIELD(struct sundry, given, .flags = NULLABLE), FIELD(struct sundry, none, .flags = OPTIONAL),
    FIELD(struct sundry, at), FIELD(struct sundry, due, .flags = NULLABLE | OPTIONAL),
    FIELD(struct sundry, inner, .flags = INNER), FIELD(struct sundry, sealed), { 0 },
};
static const struct record sundry_record = RECORD("sundry", struct sundry, sundry_fields);

/* What must be there is a text even where it holds nothing: the schema says so. */
static void empty_is_not_absent(void **state)
{
    (void)state;
    struct scope s = scope();
    const struct sundry sundry = { .empty = "", .given = "", .none = "", .at = { 1795511553123456 },
                                   .inner = "not told", .sealed = { (const unsigned char *)"x", 1 } };
    CHECK_TEXT("written", record_to_json(&s, &sundry_record, &sundry),
               "{\"empty\":\"\",\"given\":null,\"at\":\"2026-11-24T09:12:33.123Z\",\"due\":null}");
    arena_free(s.arena);
}

static void instants(void **state)
{
    (void)state;
    static const struct {
        const char *json, *faults;
        int64_t at, due;
    } read[] = {
        { "\"at\":\"2026-11-24T10:12:33.123456+01:00\"", "", 1795511553123456, 0 },
        { "\"at\":\"2026-11-24T09:12:33Z\",\"due\":\"2026-11-24T09:12:34Z\"", "", 1795511553000000, 1795511554000000 },
        { "\"at\":\"2026-11-24T09:12:33Z\",\"due\":null", "", 1795511553000000, 0 },
        { "\"at\":\"2026-11-24T09:12:33Z\",\"due\":\" \"", "", 1795511553000000, 0 },
        { "\"due\":7", "/at missing;/due type;", 0, 0 },
        { "\"at\":\" \"", "/at missing;", 0, 0 },
        { "\"at\":null", "/at type;", 0, 0 },
        { "\"at\":\"2026-11-24\"", "/at format;", 0, 0 },
        { "\"at\":\"1970-01-01T00:00:00Z\"", "/at range;", 0, 0 },
        { "\"at\":\"2026-11-24T09:12:33Z\",\"inner\":\"x\"", "/inner unknown;", 1795511553000000, 0 },
        { "\"at\":\"2026-11-24T09:12:33Z\",\"sealed\":\"x\"", "/sealed unknown;", 1795511553000000, 0 },
    };
    for (size_t i = 0; i < ROWS(read); i++) {
        struct scope s = scope();
        struct sundry out = { 0 };
        const char *json = arena_printf(s.arena, "{\"empty\":\"a\",\"given\":null,%s}", read[i].json);
        record_from_json(&s, &sundry_record, RECORD_BODY, json, strlen(json), &out);
        CHECK_TEXT(read[i].json, faults_of(&s), read[i].faults);
        CHECK_INT(read[i].json, out.at.us, read[i].at);
        CHECK_INT(read[i].json, out.due.us, read[i].due);
        arena_free(s.arena);
    }
}

static void events_ignore_what_they_do_not_know(void **state)
{
    (void)state;
    struct scope s = scope();
    struct outer out = { 0 };
    static const char json[] = "{" GOOD ",\"later\":1}";
    CHECK_INT("event", record_from_json(&s, &outer_record, RECORD_EVENT, json, strlen(json), &out), OK);
    static const char taken_before[] = "{\"name\":\"\\u200b\",\"count\":1,\"sure\":true}";
    CHECK_INT("taken when it was no blank", record_from_json(&s, &outer_record, RECORD_EVENT, taken_before, strlen(taken_before), &out), OK);
    static const char nul[] = "{" GOOD ",\"later\":\"\\u0000\"}";
    CHECK_INT("a NUL, which no database keeps", record_from_json(&s, &outer_record, RECORD_EVENT, nul, strlen(nul), &out), PROBLEM_MALFORMED);
    arena_free(s.arena);
}

/* A body of 262 144 bytes must not buy seconds. */
static void hostile_bodies_are_cheap(void **state)
{
    (void)state;
    static const struct {
        const char *name, *open, *before, *after, *close; /* open, before 0 after, before 1 after, ... */
        unsigned faults;
    } bodies[] = {
        { "an object of many names", "{", "\"", "\":1", "}", 0 },
        { "many repeats", "[", "{\"b", "\":1,\"a\":1,\"a\":2}", "]", FIELD_ERRORS_MOST },
        { "deep", "[", "[[[[", "", "]", 0 },
    };
    for (size_t i = 0; i < ROWS(bodies); i++) {
        struct scope s = scope();
        struct outer out = { 0 };
        struct buffer b = buffer_new(s.arena);
        buffer_text(&b, bodies[i].open);
        for (size_t k = 0; b.length < 262000; k++)
            buffer_printf(&b, "%s%s%zu%s", k ? "," : "", bodies[i].before, k, bodies[i].after);
        buffer_text(&b, bodies[i].close);
        unsigned faults = 0;
        CHECK_INT(bodies[i].name, record_from_json(&s, &outer_record, RECORD_BODY, b.text, b.length, &out), PROBLEM_MALFORMED);
        for (const struct field_error *e = s.errors; e; e = e->next)
            faults++;
        CHECK_INT(bodies[i].name, faults, bodies[i].faults);
        arena_free(s.arena);
    }
}

static void schema_and_example(void **state)
{
    (void)state;
    static const struct field fields[] = {
        FIELD(struct outer, name, .max = 5, .flags = NULLABLE, .choices = colours, .example = "\"red\""),
        FIELD(struct outer, sure, .flags = TRUE_ONLY, .example = "true"),
        FIELD(struct outer, words, .flags = OPTIONAL | UNIQUE, .max_items = 2, .format = FORMAT_POSTAL_CODE),
        LIST_FIELD(struct outer, list, &inner_record, .flags = OPTIONAL),
        FIELD(struct outer, when, .flags = NULLABLE | OPTIONAL),
        FIELD(struct outer, note, .flags = INNER),
        { 0 },
    };
    static const struct record record = { .name = "r", .size = sizeof(struct outer), .fields = fields };
    static const char want[] =
        "{\"additionalProperties\":false,\"properties\":{"
        "\"list\":{\"items\":{\"$ref\":\"#/inner\"},\"type\":\"array\"},"
        "\"name\":{\"enum\":[\"red\",\"green\",null],\"maxLength\":5,\"type\":[\"string\",\"null\"]},"
        "\"sure\":{\"const\":true},"
        "\"when\":{\"format\":\"date-time\",\"type\":[\"string\",\"null\"]},"
        "\"words\":{\"items\":{\"pattern\":\"^[0-9]{4}$\",\"type\":\"string\"},\"maxItems\":2,\"type\":\"array\",\"uniqueItems\":true}},"
        "\"required\":[\"name\",\"sure\"],\"type\":\"object\"}";
    json_t *schema = record_schema(&record, RECORD_BODY, "#/");
    json_t *example = record_example(&record);
    char *text = json_dumps(schema, JSON_COMPACT | JSON_SORT_KEYS);
    CHECK_TEXT("schema", text, want);
    arena_release_foreign(text);
    text = json_dumps(example, JSON_COMPACT | JSON_SORT_KEYS);
    CHECK_TEXT("example", text, "{\"list\":[{}],\"name\":\"red\",\"sure\":true}");
    arena_release_foreign(text);
    json_decref(schema);
    json_decref(example);
}

static void utf8(void **state)
{
    (void)state;
    static const struct {
        const char *name, *bytes;
        bool good;
    } texts[] = {
        { "ascii", "abc", true }, { "tab and newline", "a\tb\n", true }, { "Sámi", "čđŋšŧž", true },
        { "emoji", "🙂", true }, { "overlong", "\xc0\xaf", false }, { "overlong three", "\xe0\x80\xaf", false },
        { "surrogate", "\xed\xa0\x80", false }, { "past the end", "\xf4\x90\x80\x80", false },
        { "cut", "\xe2\x82", false }, { "lone continuation", "\x80", false }, { "DEL", "\x7f", false },
        { "noncharacter", "\xef\xbf\xbe", false }, { "C0", "\x01", false },
    };
    for (size_t i = 0; i < ROWS(texts); i++)
        CHECK_INT(texts[i].name, text_well_formed(texts[i].bytes, strlen(texts[i].bytes)), texts[i].good);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_row), cmocka_unit_test(round_trip),
                                        cmocka_unit_test(empty_is_not_absent), cmocka_unit_test(instants),
                                        cmocka_unit_test(events_ignore_what_they_do_not_know),
                                        cmocka_unit_test(hostile_bodies_are_cheap),
                                        cmocka_unit_test(schema_and_example),
                                        cmocka_unit_test(utf8) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
