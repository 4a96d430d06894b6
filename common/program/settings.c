/* SPDX-License-Identifier: EUPL-1.2 */
/* The settings table, made from settings.def: parser, --help and README. */
#include "common/program/settings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/address.h"
#include "common/base/arena.h"
#include "common/base/link.h"
#include "common/program/programs.h"
#include "common/program/settings_form.h"
#include "common/time/instant.h"

enum type { TEXT, FLAG, NUMBER, ADDRESS, HOSTS, DATE, PLAIN_FILE, SECRET,
            DATABASE, BROKERS, TOPIC, WEB, WORD, WORDS, CODES };

/* Of those whose words alone say whether they can work. */
static const char *(*const forms[])(const char *text) = {
    [DATABASE] = form_database, [BROKERS] = form_brokers, [TOPIC] = form_topic, [WEB] = form_web,
    [WORD] = form_word,         [WORDS] = form_words,     [CODES] = form_codes,
};

static const struct setting {
    const char *name;
    enum type type;
    size_t offset;
    const char *users;
    const char *preset; /* NULL = must be set */
    int64_t least;
    int64_t most;
    const char *meaning;
} table[] = {
#define SETTING(member, type, name, users, preset, least, most, meaning)                       \
    { name, type, offsetof(struct settings, member), users, preset, least, most, meaning },
#include "common/program/settings.def"
#undef SETTING
};

enum { SETTINGS = sizeof(table) / sizeof(*table) };

/* What the program takes where nothing is set; NULL = it must be. */
static const char *preset_of(const struct setting *row, const struct program_row *who)
{
    return row->offset == offsetof(struct settings, internal_address) ? who->internal : row->preset;
}

static bool parse_number(const struct setting *row, const char *text, int64_t *out)
{
    long long value = strtoll(text, NULL, 10); /* past its range it is its most */
    *out = value;
    return *text && strspn(text, "0123456789") == strlen(text) && value >= row->least && value <= row->most;
}

static const char *why_no_file(const char *path, mode_t others)
{
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode) || access(path, R_OK) != 0)
        return "must be a file that can be read";
    return about.st_mode & others ? "must be a file that its owner alone may read: chmod 600"
                               : NULL;
}

/* Why the text is no value of the row, NULL after writing it into out. */
static const char *parse(const struct setting *row, const char *text, void *member)
{
    struct date day;
    const char *why;
    switch (row->type) {
    case FLAG:
        *(bool *)member = strcmp(text, "on") == 0;
        return strcmp(text, "on") && strcmp(text, "off") ? "must be on or off" : NULL;
    case NUMBER:
        return parse_number(row, text, member) ? NULL : "must be a whole number in range";
    case ADDRESS:
        *(const char **)member = text;
        return address_fault(text);
    case HOSTS:
        *(const char **)member = *text ? text : NULL;
        return addresses_are_sound(text) ? NULL : "must be addresses (192.0.2.1, 2001:db8::1), with commas between";
    case DATE:
        *(const char **)member = text;
        return date_parse(text, &day) ? NULL : "must be a date, YYYY-MM-DD";
    case PLAIN_FILE:
    case SECRET:
        *(const char **)member = *text ? text : NULL;
        return *text ? why_no_file(text, row->type == SECRET ? 077 : 0) : NULL;
    case TEXT:
        *(const char **)member = *text ? text : NULL;
        return NULL;
    case DATABASE:
    case BROKERS:
    case TOPIC:
    case WEB:
    case WORD:
    case WORDS:
    case CODES:
        why = *text ? forms[row->type](text) : NULL;
        *(const char **)member = *text && !why ? text : NULL;
        return why;
    }
    return "has no parser";
}

static bool read_row(struct arena *a, const struct setting *row, const char *preset,
                     struct settings *out, FILE *errors)
{
    const char *text = getenv(row->name);
    if (!text || !*text)
        text = preset;
    if (!text) {
        fprintf(errors, "%s must be set: %s\n", row->name, row->meaning);
        return false;
    }
    const char *why = parse(row, arena_strdup(a, text), (char *)out + row->offset);
    if (why)
        fprintf(errors, "%s %s\n", row->name, why);
    return !why;
}

/* Behind the host nothing may come: paths of ours are put there. */
static bool is_bare(const char *name, const char *url, FILE *errors)
{
    bool bare = !url || !strchr(strstr(url, "://") + 3, '/');
    if (!bare)
        fprintf(errors, "%s must end behind the host: no slash, no path\n", name);
    return bare;
}

static bool people_can_log_in(const struct settings *set, FILE *errors)
{
    return is_bare("TILLIT_PUBLIC_URL", set->public_url, errors) &
           is_bare("TILLIT_INTERNAL_URL", set->internal_url, errors);
}

static bool asks_safely(const struct settings *set, FILE *errors)
{
    const struct {
        const char *name, *value;
    } addresses[] = {
        { "TILLIT_PUBLIC_URL", set->public_url },
        { "TILLIT_INTERNAL_URL", set->internal_url },
        { "TILLIT_CITIZEN_ISSUER", set->citizen_issuer },
        { "TILLIT_SYSTEM_ISSUER", set->system_issuer },
    };
    bool good = true;
    for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
        const char *value = addresses[i].value;
        if (value && !link_is_safe(value, set->synthetic)) {
            fprintf(errors,
                    "%s must be https; http only on loopback with TILLIT_SYNTHETIC=on\n",
                    addresses[i].name);
            good = false;
        }
    }
    return good;
}

static bool kafka_is_safe(const struct settings *set, FILE *errors)
{
    bool proves = set->kafka_certificate && set->kafka_key;
    if ((set->kafka_certificate || set->kafka_key) && !(proves && set->kafka_ca)) {
        fprintf(errors, "TILLIT_KAFKA_CERTIFICATE and TILLIT_KAFKA_KEY go together, and with "
                        "TILLIT_KAFKA_CA\n");
        return false;
    }
    if (set->synthetic || proves || !set->kafka_bootstrap ||
        links_are_here(set->kafka_bootstrap))
        return true;
    fprintf(errors,
            "KAFKA_BOOTSTRAP is on another machine: it needs TILLIT_KAFKA_CA, "
            "TILLIT_KAFKA_CERTIFICATE and TILLIT_KAFKA_KEY; without them only on loopback\n");
    return false;
}

static bool links_are_safe(const struct settings *set, FILE *errors)
{
    bool good = kafka_is_safe(set, errors);
    if (set->synthetic || !set->database_url || database_is_safe(set->database_url))
        return good;
    fprintf(errors, "DATABASE_URL is on another machine: it needs sslmode=verify-full; "
                    "without it only on loopback\n");
    return false;
}

static bool fits_together(const struct settings *set, bool is_api, FILE *errors)
{
    bool good = links_are_safe(set, errors);
    if (is_api) {
        good = people_can_log_in(set, errors) && good;
        good = asks_safely(set, errors) && good;
    }
    if (set->clock_file && !set->synthetic) {
        fprintf(errors, "TILLIT_CLOCK_FILE is for tests: it needs TILLIT_SYNTHETIC=on\n");
        good = false;
    }
    return good;
}

bool settings_read(struct arena *a, const char *program, struct settings *out, FILE *errors)
{
    const struct program_row *who = program_row(program);
    struct settings set = { 0 };
    bool good = true;
    for (int i = 0; i < SETTINGS; i++) {
        const struct setting *row = &table[i];
        if (strchr(row->users, who->letter))
            good = read_row(a, row, preset_of(row, who), &set, errors) && good;
    }
    good = fits_together(&set, who->letter == 'a', errors) && good;
    if (good)
        *out = set;
    return good;
}

static const char *preset_words(const char *preset)
{
    if (!preset)
        return "must be set";
    return *preset ? preset : "-";
}

void settings_help(const char *program, FILE *out)
{
    const struct program_row *who = program_row(program);
    for (int i = 0; i < SETTINGS; i++)
        if (strchr(table[i].users, who->letter))
            fprintf(out, "  %-23s %s\n%26s(%s)\n", table[i].name, table[i].meaning, "",
                    preset_words(preset_of(&table[i], who)));
}

void settings_table(FILE *out)
{
    fprintf(out, "| Setting | Default | Meaning |\n|---|---|---|\n");
    for (int i = 0; i < SETTINGS; i++)
        fprintf(out, "| `%s` | %s | %s |\n", table[i].name, preset_words(table[i].preset),
                table[i].meaning);
}
