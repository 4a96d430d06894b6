/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The yardstick: an API as it is written first, one statement after another in BEGIN ... COMMIT on
 * each thread's own connection. It stores the same rows with the same number of bytes as Tillit's, and
 * neither checks nor seals.   usage: naive CONNINFO HOST:PORT
 */
#include <civetweb.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <stddef.h>

enum { SEALED_EXTRA = 45 }; /* version, key id, nonce, tag */
#define PERSON_INDEX "decode('00000000' || repeat(md5($1::uuid::text), 2), 'hex')" /* key id, HMAC */

static void make_id(char *out)
{
    unsigned char b[16];
    FILE *random = fopen("/dev/urandom", "re");
    if (!random || fread(b, 1, sizeof(b), random) != sizeof(b))
        abort();
    fclose(random);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    unsigned long long ms = (unsigned long long)now.tv_sec * 1000 + (unsigned long long)now.tv_nsec / 1000000;
    for (int i = 0; i < 6; i++)
        b[i] = (unsigned char)(ms >> (40 - 8 * i));
    snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-7%x%02x-8%x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4],
             b[5], b[6] & 15, b[7], b[8] & 15, b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static int run(PGconn *db, const char *sql, int count, const char *const *values, const int *lengths, const int *formats)
{
    PGresult *r = PQexecParams(db, sql, count, NULL, values, lengths, formats, 0);
    int good = PQresultStatus(r) == PGRES_COMMAND_OK;
    if (!good)
        fprintf(stderr, "%s", PQresultErrorMessage(r));
    PQclear(r);
    return good;
}

static int text(PGconn *db, const char *sql, int count, const char *const *values)
{
    return run(db, sql, count, values, NULL, NULL);
}

static int store(PGconn *db, const char *key, const char *body, size_t length)
{
    char application[37], kase[37], document[37], access[37], person[37], reference[12];
    static const char event[] = "{\"application_id\":\"00000000-0000-0000-0000-000000000000\",\"channel\":\"api\",\"language\":\"nb\",\"submitter_role\":\"self\",\"services\":[\"HSH\"],\"urgency\":\"none\",\"in_hospital\":false,\"has_what_matters\":true}";
    static const char answer[] = "{\"application_id\":\"00000000-0000-0000-0000-000000000000\",\"case_id\":\"00000000-0000-0000-0000-000000000000\",\"reference\":\"T-000000000\",\"received_at\":\"2026-11-24T11:08:19.675Z\",\"status_url\":\"/status/00000000-0000-0000-0000-000000000000\"}";
    make_id(application);
    make_id(kase);
    make_id(document);
    make_id(access);
    make_id(person);
    snprintf(reference, sizeof(reference), "T-%.9s", kase + 27);
    char *sealed = calloc(1, length + SEALED_EXTRA);
    memcpy(sealed, body, length);
    int good =
        text(db, "BEGIN", 0, NULL) &&
        text(db, "INSERT INTO idempotency_keys (client, key, request_hash, effect_id, answer, location, created_at) VALUES ('naive', $1, decode(repeat('00', 36), 'hex'), $2, $3, '/api/v1/applications/00000000-0000-0000-0000-000000000000', now())", 3,
             (const char *[]){ key, application, answer }) &&
        run(db, "INSERT INTO documents (id, municipality, label, sealed) VALUES ($1, '4627', 'application', $2::bytea)", 2,
            (const char *[]){ document, sealed }, (int[]){ 0, (int)(length + SEALED_EXTRA) }, (int[]){ 0, 1 }) &&
        text(db, "INSERT INTO cases (id, municipality, reference, status, last_seq, last_event_at, received_at) VALUES ($1, '4627', $2, 'RECEIVED', 1, now(), now())", 2,
             (const char *[]){ kase, reference }) &&
        text(db, "INSERT INTO applications (id, municipality, case_id, document_id, channel, language, submitter_role, services, urgency, in_hospital, has_what_matters, household, received_at) VALUES ($1, '4627', $2, $3, 'api', 'nb', 'self', '{HSH}', 'none', false, true, 'alone', now())", 3,
             (const char *[]){ application, kase, document }) &&
        text(db, "INSERT INTO persons (id, municipality, person_index, sealed, own, said_at, created_at, updated_at) VALUES ($1, '4627', " PERSON_INDEX ", decode(repeat('00', 105), 'hex'), true, now(), now(), now())", 1,
             (const char *[]){ person }) &&
        text(db, "INSERT INTO case_parties (case_id, n, municipality, person_index, parts, since) VALUES ($2, 1, '4627', " PERSON_INDEX ", '{submitter,applicant,recipient}', now())", 2,
             (const char *[]){ person, kase }) &&
        text(db, "INSERT INTO events (case_id, case_seq, municipality, type, source, data, occurred_at, traceparent) VALUES ($1, 1, '4627', 'no.tillit.application.received.v1', 'tillit/api', $2, now(), '00-00000000000000000000000000000001-0000000000000001-01')", 2,
             (const char *[]){ kase, event }) &&
        text(db, "INSERT INTO unsent (case_id, case_seq) VALUES ($1, 1)", 1, (const char *[]){ kase }) &&
        text(db, "INSERT INTO access_log (id, municipality, at, kind, who, what, act, case_id, request_id, mac, name) VALUES ($1, '4627', now(), 'system', '0192:310123455', 'application', 'write', $2, $3, decode(repeat('00', 36), 'hex'), 'Et prøvesystem')", 3,
             (const char *[]){ access, kase, document }) &&
        text(db, "INSERT INTO access_unchained (municipality, access_id) VALUES ('4627', $1)", 1, (const char *[]){ access }) &&
        text(db, "COMMIT", 0, NULL);
    free(sealed);
    return good;
}

static int handle(struct mg_connection *connection)
{
    const struct mg_request_info *info = mg_get_request_info(connection);
    PGconn *db = mg_get_thread_pointer(connection);
    const char *key = mg_get_header(connection, "Idempotency-Key");
    size_t length = info->content_length > 0 ? (size_t)info->content_length : 0, have = 0;
    char *body = calloc(1, length + 1);
    for (int got; have < length && (got = mg_read(connection, body + have, length - have)) > 0;)
        have += (size_t)got;
    int good = key && have == length && store(db, key, body, length);
    free(body);
    if (!good)
        text(db, "ROLLBACK", 0, NULL);
    mg_printf(connection, "HTTP/1.1 %s\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
              good ? "201 Created" : "500 Error");
    return 201;
}

static void *connect_thread(const struct mg_context *context, int kind)
{
    return kind == 1 ? PQconnectdb(mg_get_user_data(context)) : NULL;
}

static void close_thread(const struct mg_context *context, int kind, void *db)
{
    (void)context;
    if (kind == 1)
        PQfinish(db);
}

int main(int argc, char **argv)
{
    sigset_t stop;
    int number;
    if (argc != 3)
        return 2;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    const char *settings[] = { "listening_ports", argv[2], "num_threads", "64", "enable_keep_alive", "no",
                               "connection_queue", "256", "listen_backlog", "1024", NULL };
    struct mg_callbacks callbacks = { .begin_request = handle, .init_thread = connect_thread, .exit_thread = close_thread };
    struct mg_context *server = mg_start(&callbacks, argv[1], settings);
    if (!server)
        return 1;
    sigwait(&stop, &number);
    mg_stop(server);
    return 0;
}
