/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef COMMON_PROGRAM_SETTINGS_H
#define COMMON_PROGRAM_SETTINGS_H
/*
 * What an operator can set, all by environment: one table (settings.def) is parser, --help and
 * the README's table.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct arena;

/* settings.def rows: SETTING(member, type, "NAME", "default or empty", "what it means"),
 * types text, flag (on|off), number (whole, with range), address (host:port), hosts (comma-separated addresses), date
 * (YYYY-MM-DD), plain_file (that can be read), secret (a file that its owner alone may read), and those of
 * settings_form.h. No list may hold an empty item. A row's default for TILLIT_INTERNAL depends on the program. */
struct settings {
    const char *database_url;
    const char *kafka_bootstrap;
    const char *kafka_ca; /* a file, like the next two; NULL = without TLS */
    const char *kafka_certificate; /* with a key, or NULL */
    const char *kafka_key;
    const char *topic;
    int64_t partitions;
    int64_t replication;
    const char *keyring;
    const char *public_url;   /* "https://..." without a slash at the end */
    const char *internal_url;
    const char *citizen_issuer;
    const char *citizen_client;
    const char *login_key; /* a file */
    const char *login_key_id;
    const char *citizen_levels;  /* comma-separated, the first is asked for */
    const char *system_issuer;   /* NULL = no system logs in */
    const char *system_audience; /* NULL = not looked at */
    const char *scope_prefix;
    bool synthetic;
    int64_t open_applications; /* of one citizen */
    const char *municipality; /* comma-separated, each 4 digits; NULL = all that have a row */
    const char *house_operators; /* comma-separated like that; NULL = nobody's */
    int64_t db_connections;
    int64_t body_limit; /* bytes */
    const char *proxy;    /* comma-separated addresses, or NULL */
    int64_t rate_address; /* a minute; 0 = as often as they like; so are the next two */
    int64_t rate_client;
    int64_t rate_login;
    const char *clock_file;
    const char *id_2032_from; /* YYYY-MM-DD */
    bool help_numbers;
    const char *public_address;   /* host:port */
    const char *internal_address; /* host:port */
};

/* Reads the environment for the program ("api", "relay" ...). All faults at once: each as
 * one line on errors; false if there was any. Unless TILLIT_SYNTHETIC=on refuses
 * TILLIT_CLOCK_FILE, addresses over http, and a database or Kafka elsewhere without TLS. */
bool settings_read(struct arena *a, const char *program, struct settings *out, FILE *errors);

/* The part of --help that lists the settings, for the program. */
void settings_help(const char *program, FILE *out);

/* The README's table in Markdown: | Setting | Default | Meaning |. */
void settings_table(FILE *out);

#endif
