/* SPDX-License-Identifier: EUPL-1.2 */
/* What an operator may set: all faults at once, never a value in them. */
#include "tests/unit/table.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/arena.h"
#include "common/program/programs.h"
#include "common/program/settings.h"

enum { MOST = 12 };

/* Reads the settings of the program under nothing but the environment; what was wrong is in *said. */
static bool read_under(struct arena *a, const char *program, const char *const *environment, struct settings *out,
                       const char **said)
{
    char *text = NULL;
    size_t length = 0;
    clearenv();
    for (; *environment; environment++)
        putenv(arena_strdup(a, *environment));
    FILE *errors = open_memstream(&text, &length);
    bool good = settings_read(a, program, out, errors);
    fclose(errors);
    *said = arena_strdup(a, text);
    arena_release_foreign(text);
    return good;
}

/* The first word of each line. */
static const char *first_words(struct arena *a, const char *said)
{
    struct buffer b = buffer_new(a);
    for (; *said; said += strcspn(said, "\n") + 1) {
        buffer_add(&b, said, strcspn(said, " "));
        buffer_char(&b, ';');
    }
    return b.text;
}

#define DATABASE "DATABASE_URL=postgres://db.example/tillit?sslmode=verify-full"
#define KEYS "TILLIT_KEYRING=/etc/tillit/keys"
#define KAFKA "KAFKA_BOOTSTRAP=127.0.0.1:19092"
#define ELSEWHERE "KAFKA_BOOTSTRAP=127.0.0.1:9092,kafka.example:9092"
#define CA "TILLIT_KAFKA_CA=/etc/passwd"
#define CERTIFICATE "TILLIT_KAFKA_CERTIFICATE=/etc/passwd"
#define CERTIFICATE_KEY "TILLIT_KAFKA_KEY=build/settings-test-key"
#define TRIAL "TILLIT_SYNTHETIC=on"

/* What it takes to let people log in. */
#define URL "TILLIT_PUBLIC_URL=https://soknad.example"
#define CITIZENS "TILLIT_INTERNAL_URL=https://tillit.example", "TILLIT_CITIZEN_ISSUER=https://idporten.no", "TILLIT_CITIZEN_CLIENT=c", "TILLIT_LOGIN_KEY_ID=k"
#define KEY "TILLIT_LOGIN_KEY=build/settings-test-key"
#define LOGIN URL, CITIZENS, KEY

static void every_row(void **state)
{
    (void)state;
    static const struct {
        const char *name, *program, *environment[MOST], *faults;
    } rows[] = {
        { "the API needs no Kafka", "api", { DATABASE, KEYS, LOGIN }, "" },
        { "the relay needs no keys", "relay", { DATABASE, KAFKA }, "" },
        { "a worker needs all three", "triage", { DATABASE, KAFKA, KEYS }, "" },
        { "nothing set", "letters", { NULL }, "DATABASE_URL;KAFKA_BOOTSTRAP;TILLIT_KEYRING;" },
        { "empty is not set", "api", { DATABASE, LOGIN, "TILLIT_KEYRING=" }, "TILLIT_KEYRING;" },
        { "no number", "relay", { DATABASE, KAFKA, "TILLIT_PARTITIONS=twelve" }, "TILLIT_PARTITIONS;" },
        { "out of range", "relay", { DATABASE, KAFKA, "TILLIT_PARTITIONS=0" }, "TILLIT_PARTITIONS;" },
        { "past 64 bits", "relay", { DATABASE, KAFKA, "TILLIT_PARTITIONS=99999999999999999999" }, "TILLIT_PARTITIONS;" },
        { "not on or off", "api", { DATABASE, KEYS, LOGIN, "TILLIT_SYNTHETIC=yes" }, "TILLIT_SYNTHETIC;" },
        { "three digits", "api", { DATABASE, KEYS, LOGIN, "TILLIT_MUNICIPALITY=4627,461" }, "TILLIT_MUNICIPALITY;" },
        { "all municipalities", "api", { DATABASE, KEYS, LOGIN, "TILLIT_MUNICIPALITY=" }, "" },
        { "two municipalities", "api", { DATABASE, KEYS, LOGIN, "TILLIT_MUNICIPALITY=4627,4601" }, "" },
        { "no such day", "api", { DATABASE, KEYS, LOGIN, "TILLIT_ID_2032_FROM=2031-02-29" }, "TILLIT_ID_2032_FROM;" },
        { "no port", "api", { DATABASE, KEYS, LOGIN, "TILLIT_PUBLIC=127.0.0.1" }, "TILLIT_PUBLIC;" },
        { "a worker may listen to its monitor", "triage", { DATABASE, KAFKA, KEYS, "TILLIT_INTERNAL=0.0.0.0:8083" }, "" },
        { "a clock of its own", "relay", { DATABASE, KAFKA, "TILLIT_CLOCK_FILE=/tmp/c" }, "TILLIT_CLOCK_FILE;" },
        { "a clock with synthetic people", "relay", { DATABASE, KAFKA, "TILLIT_CLOCK_FILE=/tmp/c", "TILLIT_SYNTHETIC=on" }, "" },
        { "systems by https", "api", { DATABASE, KEYS, LOGIN, "TILLIT_SYSTEM_ISSUER=https://maskinporten.no/" }, "" },
        { "systems by http", "api", { DATABASE, KEYS, LOGIN, "TILLIT_SYSTEM_ISSUER=http://127.0.0.1:9/" }, "TILLIT_SYSTEM_ISSUER;" },
        { "an issuer that is no address", "api", { DATABASE, KEYS, LOGIN, "TILLIT_SYSTEM_ISSUER=maskinporten.no" }, "TILLIT_SYSTEM_ISSUER;" },
        { "a trial's issuer", "api", { DATABASE, KEYS, LOGIN, "TILLIT_SYNTHETIC=on", "TILLIT_SYSTEM_ISSUER=http://127.0.0.1:9/" }, "" },
        { "the public listener open", "api", { DATABASE, KEYS, LOGIN, "TILLIT_PUBLIC=0.0.0.0:8080" }, "" },
        { "the internal listener open", "api", { DATABASE, KEYS, LOGIN, "TILLIT_INTERNAL=0.0.0.0:8081" }, "" },
        { "Kafka elsewhere", "relay", { DATABASE, ELSEWHERE }, "KAFKA_BOOTSTRAP;" },
        { "Kafka elsewhere, in a trial", "relay", { DATABASE, ELSEWHERE, TRIAL }, "" },
        { "Kafka elsewhere by TLS", "triage", { DATABASE, KEYS, ELSEWHERE, CA, CERTIFICATE, CERTIFICATE_KEY }, "" },
        { "Kafka elsewhere to whom we prove nothing", "relay", { DATABASE, ELSEWHERE, CA }, "KAFKA_BOOTSTRAP;" },
        { "Kafka elsewhere that proves nothing", "relay", { DATABASE, ELSEWHERE, CERTIFICATE, CERTIFICATE_KEY }, "TILLIT_KAFKA_CERTIFICATE;" },
        { "Kafka here by TLS", "relay", { DATABASE, KAFKA, CA }, "" },
        { "a certificate without a key", "relay", { DATABASE, KAFKA, CA, CERTIFICATE }, "TILLIT_KAFKA_CERTIFICATE;" },
        { "a key without a certificate", "relay", { DATABASE, KAFKA, CA, CERTIFICATE_KEY, TRIAL }, "TILLIT_KAFKA_CERTIFICATE;" },
        { "certificates that are not there", "relay", { DATABASE, KAFKA, "TILLIT_KAFKA_CA=/tmp/tillit-no-such-ca" }, "TILLIT_KAFKA_CA;" },
        { "a certificate's key that others may read", "relay", { DATABASE, KAFKA, CA, CERTIFICATE, "TILLIT_KAFKA_KEY=/etc/passwd" }, "TILLIT_KAFKA_KEY;" },
        { "a database elsewhere", "relay", { "DATABASE_URL=postgres://db.example/tillit", KAFKA }, "DATABASE_URL;" },
        { "a database elsewhere, in a trial", "relay", { "DATABASE_URL=postgres://db.example/tillit", KAFKA, TRIAL }, "" },
        { "both elsewhere", "relay", { "DATABASE_URL=postgres://db.example/tillit", ELSEWHERE }, "KAFKA_BOOTSTRAP;DATABASE_URL;" },
        { "nobody can log in", "api", { DATABASE, KEYS },
          "TILLIT_PUBLIC_URL;TILLIT_INTERNAL_URL;TILLIT_CITIZEN_ISSUER;TILLIT_CITIZEN_CLIENT;TILLIT_LOGIN_KEY;TILLIT_LOGIN_KEY_ID;" },
        { "a public address over http", "api", { DATABASE, KEYS, CITIZENS, KEY, "TILLIT_PUBLIC_URL=http://soknad.example" }, "TILLIT_PUBLIC_URL;" },
        { "a public address with a path", "api", { DATABASE, KEYS, CITIZENS, KEY, URL "/" }, "TILLIT_PUBLIC_URL;" },
        { "a key that is not there", "api", { DATABASE, KEYS, URL, CITIZENS, "TILLIT_LOGIN_KEY=/tmp/tillit-no-such-key" }, "TILLIT_LOGIN_KEY;" },
        { "a key that others may read", "api", { DATABASE, KEYS, URL, CITIZENS, "TILLIT_LOGIN_KEY=/etc/passwd" }, "TILLIT_LOGIN_KEY;" },
        { "a folder for a key", "api", { DATABASE, KEYS, URL, CITIZENS, "TILLIT_LOGIN_KEY=/tmp" }, "TILLIT_LOGIN_KEY;" },
        { "all at once", "api", { LOGIN, "TILLIT_BODY_LIMIT=1", "TILLIT_PUBLIC=0.0.0.0:80", "TILLIT_CLOCK_FILE=/tmp/c", "TILLIT_HELP_NUMBERS=1" },
          "DATABASE_URL;TILLIT_KEYRING;TILLIT_BODY_LIMIT;TILLIT_HELP_NUMBERS;TILLIT_CLOCK_FILE;" },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *a = arena_new();
        struct settings out = { 0 };
        const char *said;
        bool good = read_under(a, rows[i].program, rows[i].environment, &out, &said);
        CHECK_TEXT(rows[i].name, first_words(a, said), rows[i].faults);
        CHECK_INT(rows[i].name, good, !*rows[i].faults);
        CHECK_INT(rows[i].name, out.database_url != NULL, good); /* written only when all is well */
        arena_free(a);
    }
}

/* What the program says of one setting beside a good environment: whether it took it. */
static bool takes(const char *program, const char *name, const char *value)
{
    struct arena *a = arena_new();
    const char *const needed[] = { DATABASE, KAFKA, KEYS, TRIAL, LOGIN };
    const char *environment[ROWS(needed) + 2] = { 0 };
    size_t count = 0, length = strlen(name);
    for (size_t i = 0; i < ROWS(needed); i++)
        if (strncmp(needed[i], name, length) != 0 || needed[i][length] != '=')
            environment[count++] = needed[i];
    environment[count] = arena_printf(a, "%s=%s", name, value);
    struct settings out = { 0 };
    const char *said;
    bool good = read_under(a, program, environment, &out, &said);
    if (!good) {
        CHECK_TEXT(value, first_words(a, said), arena_printf(a, "%s;", name));
        CHECK_INT(value, strlen(value) > 3 && strstr(said, arena_printf(a, " %s ", value)), false);
    }
    arena_free(a);
    return good;
}

/* One setting each: what can't work by its words alone is no setting. */
static void odd_values(void **state)
{
    (void)state;
    static const struct {
        const char *program, *name, *value;
        bool taken;
    } rows[] = {
        { "api", "DATABASE_URL", "postgresql://127.0.0.1:5432/tillit", true },
        { "api", "DATABASE_URL", "postgresql://u:pw@one,other:5433/tillit", true },
        { "api", "DATABASE_URL", "host=/run/postgresql dbname=tillit", true },
        { "api", "DATABASE_URL", "tillit", true },
        { "api", "DATABASE_URL", "postgresql:///tillit", true },
        { "api", "DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:99999/tillit", false },
        { "api", "DATABASE_URL", "postgresql://127.0.0.1:0/tillit", false },
        { "api", "DATABASE_URL", "postgresql://u:hunter2@127.0.0.1/tillit?foo=bar", false },
        { "api", "DATABASE_URL", "postgresql://127.0.0.1/tillit?sslmode=verify_full", false },
        { "api", "DATABASE_URL", "postgresql://127.0.0.1/tillit?target_session_attrs=write", false },
        { "api", "DATABASE_URL", "host=one,other port=1,2,3", false },
        { "api", "DATABASE_URL", "host=one port=x", false },
        { "api", "DATABASE_URL", "http://127.0.0.1/tillit", false },
        { "api", "DATABASE_URL", "postgresql://%zz/tillit", false },
        { "api", "DATABASE_URL", " ", false },
        { "relay", "KAFKA_BOOTSTRAP", "kafka-1.example:9092, 10.0.0.1:9092", true },
        { "relay", "KAFKA_BOOTSTRAP", "[::1]:9092", true },
        { "relay", "KAFKA_BOOTSTRAP", "kafka.example", false },
        { "relay", "KAFKA_BOOTSTRAP", "kafka.example:", false },
        { "relay", "KAFKA_BOOTSTRAP", ":9092", false },
        { "relay", "KAFKA_BOOTSTRAP", "kafka.example:0", false },
        { "relay", "KAFKA_BOOTSTRAP", "kafka.example:65536", false },
        { "relay", "KAFKA_BOOTSTRAP", "kafka.example:9092/", false },
        { "relay", "KAFKA_BOOTSTRAP", "::1:9092", false },
        { "relay", "KAFKA_BOOTSTRAP", "ka fka:9092", false },
        { "relay", "KAFKA_BOOTSTRAP", "1.2.3:9092", false },
        { "relay", "KAFKA_BOOTSTRAP", "PLAINTEXT://kafka.example:9092", false },
        { "relay", "TILLIT_TOPIC", "tillit_cases-2", true },
        { "relay", "TILLIT_TOPIC", "..", false },
        { "relay", "TILLIT_TOPIC", "a/b", false },
        { "relay", "TILLIT_TOPIC", "a b", false },
        { "relay", "TILLIT_TOPIC", "sø", false },
        { "api", "TILLIT_CITIZEN_ISSUER", "https://login.example:8443/realms/a%20b", true },
        { "api", "TILLIT_CITIZEN_ISSUER", "https://idporten.no/", true },
        { "api", "TILLIT_CITIZEN_ISSUER", "https://a.example/b c", false },
        { "api", "TILLIT_CITIZEN_ISSUER", "https://a.example/b?c", false },
        { "api", "TILLIT_CITIZEN_CLIENT", "a b", false },
        { "api", "TILLIT_LOGIN_KEY_ID", "\x01", false },
        { "api", "TILLIT_SYSTEM_AUDIENCE", "https://a b", false },
        { "api", "TILLIT_SCOPE_PREFIX", "tillit: ", false },
        { "api", "TILLIT_PUBLIC", "127.0.0.1:65536", false },
        { "api", "TILLIT_INTERNAL", "127.0.0.1:0", false },
        { "api", "TILLIT_MUNICIPALITY", "9999x", false },
        { "api", "TILLIT_ID_2032_FROM", "2032-1-1", false },
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        CHECK_INT(rows[i].value, takes(rows[i].program, rows[i].name, rows[i].value), rows[i].taken);
}

/* Settings of one kind, and what is odd for all of them. */
static void odd_values_of_a_kind(void **state)
{
    (void)state;
    static const struct {
        const char *program;
        const char *names[10], *taken[4], *refused[20];
    } kinds[] = {
        { "api", { "TILLIT_PUBLIC_URL", "TILLIT_INTERNAL_URL", "TILLIT_CITIZEN_ISSUER", "TILLIT_SYSTEM_ISSUER" },
          { "https://a.example", "https://10.0.0.1:8443", "https://[2001:db8::1]:443", "http://127.0.0.1:1" },
          { "https://", "https:///", "https://a b", "https://a:99999", "https://a:0", "https://a:", "https://a:x", "https://u@a.example", "https://u:hunter2@a.example",
            "https://a..b", "https://.a", "https://-a", "https://a?b", "https://a#b", "https://[::1", "https://[a]", "https://999.1.1.1", "https://søknad.no", "ftp://a", "https://a\\b" } },
        { "api", { "TILLIT_MUNICIPALITY", "TILLIT_OPERATORS" }, { "4627", "4627,4601" },
          { ",", "4627,", ",4627", "4627,,4601", "4627, 4601", "4627;4601", "462", "46277", "4627 " } },
        { "api", { "TILLIT_PROXY" }, { "127.0.0.1", "127.0.0.1,::1", "127.0.0.1, ::1" }, { ",", "127.0.0.1,", ",127.0.0.1", "127.0.0.1,,::1", "127.0.0.1 ::1", "127.0.0.1, ", "127.1" } },
        { "api", { "TILLIT_CITIZEN_LEVELS" }, { "high", "idporten-loa-high,substantial" }, { ",", "high,", ",high", "high,,low", "high, low", "high low", " " } },
        { "relay", { "KAFKA_BOOTSTRAP" }, { "a:1", "a:1,b:2" }, { ",", "a:1,", ",a:1", "a:1,,b:2", "a:1 b:2", "a:1, " } },
        { "api", { "TILLIT_OPEN_APPLICATIONS", "TILLIT_DB_CONNECTIONS", "TILLIT_BODY_LIMIT", "TILLIT_RATE_ADDRESS", "TILLIT_RATE_CLIENT", "TILLIT_RATE_LOGIN" }, { NULL },
          { "-1", "99999999", "99999999999999999999", "-99999999999999999999", "2x", "0x10", " 2048", "2048 ", "+2048", "1e3", "2048.0", "x" } },
        { "relay", { "TILLIT_PARTITIONS", "TILLIT_REPLICATION" }, { "1", "9" }, { "0", "-1", "1001", "9.0", " 9", "+9", "9 " } },
        { "api", { "TILLIT_SYNTHETIC", "TILLIT_HELP_NUMBERS" }, { "on" }, { "ON", "1", "true", " on", "on," } },
    };
    for (size_t k = 0; k < ROWS(kinds); k++)
        for (size_t n = 0; n < ROWS(kinds[k].names) && kinds[k].names[n]; n++) {
            for (size_t i = 0; i < ROWS(kinds[k].taken) && kinds[k].taken[i]; i++)
                CHECK_INT(kinds[k].taken[i], takes(kinds[k].program, kinds[k].names[n], kinds[k].taken[i]), true);
            for (size_t i = 0; i < ROWS(kinds[k].refused) && kinds[k].refused[i]; i++)
                CHECK_INT(kinds[k].refused[i], takes(kinds[k].program, kinds[k].names[n], kinds[k].refused[i]), false);
        }
}

static void each_program_listens_elsewhere(void **state)
{
    (void)state;
    static const char *const environment[] = { DATABASE, KAFKA, KEYS, LOGIN, NULL };
    for (const struct program_row *row = program_rows; row->name; row++) {
        struct arena *a = arena_new();
        struct settings out = { 0 };
        const char *said;
        CHECK_INT(row->name, read_under(a, row->name, environment, &out, &said), true);
        CHECK_TEXT(row->name, out.internal_address ? out.internal_address : "", row->internal ? row->internal : "");
        CHECK_INT(row->name, out.db_connections, 8);
        CHECK_INT(row->name, out.synthetic, false);
        for (const struct program_row *other = program_rows; row->internal && other < row; other++)
            CHECK_INT(other->name, strcmp(other->internal, row->internal) != 0, true);
        arena_free(a);
    }
}

static void a_fault_never_tells_the_value(void **state)
{
    (void)state;
    static const char *const names[] = { "TILLIT_PUBLIC", "TILLIT_INTERNAL", "TILLIT_SYNTHETIC",
                                         "TILLIT_MUNICIPALITY", "TILLIT_DB_CONNECTIONS", "TILLIT_BODY_LIMIT",
                                         "TILLIT_ID_2032_FROM", "TILLIT_HELP_NUMBERS", "TILLIT_SYSTEM_ISSUER",
                                         "TILLIT_PUBLIC_URL", "TILLIT_CITIZEN_ISSUER", "TILLIT_LOGIN_KEY" };
    for (size_t i = 0; i < ROWS(names); i++) {
        struct arena *a = arena_new();
        struct settings out = { 0 };
        const char *said;
        const char *const environment[] = { arena_printf(a, "%s=hunter2", names[i]), NULL };
        CHECK_INT(names[i], read_under(a, "api", environment, &out, &said), false);
        CHECK_INT(names[i], strstr(said, names[i]) != NULL, true);
        CHECK_INT(names[i], strstr(said, "hunter2") != NULL, false);
        arena_free(a);
    }
}

static void help_lists_what_the_program_reads(void **state)
{
    (void)state;
    static const struct {
        const char *program, *setting;
        bool listed;
    } rows[] = {
        { "api", "TILLIT_PUBLIC", true },     { "triage", "TILLIT_PUBLIC", false },
        { "relay", "TILLIT_PARTITIONS", true }, { "letters", "TILLIT_PARTITIONS", false },
        { "api", "KAFKA_BOOTSTRAP", false },  { "metrics", "KAFKA_BOOTSTRAP", true },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char *text = NULL;
        size_t length = 0;
        FILE *out = open_memstream(&text, &length);
        settings_help(rows[i].program, out);
        fclose(out);
        CHECK_INT(rows[i].setting, strstr(text, rows[i].setting) != NULL, rows[i].listed);
        arena_release_foreign(text);
    }
}

static int make_key(void **state)
{
    (void)state;
    FILE *key = fopen("build/settings-test-key", "w");
    fchmod(fileno(key), 0600);
    return fclose(key);
}

static int drop_key(void **state)
{
    (void)state;
    return remove("build/settings-test-key");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_row), cmocka_unit_test(odd_values), cmocka_unit_test(odd_values_of_a_kind),
                                        cmocka_unit_test(each_program_listens_elsewhere),
                                        cmocka_unit_test(a_fault_never_tells_the_value),
                                        cmocka_unit_test(help_lists_what_the_program_reads) };
    return cmocka_run_group_tests(tests, make_key, drop_key);
}
